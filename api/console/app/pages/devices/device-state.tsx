import { useData } from '../../client/data.ts';
import { type Answer, ask, user } from '../../client/http.ts';
import type { Quality } from '../../client/live.ts';
import { useRunningMeasures } from '../../client/running-measures.ts';
import { Button } from '../../parts/button.tsx';
import { confirm } from '../../parts/confirm.tsx';
import { Notice, Waiting } from '../../parts/notice.tsx';
import { Badge, Facts } from '../../parts/page.tsx';
import { toast } from '../../parts/toast.tsx';
import { dateTime, number } from '../../words/format.ts';
import { say, sayOf } from '../../words/words.ts';
import { figuresOf } from '../live/quality.tsx';
import { mayAs } from '../pages.ts';

type State = Answer<'GET /endpoints/{id}/device'>;

const windowMinutes = 30;

/** What a device was last given and runs, and what staff can do about it: let it in, renew its key, try it. */
export function DeviceState({ id }: { id: string }) {
  const found = useData('GET /endpoints/{id}/device', { path: { id } }, [
    'registration',
    'change:endpoint',
    'event:test.started',
    'event:test.result',
  ]);
  const running = useRunningMeasures().get(id);
  const state = found.value;
  if (state === undefined) return <Waiting error={found.error} reload={found.reload} />;
  const mayAct = mayAs(user.value?.role ?? 'viewer', 'admin');
  const [there] = state.registrations;
  return (
    <section aria-label={say('device-state.title')}>
      <h3>
        {say('device-state.title')}{' '}
        <Badge tone={state.upToDate ? 'good' : 'care'}>
          {say(state.upToDate ? 'device-state.up-to-date' : 'device-state.behind')}
        </Badge>
      </h3>
      <Facts
        items={[
          [
            say('device-state.asked'),
            state.lastAskedAt === undefined ? say('device-state.never') : dateTime(state.lastAskedAt),
          ],
          [say('device-state.from'), state.lastAskedFrom],
          [say('device-state.runs'), state.userAgent],
          [say('device-state.firmware'), state.firmware],
          [say('device-state.registered'), there === undefined ? say('devices.away') : there.source],
          [say('device-state.refused'), state.refusals === 0 ? undefined : number(state.refusals)],
          [
            say('device-state.tested'),
            state.lastTest === undefined ? undefined : <Tested test={state.lastTest} running={running} />,
          ],
        ]}
      />
      {!state.fits && <Notice kind="bad">{say('device-state.unfit')}</Notice>}
      {state.elsewhere !== undefined && (
        <Notice kind="care">
          {say('device-state.elsewhere', { network: state.elsewhere.network, at: dateTime(state.elsewhere.at) })}
        </Notice>
      )}
      <div class="row-actions">
        <Button
          icon="call"
          onClick={async () => {
            await ask('POST /endpoints/{id}/test-call', { path: { id } });
            found.reload();
            toast(say('device-state.testing'));
          }}
        >
          {say('device-state.test')}
        </Button>
        <Button icon="refresh" onClick={found.reload}>
          {say('device-state.reload')}
        </Button>
        {mayAct && (
          <>
            <Button
              icon="unlock"
              onClick={async () => {
                await ask('POST /provisioning/windows', { body: { endpointId: id, minutes: windowMinutes, most: 1 } });
                toast(say('device-state.window-open', { minutes: windowMinutes }));
              }}
            >
              {say('device-state.window')}
            </Button>
            <Button kind="danger" icon="lock" onClick={() => renew(id, found.reload)}>
              {say('device-state.renew')}
            </Button>
            {state.elsewhere !== undefined && (
              <Button
                icon="ok"
                onClick={async () => {
                  const network = state.elsewhere?.network ?? '';
                  await ask('POST /endpoints/{id}/device/networks', { path: { id }, body: { network } });
                  found.reload();
                }}
              >
                {say('device-state.trust')}
              </Button>
            )}
          </>
        )}
      </div>
    </section>
  );
}

/** The last call that tried the device: while it runs how it sounds now, then what was found. */
function Tested({ test, running }: { test: NonNullable<State['lastTest']>; running: Quality | undefined }) {
  const verdict = test.verdict ?? test.state;
  const lost = [test.received?.lossPercent, test.sent?.lossPercent].filter((one) => one !== undefined);
  return (
    <>
      <Badge tone={verdict === 'good' ? 'good' : test.endedAt === undefined ? 'info' : 'bad'}>
        {sayOf('test-verdict', verdict.replace(' ', '-'), verdict)}
      </Badge>{' '}
      {dateTime(test.startedAt)}
      {test.endedAt === undefined && running !== undefined && ` · ${figuresOf(running)}`}
      {lost.length > 0 && ` · ${say('device-state.loss', { percent: lost.map((one) => number(one)).join(' / ') })}`}
    </>
  );
}

function renew(id: string, reload: () => void): void {
  confirm({
    title: say('device-state.renew'),
    text: say('device-state.renew-text'),
    deed: say('device-state.renew'),
    danger: true,
    act: async () => {
      await ask('POST /endpoints/{id}/device/key', { path: { id }, body: {} });
      reload();
    },
  });
}
