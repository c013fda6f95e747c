/*
 * ITU-T G.722 at 64 kbit/s: 16 kHz sound in two bands, each coded by ADPCM. Names of blocks, tables and variables are the
 * Recommendation's (clauses 3 to 6). All state of a coder lies in one typed array, so that it can be handed on.
 */

/** Quantizer of the lower band: decision levels, and codes of negative and positive differences (tables 14, 15). */
const Q6 = [
  0, 35, 72, 110, 150, 190, 233, 276, 323, 370, 422, 473, 530, 587, 650, 714, 786, 858, 940, 1023, 1121, 1219, 1339,
  1458, 1612, 1765, 1980, 2195, 2557, 2919,
];
const ILN = [
  0, 63, 62, 31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4,
];
const ILP = [
  0, 61, 60, 59, 58, 57, 56, 55, 54, 53, 52, 51, 50, 49, 48, 47, 46, 45, 44, 43, 42, 41, 40, 39, 38, 37, 36, 35, 34, 33,
  32,
];
/** Inverse quantizers: 6 and 4 bits of the lower band, 2 bits of the higher (tables 16 to 18). */
const QM6 = Int32Array.of(
  ...[-136, -136, -136, -136, -24808, -21904, -19008, -16704, -14984, -13512, -12280, -11192, -10232, -9360, -8576],
  ...[-7856, -7192, -6576, -6000, -5456, -4944, -4464, -4008, -3576, -3168, -2776, -2400, -2032, -1688, -1360, -1040],
  ...[-728, 24808, 21904, 19008, 16704, 14984, 13512, 12280, 11192, 10232, 9360, 8576, 7856, 7192, 6576, 6000, 5456],
  ...[4944, 4464, 4008, 3576, 3168, 2776, 2400, 2032, 1688, 1360, 1040, 728, 432, 136, -432, -136],
);
const QM4 = Int32Array.of(
  ...[0, -20456, -12896, -8968, -6288, -4240, -2584, -1200],
  ...[20456, 12896, 8968, 6288, 4240, 2584, 1200, 0],
);
const QM2 = Int32Array.of(-7408, -1616, 7408, 1616);
/** Adaptation of the quantizers' step size (tables 19 to 21), already looked up through the codes. */
const WL = [-60, -30, 58, 172, 334, 538, 1198, 3042];
const RL42 = [0, 7, 6, 5, 4, 3, 2, 1, 7, 6, 5, 4, 3, 2, 1, 0];
const WL4 = Int32Array.from(RL42, (place) => WL[place]!);
const WH2 = Int32Array.of(798, -214, 798, -214);
const ILB = Int32Array.from({ length: 32 }, (_, place) => Math.round(2048 * 2 ** (place / 32)));
/** Coefficients of the quadrature mirror filters (table 11), one half: they are symmetrical. */
const QMF = Int32Array.of(3, -11, 12, 32, -210, 951, 3876, -805, 362, -156, 53, -11);

/** Places in a band's state. */
const NB = 0;
const DET = 1;
const S = 2;
const SP = 3;
const SZ = 4;
const R1 = 5;
const R2 = 6;
const P1 = 7;
const P2 = 8;
const A1 = 9;
const A2 = 10;
const B = 11;
const D = 17;
const bandSize = 23;
const highBand = bandSize;
const filterAt = 2 * bandSize;

const saturate = (value: number): number => (value > 32767 ? 32767 : Math.max(value, -32768));

function freshState(): Int32Array {
  const state = new Int32Array(filterAt + 24);
  state[DET] = 32;
  state[highBand + DET] = 8;
  return state;
}

/** Block 4: the predictor takes the quantized difference `d` and foretells the next sample (clause 6.2.1.4). */
function adapt(state: Int32Array, band: number, d: number): void {
  const r = saturate(state[band + S]! + d);
  const p = saturate(state[band + SZ]! + d);
  const a1 = state[band + A1]!;
  const same1 = p >> 15 === state[band + P1]! >> 15;
  const same2 = p >> 15 === state[band + P2]! >> 15;
  // UPPOL2
  const four = saturate(a1 << 2);
  let turn = same1 ? -four : four;
  if (turn > 32767) turn = 32767;
  let a2 = (same2 ? 128 : -128) + (turn >> 7) + ((state[band + A2]! * 32512) >> 15);
  a2 = a2 > 12288 ? 12288 : Math.max(a2, -12288);
  // UPPOL1
  let next1 = saturate((same1 ? 192 : -192) + ((a1 * 32640) >> 15));
  const limit = saturate(15360 - a2);
  next1 = next1 > limit ? limit : Math.max(next1, -limit);
  // UPZERO, DELAYA and FILTEZ in one pass
  const step = d === 0 ? 0 : 128;
  const sign = d >> 15;
  let sz = 0;
  let before = d;
  for (let place = 0; place < 6; place++) {
    const old = state[band + D + place]!;
    const b = saturate((old >> 15 === sign ? step : -step) + ((state[band + B + place]! * 32640) >> 15));
    state[band + B + place] = b;
    state[band + D + place] = before;
    sz += (b * saturate(before + before)) >> 15;
    before = old;
  }
  // FILTEP
  const r1 = state[band + R1]!;
  const sp = saturate(((next1 * saturate(r + r)) >> 15) + ((a2 * saturate(r1 + r1)) >> 15));
  sz = saturate(sz);
  state[band + R2] = r1;
  state[band + R1] = r;
  state[band + P2] = state[band + P1]!;
  state[band + P1] = p;
  state[band + A1] = next1;
  state[band + A2] = a2;
  state[band + SP] = sp;
  state[band + SZ] = sz;
  state[band + S] = saturate(sp + sz);
}

