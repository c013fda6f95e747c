import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { ask } from '../../client/http.ts';
import { Panel } from '../../parts/page.tsx';
import { number } from '../../words/format.ts';
import { say } from '../../words/words.ts';
import { kindOf, shifted } from './period.ts';

interface Point {
  of: string;
  sessions: number;
  cases: number;
}

/** So many periods are shown, the last of them the one of the report. */
const shownPeriods = 6;
const [width, height, foot] = [720, 220, 34];

/** Sessions held and cases registered, period beside period. */
export function Trend({ of }: { of: string }) {
  const points = useSignal<Point[]>([]);
  useEffect(() => {
    const stop = new AbortController();
    const wanted = Array.from({ length: shownPeriods }, (_one, place) => shifted(of, place - shownPeriods + 1));
    const load = async (one: string): Promise<Point> => {
      const { sections } = await ask('GET /reports', { query: { of: one }, signal: stop.signal });
      const figure = (section: string, row: string): number =>
        sections
          .find(({ key }) => key === section)
          ?.rows.find(({ key }) => key === row)
          ?.cells.at(-1)?.value ?? 0;
      return { of: one, sessions: figure('sessions', 'held'), cases: figure('cases', 'sum') };
    };
    // One after the other: a report reads all of its period, and others ask too.
    const all = async (): Promise<Point[]> => {
      const loaded: Point[] = [];
      for (const one of wanted) loaded.push(await load(one));
      return loaded;
    };
    all().then(
      (loaded) => {
        points.value = loaded;
      },
      () => {
        // The report itself says what is wrong.
      },
    );
    return () => stop.abort();
  }, [of]);
  if (points.value.length === 0) return null;
  const most = Math.max(1, ...points.value.flatMap(({ sessions, cases }) => [sessions, cases]));
  const step = width / shownPeriods;
  const bar = step * 0.3;
  const column = (value: number): number => (value / most) * (height - foot - 26);
  return (
    <Panel title={say('trend.title')}>
      <p class="legend">
        <i class="legend-sessions" /> {say('trend.sessions')} <i class="legend-cases" /> {say('trend.cases')}
      </p>
      <svg class="trend" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={textOf(points.value)}>
        <line x1="0" x2={width} y1={height - foot} y2={height - foot} />
        {points.value.map((point, place) => {
          const middle = place * step + step / 2;
          const bars: ['sessions' | 'cases', number][] = [
            ['sessions', middle - bar - 3],
            ['cases', middle + 3],
          ];
          return (
            <g key={point.of}>
              {bars.map(([what, x]) => (
                <g key={what}>
                  <rect
                    class={`bar-${what}`}
                    x={x}
                    y={height - foot - column(point[what])}
                    width={bar}
                    height={column(point[what])}
                    rx="3"
                  />
                  <text x={x + bar / 2} y={height - foot - column(point[what]) - 7}>
                    {number(point[what])}
                  </text>
                </g>
              ))}
              <text x={middle} y={height - 10} class={point.of === of ? 'now' : undefined}>
                {nameOf(point.of)}
              </text>
            </g>
          );
        })}
      </svg>
    </Panel>
  );
}

const textOf = (points: readonly Point[]): string =>
  points.map(({ of, sessions, cases }) => say('trend.point', { of: nameOf(of), sessions, cases })).join('; ');

/** `05/2026`, `Q2/2026`, `2026` */
function nameOf(of: string): string {
  const [year = '', part] = of.split('-');
  return kindOf(of) === 'year' ? year : `${part}/${year}`;
}
