import { useSignal } from '@preact/signals';
import { useData } from '../../client/data.ts';
import { type Answer, addressOf, type Query } from '../../client/http.ts';
import { Button, LinkButton } from '../../parts/button.tsx';
import { DayField, SelectField } from '../../parts/field.tsx';
import { Icon, type IconName } from '../../parts/icon.tsx';
import { Waiting } from '../../parts/notice.tsx';
import { PageHead, Panel } from '../../parts/page.tsx';
import { TableFrame } from '../../parts/table.tsx';
import { queryOf, setQuery } from '../../shell/route.ts';
import { date, number, readDateTime } from '../../words/format.ts';
import { language, say } from '../../words/words.ts';
import { kindOf, type PeriodKind, periodKinds, presentOf, shifted } from './period.ts';
import { TraceDialog } from './trace.tsx';
import { Trend } from './trend.tsx';

type Report = Answer<'GET /reports'>;
type Section = Report['sections'][number];
type Cell = Section['rows'][number]['cells'][number];

const digits: Record<Cell['unit'], number> = { count: 0, minutes: 0, score: 1, percent: 1, megabytes: 0 };
/** A figure as it is read; its unit stands in the name of its row or column. */
const written = ({ value, unit }: Cell): string => number(value, digits[unit]);

/** Sections in which one looks for the large and the small: with bars. */
const withBars = new Set(['cases', 'states', 'incidents', 'connections']);

/** The report of a month, a quarter, a year or any span. */
export default function Reports() {
  const from = queryOf('from');
  const of = queryOf('of') || (from === '' ? presentOf('month') : '');
  const asked: Query<'GET /reports'> = of === '' ? { from, to: queryOf('to') } : { of };
  const found = useData('GET /reports', { query: { ...asked, language: language.value } }, [
    'session',
    'change:case',
    'change:session',
  ]);
  const traced = useSignal<{ title: string; link: string } | undefined>(undefined);
  const report = found.value;
  const file = (kind: 'xlsx' | 'csv' | 'pdf') => addressOf(`GET /reports.${kind}`, { query: asked });
  const trace = (title: string, link: string): void => {
    traced.value = { title, link };
  };
  return (
    <>
      <PageHead
        title={say('reports.title')}
        about={report?.title}
        actions={
          <>
            <LinkButton href={file('pdf')} download icon="download" kind="primary">
              {say('reports.pdf')}
            </LinkButton>
            <LinkButton href={file('xlsx')} download icon="download">
              Excel
            </LinkButton>
            <LinkButton href={file('csv')} download icon="download">
              CSV
            </LinkButton>
          </>
        }
      />
      <Period of={of} />
      {report === undefined ? (
        <Waiting error={found.error} reload={found.reload} />
      ) : (
        <>
          <Heads report={report} onTrace={trace} />
          {of !== '' && <Trend of={of} onTrace={trace} />}
          <div class="report-sections">
            {report.sections.map((section) => (
              <Panel key={section.key} title={section.title}>
                <SectionTable section={section} onTrace={trace} />
              </Panel>
            ))}
          </div>
        </>
      )}
      {traced.value !== undefined && (
        <TraceDialog
          {...traced.value}
          onClose={() => {
            traced.value = undefined;
          }}
        />
      )}
    </>
  );
}