/** Blocks 3L and 3H: the next step size from the code sent. */
function scale(state: Int32Array, band: number, change: number, most: number, shift: number): void {
  let nb = ((state[band + NB]! * 127) >> 7) + change;
  nb = nb < 0 ? 0 : Math.min(nb, most);
  state[band + NB] = nb;
  const by = shift - (nb >> 11);
  const base = ILB[(nb >> 6) & 31]!;
  state[band + DET] = (by < 0 ? base << -by : base >> by) << 2;
}

function adaptLow(state: Int32Array, code4: number): void {
  const d = (state[DET]! * QM4[code4]!) >> 15;
  scale(state, 0, WL4[code4]!, 18432, 8);
  adapt(state, 0, d);
}

function adaptHigh(state: Int32Array, code: number, d: number): void {
  scale(state, highBand, WH2[code]!, 22528, 10);
  adapt(state, highBand, d);
}

export class G722Encoder {
  private readonly state = freshState();

  /** Encodes 16 kHz samples (an even number) into half as many bytes from `at`; answers how many. */
  encode(samples: Int16Array, into: Uint8Array, at: number): number {
    const { state } = this;
    let place = at;
    for (let from = 0; from + 1 < samples.length; from += 2) {
      state.copyWithin(filterAt, filterAt + 2, filterAt + 24);
      state[filterAt + 22] = samples[from]!;
      state[filterAt + 23] = samples[from + 1]!;
      let even = 0;
      let odd = 0;
      for (let tap = 0; tap < 12; tap++) {
        even += state[filterAt + 2 * tap]! * QMF[tap]!;
        odd += state[filterAt + 2 * tap + 1]! * QMF[11 - tap]!;
      }
      into[place++] = (this.high((even - odd) >> 14) << 6) | this.low((even + odd) >> 14);
    }
    return place - at;
  }

  /** Goes on where another coder is, so that one receiver may follow first the one and then the other. */
  follow(other: object): void {
    if (other instanceof G722Encoder) this.state.set(other.state);
  }

  private low(x: number): number {
    const { state } = this;
    const e = saturate(x - state[S]!);
    const size = e >= 0 ? e : -(e + 1);
    const det = state[DET]!;
    let level = 1;
    while (level < 30 && size >= (Q6[level]! * det) >> 12) level++;
    const code = e < 0 ? ILN[level]! : ILP[level]!;
    adaptLow(state, code >> 2);
    return code;
  }

  private high(x: number): number {
    const { state } = this;
    const e = saturate(x - state[highBand + S]!);
    const size = e >= 0 ? e : -(e + 1);
    const det = state[highBand + DET]!;
    const far = size >= (564 * det) >> 12;
    const code = e < 0 ? (far ? 0 : 1) : far ? 2 : 3;
    adaptHigh(state, code, (det * QM2[code]!) >> 15);
    return code;
  }
}

export class G722Decoder {
  private readonly state = freshState();

  /** Decodes `length` bytes into twice as many 16 kHz samples from `at`; answers how many. */
  decode(data: Uint8Array, from: number, length: number, into: Int16Array, at: number): number {
    const { state } = this;
    const most = Math.min(length, (into.length - at) >> 1);
    let place = at;
    for (let byte = 0; byte < most; byte++) {
      const code = data[from + byte]!;
      const lowCode = code & 63;
      const highCode = code >> 6;
      let low = state[S]! + ((state[DET]! * QM6[lowCode]!) >> 15);
      low = low > 16383 ? 16383 : Math.max(low, -16384);
      adaptLow(state, lowCode >> 2);
      const d = (state[highBand + DET]! * QM2[highCode]!) >> 15;
      let high = state[highBand + S]! + d;
      high = high > 16383 ? 16383 : Math.max(high, -16384);
      adaptHigh(state, highCode, d);
      state.copyWithin(filterAt, filterAt + 2, filterAt + 24);
      state[filterAt + 22] = low + high;
      state[filterAt + 23] = low - high;
      let first = 0;
      let second = 0;
      for (let tap = 0; tap < 12; tap++) {
        second += state[filterAt + 2 * tap]! * QMF[tap]!;
        first += state[filterAt + 2 * tap + 1]! * QMF[11 - tap]!;
      }
      into[place++] = saturate(first >> 11);
      into[place++] = saturate(second >> 11);
    }
    return place - at;
  }
}
