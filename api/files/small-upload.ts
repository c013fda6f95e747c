import busboy from 'busboy';
import type { Context } from 'koa';
import { Fault } from '../../platform/fault.ts';

/**
 * Takes the one file of a `multipart/form-data` body (RFC 7578) whole into memory: for what is read and not kept.
 * @throws Fault `upload.…`, `body-too-large`.
 */
export function takeSmallUpload(context: Context, mostBytes: number): Promise<Buffer> {
  if (!context.is('multipart')) throw new Fault('invalid', 'upload.not-multipart');
  let parser: ReturnType<typeof busboy>;
  try {
    parser = busboy({
      headers: context.req.headers,
      limits: { files: 1, fields: 5, fileSize: mostBytes, parts: 10, headerPairs: 50 },
    });
  } catch {
    throw new Fault('invalid', 'upload.not-multipart');
  }
  return new Promise((resolve, reject) => {
    let content: Buffer | undefined;
    const fail = (code: string): void => {
      context.req.unpipe(parser);
      context.req.resume();
      reject(new Fault('invalid', code, { field: 'file' }));
    };
    parser.on('file', (_field, stream) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('limit', () => fail('body-too-large'));
      stream.on('end', () => {
        content = Buffer.concat(chunks);
      });
    });
    parser.on('error', () => fail('upload.broken'));
    parser.on('close', () => (content === undefined ? fail('upload.no-file') : resolve(content)));
    context.req.on('aborted', () => fail('upload.broken'));
    context.req.pipe(parser);
  });
}
