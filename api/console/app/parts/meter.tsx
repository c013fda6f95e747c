import type { Signal } from '@preact/signals';
import { number } from '../words/format.ts';
import { say, type WordKey } from '../words/words.ts';

/** Below this nothing is shown, dBov: the noise of a quiet room. */
const floorDb = -60;
/** Speech is between these, dBov: below it is hard to hear, above it is distorted (ITU-T P.56: about -26). */
const [low, high] = [-42, -9];

export type Loudness = 'none' | 'low' | 'good' | 'high';

/** How a level sounds, in one word. */
export const loudnessOf = (db: number): Loudness =>
  db <= floorDb ? 'none' : db < low ? 'low' : db <= high ? 'good' : 'high';

/**
 * A level meter, for those who see it a bar, for those who hear it its decibels and what they mean.
 *
 * @param db dBov; while it is not known the bar is empty
 */
export function Meter({
  label,
  db,
  off = false,
  judged = true,
}: {
  label: string;
  db: number | undefined;
  off?: boolean;
  /** Whether it is speech: the noise of a room that listens is neither low nor good. */
  judged?: boolean;
}) {
  const shown = db === undefined || off ? floorDb : Math.min(0, Math.max(floorDb, db));
  const loudness = loudnessOf(shown);
  const words: WordKey = off ? 'meter.off' : `meter.${loudness}`;
  const decibels = `${number(Math.round(shown))} dB`;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a meter element is drawn by the browser, five times a second with layout; a transform is not
    <span
      class={`meter meter-${off ? 'off' : judged ? loudness : 'plain'}`}
      role="meter"
      aria-label={label}
      aria-valuemin={floorDb}
      aria-valuemax={0}
      aria-valuenow={Math.round(shown)}
      aria-valuetext={loudness === 'none' ? say(words) : judged ? `${decibels}, ${say(words)}` : decibels}
    >
      <i style={{ transform: `scaleX(${(1 - shown / floorDb).toFixed(3)})` }} />
    </span>
  );
}

/** A meter that follows a level by itself: nothing around it is drawn again. */
export function LiveMeter({
  label,
  level,
  side,
  off = false,
  judged = true,
}: {
  label: string;
  level: Signal<{ inDb: number; outDb?: number } | undefined>;
  side: 'inDb' | 'outDb';
  off?: boolean;
  judged?: boolean;
}) {
  return <Meter label={label} db={level.value?.[side]} off={off} judged={judged} />;
}
