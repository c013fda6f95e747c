import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { certificateDesk } from '../../launcher/certificate.ts';

/** A certificate for a name or address, and its key, PEM. */
export async function makePair(host: string): Promise<{ cert: string; key: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'diemcau-pair-'));
  try {
    await certificateDesk(folder, host, async () => {}).renew();
    const read = (name: string) => readFileSync(join(folder, 'keys', name), 'utf8');
    return { cert: read('tls.cert.pem'), key: read('tls.key.pem') };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
