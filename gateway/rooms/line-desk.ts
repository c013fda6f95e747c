import type { IncidentKind } from '../../store/schema/incident.ts';
import type { Actor, LogEvent } from '../../store/schema/log.ts';
import type { Alarm } from '../../store/schema/session.ts';
import type { LegQuality } from '../gateway.ts';
import type { Leg } from '../legs/leg.ts';
import { LineJudge, type PictureSample, type SoundSample, Summing } from '../legs/line-quality.ts';
import type { LegRoll } from './leg-roll.ts';
import type { GatewayParts } from './parts.ts';

const system: Actor = { kind: 'system' };
/** Samples come every 5 s; the log keeps a summary of each minute, and one of the whole call. */
const summaryEveryMs = 60_000;
type Values = Omit<LegQuality, 'sessionId' | 'legId'>;

interface Line {
  leg: Leg;
  sound: SoundSample | undefined;
  picture: PictureSample | undefined;
  minute: { sound: Summing; picture: Summing; endsMs: number };
  whole: { sound: Summing; picture: Summing };
  judges: { sound: LineJudge; picture: LineJudge };
}

/** What is wrong with a leg, as its entries in the log begin and end. */
const entries: Record<Alarm, { begins: IncidentKind & LogEvent; ends: LogEvent }> = {
  silent: { begins: 'leg.silent', ends: 'leg.sounds-again' },
  dark: { begins: 'leg.dark', ends: 'leg.seen-again' },
  unauthentic: { begins: 'leg.unauthentic', ends: 'leg.authentic-again' },
  'poor-line': { begins: 'leg.poor-line', ends: 'leg.line-well-again' },
};

/** Watches the lines of all legs: last values, summaries in the log, incidents when something is wrong with one. */
export class LineDesk {
  private readonly parts: GatewayParts;
  private readonly legs: Pick<LegRoll, 'tell'>;
  private readonly lines = new Map<string, Line>();

  constructor(parts: GatewayParts, legs: Pick<LegRoll, 'tell'>) {
    this.parts = parts;
    this.legs = legs;
  }

  /** The last values of a leg that lives. */
  quality(legId: string): Values | undefined {
    const line = this.lines.get(legId);
    return line === undefined || (line.sound === undefined && line.picture === undefined) ? undefined : valuesOf(line);
  }

  follow(leg: Leg): void {
    const line: Line = {
      leg,
      sound: undefined,
      picture: undefined,
      minute: { ...newSums(), endsMs: performance.now() + summaryEveryMs },
      whole: newSums(),
      judges: { sound: new LineJudge(), picture: new LineJudge() },
    };
    this.lines.set(leg.id, line);
    leg.on('silent', (silent) => this.alarm(leg, 'silent', silent));
    leg.on('dark', (dark) => this.alarm(leg, 'dark', dark));
    leg.on('unauthentic', () => this.alarm(leg, 'unauthentic', true));
    leg.on('quality', (sample) => {
      line.sound = sample;
      this.alarm(leg, 'unauthentic', false);
      this.sampled(line, 'sound', sample);
      this.parts.events.emit('quality', { ...this.place(leg), legId: leg.id, ...valuesOf(line) });
    });
    leg.on('pictureQuality', (sample) => {
      line.picture = sample;
      this.sampled(line, 'picture', sample);
    });
    leg.on('restored', () => {
      // A new endpoint tells anew what is wrong.
      for (const alarm of ['silent', 'dark', 'unauthentic'] as const) this.alarm(leg, alarm, false);
    });
    leg.on('renegotiated', () => {
      if (/^m=video [1-9]/m.test(leg.endpoint.localSdp)) return;
      line.picture = undefined;
      this.alarm(leg, 'dark', false);
    });
    leg.once('ended', () => {
      this.lines.delete(leg.id);
      this.sumUp(leg, line.whole, { whole: true });
    });
  }

  private sampled(line: Line, media: 'sound' | 'picture', sample: SoundSample | PictureSample): void {
    line.minute[media].add(sample);
    line.whole[media].add(sample);
    if (line.judges[media].hear(media, sample) !== undefined) {
      const { picture, sound } = line.judges;
      const loss = Math.round(sample.lossPercent * 10) / 10;
      this.alarm(line.leg, 'poor-line', sound.poor || picture.poor, {
        media,
        loss,
        jitter: Math.round(sample.jitterMs ?? 0),
      });
    }
    const now = performance.now();
    if (now < line.minute.endsMs) return;
    this.sumUp(line.leg, line.minute, {});
    line.minute = { ...newSums(), endsMs: now + summaryEveryMs };
  }

  private sumUp(
    leg: Leg,
    { picture, sound }: Record<'sound' | 'picture', Summing>,
    more: Record<string, unknown>,
  ): void {
    if (sound.summary === undefined && picture.summary === undefined) return;
    const told = {
      ...(sound.summary === undefined ? {} : { sound: sound.summary }),
      ...(picture.summary === undefined ? {} : { picture: picture.summary }),
    };
    void this.legs.tell(leg.id, 'leg.quality', system, { ...more, ...told });
  }

  /** Something begins to be wrong with a leg, or ends: told once each. */
  private alarm(leg: Leg, alarm: Alarm, wrong: boolean, more: Record<string, string | number> = {}): void {
    const { events, legBook } = this.parts;
    const record = legBook.get(leg.id);
    if (record === undefined || record.alarms.includes(alarm) === wrong) return;
    const alarms = wrong ? [...record.alarms, alarm] : record.alarms.filter((one) => one !== alarm);
    legBook.change(leg.id, { alarms });
    const { begins, ends } = entries[alarm];
    void this.legs.tell(leg.id, wrong ? begins : ends, system, more);
    if (!wrong) return;
    const values = { name: record.name, ...more };
    events.emit('incident', { code: begins, ...this.place(leg), legId: leg.id, values });
  }

  private place(leg: Leg): { sessionId?: string } {
    const sessionId = this.parts.legBook.get(leg.id)?.sessionId ?? '';
    return sessionId === '' ? {} : { sessionId };
  }
}

const newSums = (): { sound: Summing; picture: Summing } => ({ sound: new Summing(), picture: new Summing() });

/** Last values of both media, flat: what is not known is absent. */
function valuesOf({ picture, sound }: Pick<Line, 'picture' | 'sound'>): Values {
  const all = {
    ...sound,
    ...(picture === undefined
      ? {}
      : {
          pictureLossPercent: picture.lossPercent,
          pictureJitterMs: picture.jitterMs,
          pictureFarLossPercent: picture.farLossPercent,
          pictureBitsPerSecond: picture.bitsPerSecond,
          framesPerSecond: picture.framesPerSecond,
          width: picture.width,
          height: picture.height,
        }),
  };
  const known = Object.entries(all).filter(([, value]) => value !== undefined) as [keyof Values, number][];
  return Object.fromEntries(known.map(([name, value]) => [name, Math.round(value * 100) / 100])) as unknown as Values;
}