/** Chooses the span; arrows go to the one before and after. */
function Period({ of }: { of: string }) {
  const kind = kindOf(of);
  const days = useSignal({ from: '', to: '' });
  return (
    <div class="filters">
      <SelectField
        label={say('reports.period')}
        value={kind}
        onInput={(chosen) => {
          const next = presentOf(chosen as PeriodKind);
          if (next !== '') setQuery({ of: next, from: undefined, to: undefined });
          else
            setQuery({
              of: undefined,
              from: new Date(Date.now() - 30 * 86_400_000).toISOString(),
              to: new Date().toISOString(),
            });
        }}
        choices={periodKinds.map((value) => ({ value, label: say(`period.${value}`) }))}
      />
      {of !== '' ? (
        <div class="row-actions">
          <Button icon="back" onClick={() => setQuery({ of: shifted(of, -1) })}>
            {say('reports.before')}
          </Button>
          <Button icon="forward" onClick={() => setQuery({ of: shifted(of, 1) })}>
            {say('reports.after')}
          </Button>
        </div>
      ) : (
        <>
          <DayField
            label={say('filter.from')}
            value={days.value.from || date(queryOf('from'))}
            onInput={(text) => {
              days.value = { ...days.value, from: text };
            }}
          />
          <DayField
            label={say('filter.to')}
            value={days.value.to || date(queryOf('to'))}
            onInput={(text) => {
              days.value = { ...days.value, to: text };
            }}
          />
          <Button
            icon="search"
            onClick={() =>
              setQuery({
                from: readDateTime(days.value.from, '00:00') ?? queryOf('from'),
                to: readDateTime(days.value.to, '23:59') ?? queryOf('to'),
              })
            }
          >
            {say('filter.search')}
          </Button>
        </>
      )}
    </div>
  );
}

const heads: [section: string, row: string, icon: IconName][] = [
  ['sessions', 'held', 'sessions'],
  ['cases', 'sum', 'cases'],
  ['progress', 'citizens', 'users'],
  ['sessions', 'total-minutes', 'clock'],
];

/** The four figures that are asked for first. */
function Heads({ report, onTrace }: { report: Report; onTrace: (title: string, link: string) => void }) {
  return (
    <div class="stats">
      {heads.map(([sectionKey, rowKey, icon]) => {
        const section = report.sections.find(({ key }) => key === sectionKey);
        const row = section?.rows.find(({ key }) => key === rowKey);
        const cell = row?.cells.at(-1);
        if (section === undefined || row === undefined || cell === undefined) return null;
        const title = rowKey === 'sum' ? say('trend.cases') : row.label;
        const { link } = cell;
        return (
          <button
            key={rowKey}
            type="button"
            class="stat stat-button"
            disabled={link === undefined}
            onClick={() => link !== undefined && onTrace(title, link)}
          >
            <span>{title}</span>
            <b>{written(cell)}</b>
            <Icon name={icon} />
          </button>
        );
      })}
    </div>
  );
}

function SectionTable({ section, onTrace }: { section: Section; onTrace: (title: string, link: string) => void }) {
  const most = Math.max(
    1,
    ...section.rows.filter(({ key }) => key !== 'sum').map(({ cells }) => cells.at(-1)?.value ?? 0),
  );
  const [first, ...columns] = section.columns;
  if (section.rows.length === 0) return <p class="soft">{say('reports.nothing')}</p>;
  return (
    <TableFrame label={section.title}>
      <table class="table report-table">
        <caption class="hidden">{section.title}</caption>
        <thead>
          <tr>
            <th scope="col">{first}</th>
            {columns.map((column) => (
              <th key={column} scope="col" class="right">
                {column}
              </th>
            ))}
            {withBars.has(section.key) && <td class="bar-cell" aria-hidden="true" />}
          </tr>
        </thead>
        <tbody>
          {section.rows.map((row) => (
            <tr key={row.key} class={row.key === 'sum' ? 'marked' : undefined}>
              <th scope="row">{row.label}</th>
              {row.cells.map((cell, place) => (
                <td key={columns[place]} class="right number" data-title={columns[place]}>
                  {cell.link === undefined || cell.value === 0 ? (
                    written(cell)
                  ) : (
                    <button
                      type="button"
                      class="figure"
                      onClick={() => onTrace(`${section.title}: ${row.label}`, cell.link ?? '')}
                    >
                      {written(cell)}
                    </button>
                  )}
                </td>
              ))}
              {withBars.has(section.key) && (
                <td class="bar-cell" aria-hidden="true">
                  {row.key !== 'sum' && (
                    <svg viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true">
                      <rect width={((row.cells.at(-1)?.value ?? 0) / most) * 100} height="12" rx="1" />
                    </svg>
                  )}
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}
