import type { Answer } from '../../client/http.ts';
import type { Recording } from '../../client/live.ts';
import { duration } from '../../words/format.ts';
import { say } from '../../words/words.ts';
import { type Mark, placeIn } from './marks.ts';

type Spans = Answer<'GET /sessions/{id}/timeline'>;

/** A stretch of a recording, ms from its beginning. */
interface Stretch {
  fromMs: number;
  toMs: number;
}

export interface Lane {
  key: string;
  name: string;
  present: Stretch[];
  speech: Stretch[];
}

/** Who was there and who spoke, a lane each; whoever is in no part of the recording has none. */
export function lanesOf({ present, speech }: Spans, recording: Recording, lengthMs: number): Lane[] {
  const lanes = new Map<string, Lane>();
  const add = (kind: 'present' | 'speech', { legId, name, from, to }: Spans['speech'][number]): void => {
    const place = (moment: string): number =>
      Math.min(lengthMs, Math.max(0, placeIn(new Date(moment).getTime(), recording)));
    const stretch = { fromMs: place(from), toMs: place(to) };
    if (stretch.toMs <= stretch.fromMs) return;
    // Whoever was called again has another leg and is the same for those who look.
    const key = name === '' ? (legId ?? '') : name;
    const lane = lanes.get(key) ?? { key, name, present: [], speech: [] };
    lane[kind].push(stretch);
    lanes.set(key, lane);
  };
  for (const span of present) add('present', span);
  for (const span of speech) add('speech', span);
  return [...lanes.values()];
}

const spoken = ({ speech }: Lane): number => speech.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);

/** The time line under a player: what happened, and who was there and spoke, one below the other. */
export function TimeLine({
  lanes,
  marks,
  lengthMs,
  nowMs,
  onJump,
}: {
  lanes: readonly Lane[];
  marks: readonly Mark[];
  lengthMs: number;
  nowMs: number;
  onJump: (ms: number) => void;
}) {
  const at = (ms: number): number => (Math.min(lengthMs, ms) / lengthMs) * 1000;
  const jump = (event: MouseEvent): void => {
    const box = (event.currentTarget as Element).getBoundingClientRect();
    onJump(((event.clientX - box.left) / box.width) * lengthMs);
  };
  const needle = <rect class="needle" x={at(nowMs)} width="2" height="60" />;
  return (
    <div class="lanes">
      <span>{say('timeline.events')}</span>
      {/* For the pointer alone: the list of events below does the same by keyboard. */}
      <svg class="lane lane-marks" viewBox="0 0 1000 60" preserveAspectRatio="none" aria-hidden="true" onClick={jump}>
        {marks.map((mark) => (
          <rect
            key={mark.seq}
            class={mark.care ? 'mark-care' : 'mark'}
            x={Math.min(996, at(mark.atMs))}
            y="8"
            width="4"
            height="44"
          >
            <title>{`${duration(mark.atMs)} ${mark.text}`}</title>
          </rect>
        ))}
        {needle}
      </svg>
      {lanes.map((lane) => (
        <>
          <span key={`${lane.key} name`}>
            {lane.name}
            <small>{say('timeline.spoke', { time: duration(spoken(lane)) })}</small>
          </span>
          <svg
            key={lane.key}
            class="lane"
            viewBox="0 0 1000 60"
            preserveAspectRatio="none"
            aria-hidden="true"
            onClick={jump}
          >
            {lane.present.map(({ fromMs, toMs }) => (
              <rect key={fromMs} class="present" x={at(fromMs)} width={at(toMs) - at(fromMs)} height="60" />
            ))}
            {lane.speech.map(({ fromMs, toMs }) => (
              <rect
                key={fromMs}
                class="speech"
                x={at(fromMs)}
                y="14"
                width={Math.max(3, at(toMs) - at(fromMs))}
                height="32"
              />
            ))}
            {needle}
          </svg>
        </>
      ))}
    </div>
  );
}
