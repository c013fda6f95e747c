import { createHash } from 'node:crypto';
import { Transform } from 'node:stream';

/** A stream that lets everything through and, at its end, tells how much it was (bytes) and its SHA-256 (lower-case hexadecimal). */
export function measuredStream(told: (measured: { bytes: number; sha256: string }) => void): Transform {
  const hash = createHash('sha256');
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      hash.update(chunk);
      done(null, chunk);
    },
    flush(done) {
      told({ bytes, sha256: hash.digest('hex') });
      done();
    },
  });
}
