import type { DataType } from '../../h245/index.ts';

/* Rates of pictures, as SDP and H.245 tell them. Pure. */

/** bit/s of pictures that we take, by b=TIAS (RFC 3890), else b=AS (kbit/s). */
export function pictureRateOf(sdp: string): number | undefined {
  const section = sdp.split(/^(?=m=)/m).find((one) => one.startsWith('m=video')) ?? '';
  const of = (type: string): number => Number(new RegExp(`^b=${type}:(\\d{1,9})`, 'm').exec(section)?.[1] ?? 0);
  const rate = of('TIAS') || of('AS') * 1_000;
  return rate > 0 ? rate : undefined;
}

/** bit/s at most that a channel was opened with; without end where it does not say. */
export function openedRateOf({ videoData }: DataType): number {
  const { genericVideoCapability, h261VideoCapability, h263VideoCapability } = videoData ?? {};
  const told = genericVideoCapability?.maxBitRate ?? h263VideoCapability?.maxBitRate ?? h261VideoCapability?.maxBitRate;
  return told === undefined ? Number.POSITIVE_INFINITY : told * 100;
}
