/* DHCP messages (RFC 2131) and their options (RFC 2132), as far as one who only asks needs them. Pure; bounds-checked. */

export const clientPort = 68;
export const serverPort = 67;

const bootRequest = 1;
const bootReply = 2;
const fixedLength = 236;
const magic = 0x63825363;
/** `options` may also go on in the fields of file and server name (option 52). */
const overload = 52;
const end = 255;
const pad = 0;

export const messageTypes = { discover: 1, offer: 2, ack: 5, inform: 8 } as const;

/** Options that a device asks for when it looks for its configuration, its clock and its name. */
export const askedFor = [1, 2, 3, 6, 15, 42, 43, 66, 67, 100, 101, 120, 125, 150, 159, 160] as const;

export interface Question {
  type: 'discover' | 'inform';
  /** 32 bits, chosen by who asks; the answer has the same. */
  transaction: number;
  /** Six octets. */
  hardware: Uint8Array;
  /** INFORM: the address that the asker has. */
  address?: string;
  /** What the asker says that it is (option 60). */
  vendorClass?: string;
}

/** Writes a question; 300 octets at least, as old servers and relays want it (RFC 1542, 2.1). */
export function writeQuestion({ address, hardware, transaction, type, vendorClass }: Question): Buffer {
  const fixed = Buffer.alloc(fixedLength);
  fixed[0] = bootRequest;
  fixed[1] = 1;
  fixed[2] = 6;
  fixed.writeUInt32BE(transaction >>> 0, 4);
  // A device without an address cannot be answered but by broadcast.
  if (type === 'discover') fixed.writeUInt16BE(0x8000, 10);
  if (address !== undefined) fixed.set(octets(address), 12);
  fixed.set(hardware.subarray(0, 6), 28);
  const option = (code: number, value: Uint8Array): Buffer => Buffer.concat([Buffer.from([code, value.length]), value]);
  const vendor = Buffer.from(vendorClass ?? '', 'latin1').subarray(0, 255);
  const options = Buffer.concat([
    Buffer.from([0x63, 0x82, 0x53, 0x63]),
    option(53, Uint8Array.of(messageTypes[type])),
    option(61, Uint8Array.of(1, ...hardware.subarray(0, 6))),
    ...(vendor.length === 0 ? [] : [option(60, vendor)]),
    option(55, Uint8Array.from(askedFor)),
    option(57, Uint8Array.of(0x05, 0xdc)),
    Buffer.of(end),
  ]);
  const whole = Buffer.concat([fixed, options]);
  return whole.length >= 300 ? whole : Buffer.concat([whole, Buffer.alloc(300 - whole.length)]);
}

/** A server's answer. */
export interface Answer {
  transaction: number;
  /** Value of option 53. */
  type: number;
  /** Address that it would give. */
  offered: string;
  options: Map<number, Buffer>;
}

/** Reads a server's answer; `undefined` when it is none, or is cut. */
export function readAnswer(bytes: Uint8Array): Answer | undefined {
  const packet = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (packet.length < fixedLength + 4 || packet[0] !== bootReply) return undefined;
  if (packet.readUInt32BE(fixedLength) !== magic) return undefined;
  const options = new Map<number, Buffer>();
  if (!collect(packet.subarray(fixedLength + 4), options)) return undefined;
  const more = options.get(overload)?.[0] ?? 0;
  // RFC 2131, 4.1: first the file's field, then the name's.
  if ((more & 1) !== 0 && !collect(packet.subarray(108, 236), options)) return undefined;
  if ((more & 2) !== 0 && !collect(packet.subarray(44, 108), options)) return undefined;
  if ((more & 2) === 0) fallBack(options, 66, packet.subarray(44, 108));
  if ((more & 1) === 0) fallBack(options, 67, packet.subarray(108, 236));
  const type = options.get(53);
  if (type?.length !== 1) return undefined;
  return {
    transaction: packet.readUInt32BE(4),
    type: type[0] ?? 0,
    offered: [...packet.subarray(16, 20)].join('.'),
    options,
  };
}

/** Collects options; the parts of one that came in several are put together (RFC 3396). */
function collect(field: Buffer, into: Map<number, Buffer>): boolean {
  let at = 0;
  while (at < field.length) {
    const code = field[at++] ?? end;
    if (code === pad) continue;
    if (code === end) return true;
    const length = field[at++];
    if (length === undefined || at + length > field.length) return false;
    const value = field.subarray(at, at + length);
    const before = into.get(code);
    into.set(code, before === undefined ? Buffer.from(value) : Buffer.concat([before, value]));
    at += length;
  }
  return true;
}

/** BOOTP's own fields mean what options 66 and 67 mean where those are absent. */
function fallBack(options: Map<number, Buffer>, code: number, field: Buffer): void {
  const length = field.indexOf(0);
  const value = field.subarray(0, length < 0 ? field.length : length);
  if (value.length > 0 && !options.has(code)) options.set(code, Buffer.from(value));
}

/** IPv4 addresses in a row; what is left over is dropped. */
export function addresses(value: Uint8Array | undefined): string[] {
  const list: string[] = [];
  for (let at = 0; at + 4 <= (value?.length ?? 0); at += 4) list.push([...value!.subarray(at, at + 4)].join('.'));
  return list;
}

/** Text, without the NUL that some servers end it with; `undefined` when it holds anything but text. */
export function text(value: Uint8Array | undefined): string | undefined {
  if (value === undefined) return undefined;
  const plain = Buffer.from(value).toString('utf8').replace(/\0+$/, '');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused.
  return plain === '' || /[\u0000-\u001f\u007f\ufffd]/.test(plain) ? undefined : plain;
}

/** Sub-options of option 43 (RFC 2132, 8.4); `undefined` when it holds no such list. */
export function subOptions(value: Uint8Array): { code: number; value: Buffer }[] | undefined {
  const list: { code: number; value: Buffer }[] = [];
  let at = 0;
  while (at < value.length) {
    const code = value[at++] ?? end;
    if (code === pad) continue;
    if (code === end) break;
    const length = value[at++];
    if (length === undefined || at + length > value.length) return undefined;
    list.push({ code, value: Buffer.from(value.subarray(at, at + length)) });
    at += length;
  }
  return list.length === 0 ? undefined : list;
}

const octets = (address: string): number[] => address.split('.').map(Number);
