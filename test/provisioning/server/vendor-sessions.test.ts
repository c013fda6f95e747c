import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { connect as connectPlain } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { connect } from 'node:tls';
import { describe, it } from 'mocha';
import { certificate, type FileHouse, openFileHouse, type Pair } from './house.ts';

describe('a TLS session that began under a vendor’s authority', function () {
  this.timeout(60_000);
  it('is taken up again while that is trusted, and no more when it is not', async () => {
    const house = await openFileHouse();
    try {
      const device = await house.device('SIP-T46S', '0015650e5510');
      const own = await certificate('0015650e5510', house.authority);
      const path = '/0015650e5510.cfg';
      const versions = ['TLSv1.2', 'TLSv1.3'] as const;
      for (const version of versions) {
        const first = await over(house, path, { ...own, version });
        assert.deepEqual([first.status, first.resumed], [200, false], version);
        const again = await over(house, path, { ...own, version, session: first.session });
        assert.deepEqual([again.status, again.resumed], [200, true], version);
      }
      assert.equal((await house.provisioning.states.get(device.id))?.provenBy, 'certificate');
      const sessions = [];
      for (const version of versions)
        sessions.push({ version, session: (await over(house, path, { ...own, version })).session });
      rmSync(join(house.provisioning.authorities, 'vendor.pem'));
      // Another is trusted, so that certificates are still asked for.
      const other = await certificate('Other CA');
      writeFileSync(join(house.provisioning.authorities, 'other.pem'), other.cert);
      while ((await over(house, path, { ...own, version: 'TLSv1.3' })).status === 200) await pause(50);
      for (const one of sessions) {
        const late = await over(house, path, { ...own, ...one });
        assert.deepEqual([late.status, late.resumed], [404, false], one.version);
      }
    } finally {
      await house.close();
    }
  });
});

/** One request over a TLS connection of its own, with what there is to tell of the connection. */
async function over(
  { server }: FileHouse,
  path: string,
  how: Pair & { version: 'TLSv1.2' | 'TLSv1.3'; session?: Buffer | undefined },
): Promise<{ status: number; resumed: boolean; session: Buffer | undefined }> {
  const { cert, key, session: before, version } = how;
  const socket = connect({
    cert,
    key,
    ...(before === undefined ? {} : { session: before }),
    socket: connectPlain({ port: server.ports.https, host: '127.0.0.1' }),
    rejectUnauthorized: false,
    minVersion: version,
    maxVersion: version,
  });
  let [heard, resumed, session]: [string, boolean, Buffer | undefined] = ['', false, undefined];
  socket.on('session', (given: Buffer) => {
    session = given;
  });
  socket.once('secureConnect', () => {
    resumed = socket.isSessionReused();
    socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
  });
  await new Promise<void>((resolve, reject) => {
    socket.on('data', (data: Buffer) => {
      heard += data.toString('latin1');
    });
    socket.on('error', reject);
    socket.on('close', () => resolve());
  });
  return { status: Number(/^HTTP\/1\.1 (\d{3})/.exec(heard)?.[1] ?? 0), resumed, session };
}
