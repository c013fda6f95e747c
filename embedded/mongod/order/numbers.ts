import type { Decimal128, Long } from 'bson';

/*
 * One order over int32, int64, double and decimal128: the nearest double, then what is left over. Rounding to the
 * nearest double never swaps two numbers, so the double decides, and the exact remainder decides between numbers that
 * share one.
 */

const exact = Buffer.from([0x80]);

function doubleBytes(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  // NaN sorts below every number: eight zero bytes.
  if (Number.isNaN(value)) return bytes;
  bytes.writeDoubleBE(value === 0 ? 0 : value);
  if ((bytes[0]! & 0x80) === 0) bytes[0]! |= 0x80;
  else for (let i = 0; i < 8; i++) bytes[i] = ~bytes[i]! & 0xff;
  return bytes;
}

/** `digits` × 10^`exponent`; bytes that sort as the value does. Zero is the single byte 0x80. */
function remainderBytes(digits: bigint, exponent: number): Buffer {
  if (digits === 0n) return exact;
  const negative = digits < 0n;
  const text = (negative ? -digits : digits).toString();
  const significant = text.replace(/0+$/, '');
  const magnitude = Buffer.alloc(2 + significant.length + 1);
  magnitude.writeUInt16BE(text.length + exponent + 0x8000);
  magnitude.write(significant, 2, 'latin1');
  if (negative) for (let i = 0; i < magnitude.length; i++) magnitude[i] = ~magnitude[i]! & 0xff;
  return Buffer.concat([Buffer.from([negative ? 0x7f : 0x81]), magnitude]);
}

/** A finite double as an exact decimal: `digits` × 10^`exponent`. */
function decimalOf(value: number): { digits: bigint; exponent: number } {
  if (value === 0) return { digits: 0n, exponent: 0 };
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const biased = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xfffffffffffffn;
  const mantissa = biased === 0 ? fraction : fraction | (1n << 52n);
  const signed = bits >> 63n === 1n ? -mantissa : mantissa;
  const power = (biased === 0 ? 1 : biased) - 1075;
  if (power >= 0) return { digits: signed << BigInt(power), exponent: 0 };
  return { digits: signed * 5n ** BigInt(-power), exponent: power };
}

export function encodeDouble(value: number): Buffer {
  return Buffer.concat([doubleBytes(value), exact]);
}

export function encodeLong(value: Long): Buffer {
  const integer = value.toBigInt();
  const nearest = Number(integer);
  return Buffer.concat([doubleBytes(nearest), remainderBytes(integer - BigInt(nearest), 0)]);
}

export function encodeDecimal(value: Decimal128): Buffer {
  const text = value.toString();
  if (text === 'NaN') return encodeDouble(Number.NaN);
  if (text.endsWith('Infinity')) return encodeDouble(text.startsWith('-') ? -Infinity : Infinity);
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:E([+-]?\d+))?$/.exec(text);
  if (match === null) throw new Error(`unreadable decimal ${text}`);
  const [, sign, whole, fraction = '', power = '0'] = match;
  const digits = BigInt(`${sign}${whole}${fraction}`);
  const exponent = Number(power) - fraction.length;
  let nearest = Number(text);
  // Beyond the doubles a decimal still sorts below infinity: above the largest double, by its remainder.
  if (!Number.isFinite(nearest)) nearest = nearest > 0 ? Number.MAX_VALUE : -Number.MAX_VALUE;
  const double = decimalOf(nearest);
  const scale = Math.min(exponent, double.exponent);
  const left = digits * 10n ** BigInt(exponent - scale) - double.digits * 10n ** BigInt(double.exponent - scale);
  return Buffer.concat([doubleBytes(nearest), remainderBytes(left, scale)]);
}
