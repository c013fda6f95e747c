import { createHash, X509Certificate } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorText } from '../../platform/error-text.ts';
import type { Logger } from '../../platform/log.ts';

/** How often the folder is looked at, ms. Watching misses changes on network and container file systems. */
const lookEveryMs = 2_000;
const certificatePattern = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

/** The folder of PEM and DER files of the authorities that vouch for vendors' device certificates, as it is now. */
export class VendorAuthorities {
  private readonly folder: string;
  private readonly logger: Logger;
  private seen = '';
  private held: string[] = [];
  private timer: NodeJS.Timeout | undefined;

  constructor(folder: string, logger: Logger) {
    this.folder = folder;
    this.logger = logger;
  }

  /** The certificates, PEM, one each; empty when nobody is vouched for. */
  get certificates(): readonly string[] {
    return this.held;
  }

  /** Reads the folder; `true` when other certificates are in it than before. What is no certificate is left out and told. */
  async look(): Promise<boolean> {
    const names = await readdir(this.folder).catch(() => []);
    const files = await Promise.all(
      names
        .filter((name) => /\.(pem|crt|cer|der)$/i.test(name))
        .sort()
        .map(async (name) => ({ name, text: await readFile(join(this.folder, name), 'latin1').catch(() => '') })),
    );
    const hash = createHash('sha256');
    for (const { name, text } of files) hash.update(`${name}\0${text}\0`);
    const now = hash.digest('hex');
    if (now === this.seen) return false;
    this.seen = now;
    const found = files.flatMap(({ name, text }) => this.read(name, text));
    const changed = found.join() !== this.held.join();
    this.held = found;
    return changed;
  }

  /** Looks again and again until closed; `onChange` is called after each change. */
  watch(onChange: () => Promise<void>, everyMs = lookEveryMs): void {
    let looking = false;
    this.timer = setInterval(() => {
      if (looking) return;
      looking = true;
      this.look()
        .then((changed) => (changed ? onChange() : undefined))
        .catch((error: unknown) => this.logger.error({ err: error }, "the vendors' authorities could not be read"))
        .finally(() => {
          looking = false;
        });
    }, everyMs);
    this.timer.unref();
  }

  close(): void {
    clearInterval(this.timer);
  }

  private read(name: string, text: string): string[] {
    const blocks: (string | Buffer)[] = text.match(certificatePattern) ?? [];
    // DER, as some makers hand it out: one sequence (X.690, clause 8.9) that is the file.
    if (blocks.length === 0 && text.startsWith('\x30\x82')) blocks.push(Buffer.from(text, 'latin1'));
    if (blocks.length === 0)
      this.logger.warn(
        { file: name },
        "a file of the vendors' authorities is no certificate, PEM or DER; it is not used",
      );
    return blocks.flatMap((block) => {
      try {
        return [new X509Certificate(block).toString()];
      } catch (error) {
        this.logger.warn(
          { file: name, reason: errorText(error) },
          "a certificate of the vendors' authorities is broken; it is not used",
        );
        return [];
      }
    });
  }
}
