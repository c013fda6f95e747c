import { readFileSync } from 'node:fs';
import { readCapture } from '../../../../tools/capture/file.ts';

/** RAS datagrams of a capture over loopback (Ethernet, IPv4, UDP), in order. */
export function rasOf(name: string): { frame: number; source: string; bytes: Uint8Array }[] {
  return [...readCapture(readFileSync(`fixtures/h323/${name}.pcap`))].flatMap(({ data, frame }) => {
    const ip = data.subarray(14);
    const header = (ip[0]! & 0x0f) * 4;
    if (ip[9] !== 17) return [];
    const udp = ip.subarray(header);
    const ports = [(udp[0]! << 8) | udp[1]!, (udp[2]! << 8) | udp[3]!];
    if (!ports.some((port) => port === 1719 || port === 1718)) return [];
    const length = (udp[4]! << 8) | udp[5]!;
    return [{ frame, source: ip.subarray(12, 16).join('.'), bytes: Uint8Array.from(udp.subarray(8, length)) }];
  });
}
