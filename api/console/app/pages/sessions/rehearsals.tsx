import { useData } from '../../client/data.ts';
import { ask, type Item } from '../../client/http.ts';
import type { Quality, Session } from '../../client/live.ts';
import { useRunningMeasures } from '../../client/running-measures.ts';
import { Button } from '../../parts/button.tsx';
import { loudnessOf, Meter } from '../../parts/meter.tsx';
import { Badge, Panel, type Tone } from '../../parts/page.tsx';
import { toast } from '../../parts/toast.tsx';
import { dateTime, number } from '../../words/format.ts';
import { say } from '../../words/words.ts';
import { figuresOf } from '../live/quality.tsx';

type Result = Item<'GET /sessions/{id}/rehearsals'>['results'][number];

/** The checks of a session before it is held: each device and line, how it sounded, what to do where it failed. */
export function Rehearsals({ session, mayAct }: { session: Session; mayAct: boolean }) {
  const path = { id: session.id };
  const found = useData('GET /sessions/{id}/rehearsals', { path, query: { limit: 3 } }, ['rehearsal']);
  const running = useRunningMeasures();
  const [last] = found.value?.items ?? [];
  return (
    <Panel
      title={say('rehearsal.title')}
      actions={
        mayAct && (
          <Button
            icon="play"
            small
            busy={last?.state === 'running'}
            onClick={async () => {
              await ask('POST /sessions/{id}/rehearsals', { path, body: {} });
              found.reload();
              toast(say('rehearsal.begun'));
            }}
          >
            {say('rehearsal.now')}
          </Button>
        )
      }
    >
      {last === undefined ? (
        <p class="soft">{say('rehearsal.none')}</p>
      ) : (
        <>
          <p class="soft">
            {dateTime(last.startedAt)} ·{' '}
            {last.state === 'running' ? say('rehearsal.running') : say('rehearsal.failures', { count: last.failures })}
          </p>
          <ul class="checked">
            {last.results.map((result) => (
              <li key={`${result.kind} ${result.of}`}>
                <div>
                  <b>{result.name}</b>
                  <p class="soft">{measuresOf(result, running.get(result.of))}</p>
                  {result.sound?.levelDb !== undefined && (
                    <p class="soft">
                      <Meter label={say('meter.sends-of', { name: result.name })} db={result.sound.levelDb} />{' '}
                      {number(result.sound.levelDb)} dB · {say(`meter.${loudnessOf(result.sound.levelDb)}`)}
                    </p>
                  )}
                  {result.verdict !== undefined && result.verdict !== 'good' && (
                    <p class="advice">{adviceOf(result, result.verdict)}</p>
                  )}
                </div>
                <Badge tone={toneOf(result)}>
                  {result.verdict === undefined ? say(`rehearsal.${result.state}`) : say(`verdict.${result.verdict}`)}
                </Badge>
              </li>
            ))}
          </ul>
        </>
      )}
    </Panel>
  );
}

/** A far room is not ours to switch on. */
const adviceOf = ({ kind }: Result, verdict: Exclude<Result['verdict'], 'good' | undefined>): string =>
  verdict === 'no-answer' && kind === 'uplink'
    ? say('rehearsal.advice.no-answer.far')
    : say(`rehearsal.advice.${verdict}`);

const toneOf = ({ verdict }: Result): Tone =>
  verdict === undefined ? 'info' : verdict === 'good' ? 'good' : verdict === 'in-use' ? 'care' : 'bad';

/** What was measured; while the call still runs, how it sounds now. */
function measuresOf({ codec, picture, sound }: Result, running: Quality | undefined): string {
  const heard = sound ?? running;
  const figures = heard === undefined ? undefined : figuresOf(heard);
  const size = picture?.width === undefined ? undefined : `${picture.width}×${picture.height}`;
  const { frames: there = 0 } = picture ?? {};
  const { frames: back = 0 } = picture?.sent ?? {};
  const frames = there === 0 && back === 0 ? undefined : say('rehearsal.frames', { there, back });
  return [codec, size, frames, figures].filter((part) => part !== undefined).join(' · ');
}
