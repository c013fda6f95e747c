import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import yauzl from 'yauzl';

/** The files of a ZIP archive, one after the other; each is read, or passed over, before the next. */
export async function* entriesOf(file: string): AsyncGenerator<{ name: string; open: () => Promise<Readable> }> {
  const openZip = promisify<string, yauzl.Options, yauzl.ZipFile>(yauzl.open);
  const zip = await openZip(file, { lazyEntries: true, autoClose: false });
  try {
    const next = (): Promise<yauzl.Entry | undefined> =>
      new Promise((resolve, reject) => {
        const done = (act: () => void): void => {
          zip.removeAllListeners('entry');
          zip.removeAllListeners('end');
          zip.removeAllListeners('error');
          act();
        };
        zip.once('entry', (entry: yauzl.Entry) => done(() => resolve(entry)));
        zip.once('end', () => done(() => resolve(undefined)));
        zip.once('error', (error: Error) => done(() => reject(error)));
        zip.readEntry();
      });
    for (let entry = await next(); entry !== undefined; entry = await next()) {
      const present = entry;
      yield {
        name: present.fileName,
        open: () =>
          new Promise((resolve, reject) => {
            zip.openReadStream(present, (error, stream) =>
              error === null || error === undefined ? resolve(stream) : reject(error),
            );
          }),
      };
    }
  } finally {
    zip.close();
  }
}
