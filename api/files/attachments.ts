import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Context } from 'koa';
import { Fault } from '../../platform/fault.ts';
import type { IdSource } from '../../platform/ids.ts';
import type { Attachment } from '../../store/schema/attachment.ts';
import type { Store } from '../../store/store.ts';
import { mediaTypeOf } from './content-type.ts';
import { receiveUpload } from './receive.ts';

export interface UploadLimits {
  /** Of one file. */
  bytes: number;
  /** Of one case or session. */
  files: number;
}

/** Files of cases and sessions: bytes below `DATA_DIR/files`, named by their identifier; the rest in the store. */
export class Attachments {
  private readonly store: Store;
  private readonly folder: string;
  private readonly ids: IdSource;
  private readonly limits: UploadLimits;

  constructor(parts: { store: Store; ids: IdSource; config: { dataDir: string; uploadMaxMb: number } }) {
    this.store = parts.store;
    this.ids = parts.ids;
    this.folder = join(parts.config.dataDir, 'files');
    this.limits = { bytes: parts.config.uploadMaxMb * 1024 * 1024, files: 200 };
  }

  /** @throws Fault not-found. */
  async found(id: string): Promise<Attachment> {
    const one = await this.store.attachments.get(id);
    if (one === undefined) throw new Fault('not-found', 'not-found');
    return one;
  }

  list(owner: Attachment['owner']): Promise<Attachment[]> {
    return this.store.attachments.find({ 'owner.kind': owner.kind, 'owner.id': owner.id }, { sort: { createdAt: 1 } });
  }

  /**
   * Takes the one file of a `multipart/form-data` body (RFC 7578), written as it comes: never whole in memory. Kept only
   * when it is whole, of a kind that is taken, and not too large.
   * @throws Fault `upload.…`, `body-too-large`.
   */
  async take(context: Context, owner: Attachment['owner'], by: string): Promise<Attachment> {
    const filter = { 'owner.kind': owner.kind, 'owner.id': owner.id };
    if ((await this.store.attachments.count(filter)) >= this.limits.files) {
      throw new Fault('conflict', 'upload.too-many', { values: { most: this.limits.files } });
    }
    const id = this.ids();
    await mkdir(this.folder, { recursive: true, mode: 0o750 });
    const waiting = this.pathOf(`${id}.part`);
    try {
      const { name, bytes, sha256, head } = await receiveUpload(context, waiting, this.limits.bytes);
      const mediaType = await mediaTypeOf(waiting, head, name);
      if (mediaType === undefined) throw new Fault('invalid', 'upload.kind', { field: 'file', values: { name } });
      const written = await open(waiting, 'r');
      await written.sync().finally(() => written.close());
      await rename(waiting, this.pathOf(id));
      return await this.store.attachments.insert({ id, owner, name, mediaType, bytes, sha256, uploadedBy: by });
    } finally {
      await rm(waiting, { force: true });
    }
  }

  /** Where a file lies, if it does with the size it had. */
  async pathOfKept(one: Attachment): Promise<string | undefined> {
    const there = await stat(this.pathOf(one.id)).catch(() => undefined);
    return there?.isFile() === true && there.size === one.bytes ? this.pathOf(one.id) : undefined;
  }

  async remove(one: Attachment): Promise<void> {
    await this.store.attachments.remove(one.id);
    await rm(this.pathOf(one.id), { force: true });
  }

  private pathOf(name: string): string {
    return join(this.folder, name);
  }
}

/** Answers with a kept file: always a download, never something that a browser opens as a page of ours. */
export async function sendAttachment(context: Context, path: string, one: Attachment): Promise<void> {
  const plain = one.name.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  context.set({
    'Content-Disposition': `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(one.name).replace(/['()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`)}`,
    'Content-Security-Policy': "default-src 'none'; sandbox",
    ETag: `"${one.sha256}"`,
  });
  context.type = one.mediaType;
  context.length = one.bytes;
  context.body = context.method === 'HEAD' ? undefined : createReadStream(path);
  context.length = one.bytes;
}
