import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import busboy from 'busboy';
import type { Context } from 'koa';
import { Fault } from '../../platform/fault.ts';
import { plainName } from './content-type.ts';

/** What arrived. */
export interface Received {
  /** As the sender named it, without a path. */
  name: string;
  bytes: number;
  sha256: string;
  /** Its first 64 KiB. */
  head: Buffer;
}

const headBytes = 64 * 1024;

/**
 * Takes the one file of a `multipart/form-data` body (RFC 7578), written to `path` as it comes: never whole in memory.
 * The caller removes what is there when it fails.
 * @throws Fault `upload.…`, `body-too-large`.
 */
export function receiveUpload(context: Context, path: string, mostBytes: number): Promise<Received> {
  if (!context.is('multipart')) throw new Fault('invalid', 'upload.not-multipart');
  let parser: ReturnType<typeof busboy>;
  try {
    parser = busboy({
      headers: context.req.headers,
      defParamCharset: 'utf8',
      limits: { files: 1, fields: 5, fileSize: mostBytes, parts: 10, headerPairs: 50 },
    });
  } catch {
    throw new Fault('invalid', 'upload.not-multipart');
  }
  return new Promise((resolve, reject) => {
    let taken: Promise<Received> | undefined;
    const fail = (error: unknown): void => {
      context.req.unpipe(parser);
      context.req.resume();
      reject(error);
    };
    parser.on('file', (_field, stream, { filename }) => {
      const name = plainName(filename ?? '');
      const hash = createHash('sha256');
      const heads: Buffer[] = [];
      let bytes = 0;
      const counted = new Transform({
        transform(chunk: Buffer, _encoding, done) {
          if (bytes < headBytes) heads.push(chunk);
          bytes += chunk.length;
          hash.update(chunk);
          done(null, chunk);
        },
      });
      taken = pipeline(stream, counted, createWriteStream(path, { mode: 0o640 })).then(() => {
        if (stream.truncated === true) throw new Fault('invalid', 'body-too-large');
        return { name, bytes, sha256: hash.digest('hex'), head: Buffer.concat(heads) };
      });
      taken.catch(fail);
    });
    parser.on('error', () => fail(new Fault('invalid', 'upload.broken')));
    parser.on('close', () => {
      if (taken === undefined) fail(new Fault('invalid', 'upload.no-file', { field: 'file' }));
      else taken.then(resolve, fail);
    });
    context.req.on('aborted', () => fail(new Fault('invalid', 'upload.broken')));
    context.req.pipe(parser);
  });
}
