import { useData } from '../../client/data.ts';
import type { Item } from '../../client/http.ts';
import { Waiting } from '../../parts/notice.tsx';
import { Panel } from '../../parts/page.tsx';
import { TableFrame } from '../../parts/table.tsx';
import { number } from '../../words/format.ts';
import { language, say } from '../../words/words.ts';
import { kindOf } from './period.ts';

type Point = Item<'GET /reports/trend'>;

/** So many periods are shown, the last of them the one of the report. */
const shownPeriods = 6;
const [width, height, foot] = [720, 220, 34];

/** Sessions held and cases registered, period beside period. */
export function Trend({ of, onTrace }: { of: string; onTrace: (title: string, link: string) => void }) {
  const found = useData('GET /reports/trend', { query: { of, periods: shownPeriods, language: language.value } }, [
    'session',
    'change:case',
    'change:session',
  ]);
  const points = found.value?.items ?? [];
  if (points.length === 0) {
    return (
      <Panel title={say('trend.title')}>
        <Waiting error={found.error} reload={found.reload} />
      </Panel>
    );
  }
  const most = Math.max(1, ...points.flatMap(({ sessions, cases }) => [sessions, cases]));
  const step = width / shownPeriods;
  const bar = step * 0.3;
  const column = (value: number): number => (value / most) * (height - foot - 26);
  return (
    <Panel title={say('trend.title')}>
      <p class="legend">
        <i class="legend-sessions" /> {say('trend.sessions')} <i class="legend-cases" /> {say('trend.cases')}
      </p>
      <svg class="trend" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={textOf(points)}>
        <line x1="0" x2={width} y1={height - foot} y2={height - foot} />
        {points.map((point, place) => {
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
      <Numbers points={points} onTrace={onTrace} />
    </Panel>
  );
}

/** The numbers of the picture and more, each leading to what it counts. */
function Numbers({ points, onTrace }: { points: readonly Point[]; onTrace: (title: string, link: string) => void }) {
  const rows: { name: string; value: (point: Point) => string; link: (point: Point) => string | undefined }[] = [
    {
      name: say('trend.sessions'),
      value: ({ sessions }) => number(sessions),
      link: ({ from, sessions, to }) => (sessions === 0 ? undefined : linkTo('/sessions', 'started', from, to)),
    },
    { name: say('trend.minutes'), value: ({ minutes }) => number(minutes), link: () => undefined },
    {
      name: say('trend.cases'),
      value: (point) => number(point.cases),
      link: (point) => (point.cases === 0 ? undefined : linkTo('/cases', '', point.from, point.to)),
    },
    {
      name: say('trend.connections'),
      value: ({ connections }) => number(connections),
      link: ({ connections, from, to }) => (connections === 0 ? undefined : linkTo('/legs', 'joined', from, to)),
    },
    {
      name: say('trend.score'),
      value: ({ score }) => (score === undefined ? '–' : number(score, 1)),
      link: () => undefined,
    },
    { name: say('trend.incidents'), value: ({ incidents }) => number(incidents), link: () => undefined },
  ];
  return (
    <TableFrame label={say('trend.title')}>
      <table class="table report-table trend-table">
        <caption class="hidden">{say('trend.title')}</caption>
        <thead>
          <tr>
            <td />
            {points.map(({ of }) => (
              <th key={of} scope="col" class="right">
                <a href={`/reports?of=${of}`}>{nameOf(of)}</a>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ link, name, value }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              {points.map((point) => {
                const to = link(point);
                return (
                  <td key={point.of} class="right number" data-title={nameOf(point.of)}>
                    {to === undefined ? (
                      value(point)
                    ) : (
                      <button type="button" class="figure" onClick={() => onTrace(`${name}: ${nameOf(point.of)}`, to)}>
                        {value(point)}
                      </button>
                    )}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

/** The list of what was counted in a span, as the report itself links it. */
function linkTo(path: string, prefix: string, from: string, to: string): string {
  const [first, last] = prefix === '' ? ['from', 'to'] : [`${prefix}From`, `${prefix}To`];
  return `${path}?${new URLSearchParams([
    [first ?? '', from],
    [last ?? '', to],
  ])}`;
}

const textOf = (points: readonly Point[]): string =>
  points.map(({ of, sessions, cases }) => say('trend.point', { of: nameOf(of), sessions, cases })).join('; ');

/** `05/2026`, `Q2/2026`, `2026` */
function nameOf(of: string): string {
  const [year = '', part] = of.split('-');
  return kindOf(of) === 'year' ? year : `${part}/${year}`;
}
