import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What tshark finds wrong with RAS datagrams: nothing, when they are well-formed. */
export function faultsOf(datagrams: readonly Uint8Array[]): string[] {
  const header = Buffer.alloc(24);
  header.writeUInt32LE(0xa1b2c3d4, 0);
  header.writeUInt16LE(2, 4);
  header.writeUInt16LE(4, 6);
  header.writeUInt32LE(0x40000, 16);
  header.writeUInt32LE(101, 20);
  const packets = datagrams.map((bytes) => {
    const length = 28 + bytes.length;
    const frame = Buffer.alloc(16 + 28);
    frame.writeUInt32LE(length, 8);
    frame.writeUInt32LE(length, 12);
    frame.set([0x45, 0, length >> 8, length & 0xff, 0, 0, 0, 0, 64, 17, 0, 0, 127, 0, 0, 1, 127, 0, 0, 2], 16);
    frame.writeUInt16BE(1719, 36);
    frame.writeUInt16BE(1719, 38);
    frame.writeUInt16BE(bytes.length + 8, 40);
    return Buffer.concat([frame, bytes]);
  });
  const folder = mkdtempSync(join(tmpdir(), 'diemcau-ras-'));
  try {
    const file = join(folder, 'ras.pcap');
    writeFileSync(file, Buffer.concat([header, ...packets]));
    const run = (...args: string[]): string[] => {
      const done = spawnSync('tshark', ['-n', '-r', file, ...args], { encoding: 'utf8' });
      if (done.status !== 0) throw new Error(done.stderr);
      return done.stdout.split('\n').filter((line) => line !== '');
    };
    const read = run('-Y', 'h225.RasMessage').length;
    const faults = run('-Y', '_ws.malformed or _ws.expert.severity >= 6291456');
    return read === datagrams.length ? faults : [...faults, `${datagrams.length - read} not read as RAS`];
  } finally {
    rmSync(folder, { recursive: true });
  }
}
