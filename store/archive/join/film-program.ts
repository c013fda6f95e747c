import { statSync } from 'node:fs';
import {
  AV_LOG_FATAL,
  AV_OPT_SEARCH_CHILDREN,
  AVFMT_FLAG_BITEXACT,
  AVMEDIA_TYPE_AUDIO,
  AVMEDIA_TYPE_VIDEO,
} from 'node-av/constants';
import { Dictionary, FormatContext, Log, Option, Packet, type Stream } from 'node-av/lib';
import { errorText } from '../../../platform/error-text.ts';
import type { Place } from './joined.ts';
import { wholeBytes } from './whole-boxes.ts';

/*
 * Puts the stretches of a film behind one another in one MP4 whose index stands in front. Packets are copied as they
 * are. A program of its own: a broken file, or the library that reads it, ends no more than this.
 *
 *   film-program.ts '{"stretches":["a.mp4"],"into":"b.mp4","title":"…","startedAt":"…"}'
 *
 * Tells lines of JSON: `{"percent":…}`, at last `{"joined":…}`; `{"nothing":true}` when nothing can be read.
 */

interface Order {
  stretches: string[];
  into: string;
  title?: string;
  /** ISO 8601. */
  startedAt?: string;
}

interface Track {
  out: Stream;
  lastDts: bigint;
}

const order = JSON.parse(process.argv[2] ?? '{}') as Order;
const tell = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

Log.setLevel(AV_LOG_FATAL);
const output = new FormatContext();
const tracks = new Map<number, Track>();
const packet = new Packet();
packet.alloc();

/** What must be equal for two stretches to stand in one file. */
function kindOf(input: FormatContext): string {
  const kinds = [AVMEDIA_TYPE_VIDEO, AVMEDIA_TYPE_AUDIO].map((type) => {
    const codec = input.streams?.find(({ codecpar }) => codecpar.codecType === type)?.codecpar;
    if (codec === undefined) return '';
    return [codec.codecId, codec.width, codec.height, codec.sampleRate, codec.extradata?.toString('hex')].join('/');
  });
  return kinds.join(' ');
}

function opened(path: string): FormatContext | undefined {
  const whole = statSync(path, { throwIfNoEntry: false }) === undefined ? 0 : wholeBytes(path);
  if (whole === 0) return undefined;
  const input = new FormatContext();
  // A stretch whose writer was killed ends with half a fragment: what is before it counts.
  if (input.openInputSync(`subfile,,start,0,end,${whole},,:${path}`, null, null) < 0) return undefined;
  const usable = input.findStreamInfoSync(null) >= 0 && kindOf(input).trim() !== '';
  if (usable) return input;
  input.closeInputSync();
  return undefined;
}

function begin(input: FormatContext): void {
  must('open MP4', output.allocOutputContext2(null, 'mp4', order.into));
  // The same stretches give the same bytes whenever they are joined.
  output.setFlags(AVFMT_FLAG_BITEXACT);
  for (const type of [AVMEDIA_TYPE_VIDEO, AVMEDIA_TYPE_AUDIO]) {
    const stream = input.streams?.find(({ codecpar }) => codecpar.codecType === type);
    if (stream === undefined) continue;
    const out = output.newStream(null);
    must('describe', stream.codecpar.copy(out.codecpar));
    out.codecpar.codecTag = 0;
    out.timeBase = stream.timeBase;
    tracks.set(type, { out, lastDts: -(1n << 62n) });
  }
  const about = {
    ...(order.title === undefined ? {} : { title: order.title }),
    ...(order.startedAt === undefined ? {} : { creation_time: order.startedAt, date: order.startedAt }),
  };
  if (Object.keys(about).length > 0) output.metadata = Dictionary.fromObject(about);
  must(`open ${order.into}`, output.openOutputSync());
  must('options', Option.set(output.getNative(), 'movflags', 'faststart', AV_OPT_SEARCH_CHILDREN));
  must('write MP4', output.writeHeaderSync(null));
}

/** Copies a stretch behind what is there; answers its place. */
function add(input: FormatContext, offsetMs: number, read: (bytes: number) => void): Place {
  const byIndex = new Map<number, { track: Track; stream: Stream }>();
  for (const stream of input.streams ?? []) {
    const track = tracks.get(stream.codecpar.codecType);
    if (track !== undefined) byIndex.set(stream.index, { track, stream });
  }
  let endMs = 0;
  while (input.readFrameSync(packet) >= 0) {
    read(packet.size);
    const found = byIndex.get(packet.streamIndex);
    if (found === undefined) {
      packet.unref();
      continue;
    }
    const { track, stream } = found;
    const { num, den } = stream.timeBase;
    endMs = Math.max(endMs, (Number(packet.pts + packet.duration) * num * 1000) / den);
    packet.rescaleTs(stream.timeBase, track.out.timeBase);
    const shift = BigInt(Math.round((offsetMs * track.out.timeBase.den) / track.out.timeBase.num / 1000));
    packet.pts += shift;
    packet.dts += shift;
    if (packet.dts <= track.lastDts) packet.dts = track.lastDts + 1n;
    if (packet.pts < packet.dts) packet.pts = packet.dts;
    track.lastDts = packet.dts;
    packet.streamIndex = track.out.index;
    must('write MP4', output.interleavedWriteFrameSync(packet));
    packet.unref();
  }
  return { offsetMs: Math.round(offsetMs), durationMs: Math.round(endMs) };
}

function join(): void {
  const total = order.stretches.reduce((sum, path) => sum + (statSync(path, { throwIfNoEntry: false })?.size ?? 0), 0);
  const places: (Place | undefined | null)[] = [];
  let kind: string | undefined;
  let otherFrom: number | undefined;
  let readBytes = 0;
  let told = -1;
  let endMs = 0;
  for (const [place, path] of order.stretches.entries()) {
    const input = opened(path);
    if (input === undefined) {
      places.push(null);
      continue;
    }
    if (kind === undefined) begin(input);
    kind ??= kindOf(input);
    if (kindOf(input) !== kind) {
      otherFrom = place;
      break;
    }
    const added = add(input, endMs, (bytes) => {
      readBytes += bytes;
      const percent = Math.min(99, Math.floor((readBytes * 100) / Math.max(1, total)));
      if (percent === told) return;
      told = percent;
      tell({ percent });
    });
    input.closeInputSync();
    places.push(added);
    endMs = added.offsetMs + added.durationMs;
  }
  if (kind === undefined || endMs === 0) {
    tell({ nothing: true });
    return;
  }
  must('close MP4', output.writeTrailerSync());
  output.closeOutputSync();
  tell({ joined: { places, durationMs: Math.round(endMs), ...(otherFrom === undefined ? {} : { otherFrom }) } });
}

function must(what: string, outcome: number): void {
  if (outcome < 0) throw new Error(`${what}: FFmpeg says (${outcome})`);
}

try {
  join();
} catch (error) {
  console.error(errorText(error));
  process.exitCode = 1;
}
