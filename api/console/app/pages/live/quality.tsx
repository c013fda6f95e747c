import type { Quality } from '../../client/live.ts';
import type { Tone } from '../../parts/page.tsx';
import { number } from '../../words/format.ts';
import { say } from '../../words/words.ts';

/** MOS above which a line is good, and above which it can be worked with (ITU-T G.107, annex B). */
const [good, fair] = [3.8, 3.1];

export const toneOf = (score: number): Tone => (score >= good ? 'good' : score >= fair ? 'care' : 'bad');

const [worst, best] = [1, 4.5];
const [width, height] = [128, 34];

/** Loss, jitter and score in one line. */
export function figuresOf({
  jitterMs,
  lossPercent,
  score,
}: {
  lossPercent: number;
  jitterMs: number;
  score?: number;
}): string {
  const mos = score === undefined ? '–' : number(score, 1);
  return say('quality.figures', { loss: number(lossPercent, 1), jitter: number(jitterMs), mos });
}

/** How a leg sounds: a word, the figures, and the way of the last minutes. */
export function LegQuality({ measures }: { measures: readonly Quality[] }) {
  const last = measures.at(-1);
  if (last === undefined) return <div class="leg-quality">{say('quality.none')}</div>;
  const tone = toneOf(last.score);
  const points = measures.map(({ score }, place) => {
    const x = measures.length === 1 ? width : (place / (measures.length - 1)) * width;
    const y = height - ((Math.min(best, Math.max(worst, score)) - worst) / (best - worst)) * height;
    return `${x.toFixed(1)},${y.toFixed(1)}`;
  });
  const figures = figuresOf(last);
  return (
    <div class={`leg-quality tone-${tone}`}>
      <b>{say(`quality.${tone === 'good' ? 'good' : tone === 'care' ? 'fair' : 'poor'}`)}</b>
      <svg class="spark" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={say('quality.course', { figures })}>
        <line
          x1="0"
          x2={width}
          y1={height * (1 - (fair - worst) / (best - worst))}
          y2={height * (1 - (fair - worst) / (best - worst))}
        />
        <polyline points={points.length === 1 ? `0,${points[0]?.split(',')[1]} ${points[0]}` : points.join(' ')} />
      </svg>
      <span class="soft">{figures}</span>
    </div>
  );
}
