/* What a device asks for, read from the path of its request. Pure. */

/**
 * The three ways in: `key`: the device's key stands in the path (`/p/KEY/…`); `password`: the device is asked for user
 * and password (`/a/…`); `open`: it brings nothing but its certificate, or the MAC address in the file's name.
 */
export interface Asked {
  way: 'key' | 'password' | 'open';
  key?: string;
  /** Path of the file, as the vendor has it: `001565aabbcc.cfg`, `firmware/T46S.rom`. */
  file: string;
  /** The MAC address that the path names: 12 lower-case hexadecimal digits. */
  mac?: string;
}

const longestPath = 300;
const keyPattern = /^[\w-]{20,64}$/;
const macPattern = /(?<![0-9a-z])(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}(?![0-9a-z])|[0-9a-f]{12}(?![0-9a-f])/gi;

/** Reads a request's target (RFC 9112, clause 3.2); `undefined` for what no device sends: climbing out, odd bytes, length. */
export function readAsked(target: string): Asked | undefined {
  if (target.length > longestPath || !target.startsWith('/')) return undefined;
  let path: string;
  try {
    path = decodeURIComponent(target.split(/[?#]/)[0] ?? '');
  } catch {
    return undefined;
  }
  // Printable ASCII, no backslash; a second layer of encoding would begin with a per cent sign.
  if (!/^[ -$&-[\]-~]+$/.test(path)) return undefined;
  // Vendors put slashes together carelessly (`//` after a folder that ends in one).
  const [first = '', ...rest] = path.split('/').filter((part) => part !== '');
  if ([first, ...rest].some((part) => /^\.+$/.test(part))) return undefined;
  if (first === 'p') {
    const [key = '', ...parts] = rest;
    return keyPattern.test(key) && parts.length > 0 ? { way: 'key', key, ...fileOf(parts) } : undefined;
  }
  if (first === 'a') return rest.length > 0 ? { way: 'password', ...fileOf(rest) } : undefined;
  return first === '' ? undefined : { way: 'open', ...fileOf([first, ...rest]) };
}

function fileOf(parts: string[]): Pick<Asked, 'file' | 'mac'> {
  const file = parts.join('/');
  const mac = macOf(file);
  return mac === undefined ? { file } : { file, mac };
}

/**
 * The one MAC address in a file's path; two different ones are none. What begins with eight zeros stands for all devices of
 * a vendor, or of one of its models (`000000000000.cfg`, `y000000000066.cfg`).
 */
export function macOf(text: string): string | undefined {
  const found = new Set((text.match(macPattern) ?? []).map((one) => one.replace(/[:-]/g, '').toLowerCase()));
  const own = [...found].filter((mac) => !mac.startsWith('00000000'));
  return own.length === 1 ? own[0] : undefined;
}
