import { spawnSync } from 'node:child_process';
import { nalType, nalTypes, splitByteStream } from '../../embedded/freeswitch/video/h264/nal.ts';
import { payloadsOf } from '../../embedded/freeswitch/video/h264/packets.ts';

/* A camera's H.264 of one colour beside a moving picture, as packets that are ready but for their headers. */

export const framesPerSecond = 25;
const headerBytes = 12;
const mostPayload = 1_200;

export interface Clip {
  /** Packets of each picture; the first picture is a key frame, the only one. */
  frames: readonly (readonly Buffer[])[];
  /** The NAL units of each. */
  units: readonly (readonly Uint8Array[])[];
  /** bit/s of payload. */
  bitrate: number;
}

/** Encodes a clip by x264: Constrained Baseline at a steady rate, one key frame at its start. */
export function makeClip(colour: string, options: { seconds?: number; size?: string; kilobits?: number } = {}): Clip {
  const { seconds = 10, size = '1280x720', kilobits = 1_500 } = options;
  // Noise as of a camera: without it the encoder would not need the rate.
  const picture = `testsrc2=s=${size}:r=${framesPerSecond}:d=${seconds},scroll=h=0.0125,noise=alls=12:allf=t,drawbox=w=iw/2:color=${colour}:t=fill`;
  const rate = `${kilobits}k`;
  const made = spawnSync(
    'ffmpeg',
    [
      ...['-v', 'error', '-f', 'lavfi', '-i', picture, '-pix_fmt', 'yuv420p', '-c:v', 'libx264'],
      ...['-profile:v', 'baseline', '-preset', 'veryfast', '-tune', 'zerolatency', '-g', '10000', '-sc_threshold', '0'],
      ...['-b:v', rate, '-maxrate', rate, '-bufsize', rate, '-f', 'h264', '-'],
    ],
    { maxBuffer: 1 << 28 },
  );
  if (made.status !== 0) throw new Error(`ffmpeg made no clip: ${made.stderr}`);
  const frames: Buffer[][] = [];
  const pictures: Uint8Array[][] = [];
  let units: Uint8Array[] = [];
  for (const unit of splitByteStream(made.stdout)) {
    const type = nalType(unit);
    if (type === nalTypes.sei) continue;
    units.push(unit);
    if (type !== nalTypes.slice && type !== nalTypes.idr) continue;
    // x264 with that tuning cuts a picture into slices for its threads: a new one starts with macroblock 0.
    const last = frames.at(-1);
    const starts = (unit[1]! & 0x80) !== 0;
    const packets = payloadsOf(units, 1, mostPayload).map((payload) => {
      const packet = Buffer.alloc(headerBytes + payload.length);
      packet[0] = 0x80;
      packet.set(payload, headerBytes);
      return packet;
    });
    if (starts || last === undefined) {
      frames.push(packets);
      pictures.push(units);
    } else {
      last.push(...packets);
      pictures.at(-1)!.push(...units);
    }
    units = [];
  }
  const bytes = frames.flat().reduce((sum, packet) => sum + packet.length - headerBytes, 0);
  return { frames, units: pictures, bitrate: Math.round((bytes * 8 * framesPerSecond) / frames.length) };
}
