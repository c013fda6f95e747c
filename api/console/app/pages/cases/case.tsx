import { useSignal } from '@preact/signals';
import { useData } from '../../client/data.ts';
import { addressOf, user } from '../../client/http.ts';
import { Button, LinkButton } from '../../parts/button.tsx';
import { Files } from '../../parts/files.tsx';
import type { IconName } from '../../parts/icon.tsx';
import { Notice, Waiting } from '../../parts/notice.tsx';
import { Badge, Facts, PageHead, Panel } from '../../parts/page.tsx';
import { date, dateTime } from '../../words/format.ts';
import { say } from '../../words/words.ts';
import { mayAs } from '../pages.ts';
import { NoticeDialog } from './notice.tsx';
import { type Case, caseTone, wayOf } from './state.ts';
import { type Step, StepDialog } from './step.tsx';

const stepIcons: Record<Step, IconName> = {
  propose: 'forward',
  report: 'up',
  accept: 'ok',
  refuse: 'close',
  hold: 'ok',
  'issue-notice': 'shield',
  close: 'lock',
  withdraw: 'back',
};
const stepNames = Object.keys(stepIcons) as Step[];

/** A case: who asks, how far it has come, what can be done next. */
export default function CasePage({ params }: { params: Record<string, string> }) {
  const id = params.id ?? '';
  const found = useData('GET /cases/{id}', { path: { id } }, ['change:case']);
  const step = useSignal<Step | 'notice' | undefined>(undefined);
  const one = found.value;
  if (one === undefined) return <Waiting error={found.error} reload={found.reload} />;
  const mayAct = mayAs(user.value?.role ?? 'viewer', 'operator');
  const steps = stepNames.filter((name) => one.nextSteps.includes(name));
  const close = (): void => {
    step.value = undefined;
    found.reload();
  };
  return (
    <>
      <PageHead
        title={one.title}
        back={{ href: '/cases', text: say('cases.title') }}
        about={
          <>
            <span class="code">{one.code}</span> · {say(`kind.${one.kind}`)} ·{' '}
            {say('case.authority-of', { authority: say(`site.${one.authority}`) })}{' '}
            <Badge tone={caseTone[one.state]}>{say(`case.${one.state}`)}</Badge>
          </>
        }
        actions={
          mayAct && (
            <>
              {steps.map((name, place) => (
                <Button
                  key={name}
                  icon={stepIcons[name]}
                  kind={name === 'refuse' || name === 'withdraw' ? 'danger' : place === 0 ? 'primary' : 'secondary'}
                  onClick={() => {
                    step.value = name;
                  }}
                >
                  {say(`step.${name}`)}
                </Button>
              ))}
              {one.state === 'accepted' && (
                <LinkButton href={`/sessions/new?case=${one.id}`} icon="add" kind="primary">
                  {say('case.plan-session')}
                </LinkButton>
              )}
              {one.state !== 'closed' && (
                <LinkButton href={`/cases/${one.id}/edit`} icon="edit">
                  {say('action.edit')}
                </LinkButton>
              )}
            </>
          )
        }
      />
      <Way one={one} />
      <div class="columns columns-even">
        <div>
          <Panel title={say('case.citizens')}>
            {one.citizens.map((citizen) => (
              <div key={citizen.name} class="citizen">
                <h3>{citizen.name}</h3>
                <Facts
                  items={[
                    [
                      say('citizen.birth-year'),
                      citizen.birthYear === undefined ? undefined : String(citizen.birthYear),
                    ],
                    [say('citizen.phone'), citizen.phone],
                    [say('citizen.id-number'), citizen.idNumber],
                    [say('citizen.address'), citizen.address],
                  ]}
                />
              </div>
            ))}
            {one.people !== undefined && <p class="soft">{say('case.people-count', { count: one.people })}</p>}
          </Panel>
          <Panel title={say('case.summary')}>
            <p class="text">{one.summary === '' ? say('field.none') : one.summary}</p>
            {one.note !== undefined && <p class="text soft">{one.note}</p>}
          </Panel>
          {mayAct && (
            <Panel title={say('files.title')}>
              <Files owner="case" id={id} mayAct={mayAct} />
            </Panel>
          )}
        </div>
        <div>
          <Decision one={one} />
          {(one.state === 'held' || one.notice !== undefined) && mayAct && (
            <Panel title={say('notice.title')}>
              {one.notice === undefined ? (
                <Notice kind="care">{say('notice.missing')}</Notice>
              ) : (
                <Facts
                  items={[
                    [say('notice.number'), one.notice.number],
                    [say('notice.date'), one.notice.date === undefined ? undefined : date(one.notice.date)],
                    [
                      say('notice.issued'),
                      one.notice.issuedAt === undefined ? say('notice.draft') : dateTime(one.notice.issuedAt),
                    ],
                  ]}
                />
              )}
              <br />
              <div class="row-actions">
                {one.notice?.issuedAt === undefined && (
                  <Button
                    icon="edit"
                    kind="primary"
                    onClick={() => {
                      step.value = 'notice';
                    }}
                  >
                    {say('notice.write')}
                  </Button>
                )}
                {one.notice !== undefined && (
                  <>
                    <LinkButton
                      icon="download"
                      download
                      href={addressOf('GET /cases/{id}/notice.docx', { path: { id } })}
                    >
                      DOCX
                    </LinkButton>
                    <LinkButton
                      icon="download"
                      download
                      href={addressOf('GET /cases/{id}/notice.pdf', { path: { id } })}
                    >
                      PDF
                    </LinkButton>
                  </>
                )}
              </div>
            </Panel>
          )}
          <Panel title={say('case.history')}>
            <ul class="log-list">
              <li>
                <time>{date(one.registeredAt)}</time>
                <span>{say('case.registered')}</span>
              </li>
              {one.history.map((taken) => (
                <li key={`${taken.at} ${taken.step}`}>
                  <time>{date(taken.at)}</time>
                  <span>
                    {say(`case.${taken.to}`)} <span class="soft">({taken.by})</span>
                    {taken.reason !== undefined && <p class="soft text">{taken.reason}</p>}
                  </span>
                </li>
              ))}
            </ul>
          </Panel>
        </div>
      </div>
      {step.value === 'notice' && <NoticeDialog one={one} onClose={close} />}
      {step.value !== undefined && step.value !== 'notice' && (
        <StepDialog one={one} step={step.value} onClose={close} />
      )}
    </>
  );
}

/** How far it has come, of how far there is to go. */
function Way({ one }: { one: Case }) {
  const way = wayOf(one.authority);
  const place = way.indexOf(one.state);
  if (place < 0) return null;
  return (
    <ol class="path" aria-label={say('case.way')}>
      {way.map((state, at) => (
        <li key={state} class={at < place ? 'done' : undefined} aria-current={at === place ? 'step' : undefined}>
          {say(`case.${state}`)}
        </li>
      ))}
    </ol>
  );
}

function Decision({ one }: { one: Case }) {
  const session = useData(
    'GET /sessions/{id}',
    one.sessionId === undefined ? undefined : { path: { id: one.sessionId } },
  );
  const { decision } = one;
  if (decision === undefined && one.sessionId === undefined && one.outcome === undefined) return null;
  return (
    <Panel title={say('case.decision')}>
      <Facts
        items={[
          [say('decision.verdict'), decision === undefined ? undefined : say(`case.${decision.verdict}`)],
          [say('decision.by'), decision?.by],
          [say('decision.reason'), decision?.reason],
          [say('decision.document'), decision?.document],
          [
            say('decision.session'),
            session.value === undefined ? undefined : (
              <a href={`/sessions/${session.value.id}`}>{session.value.title}</a>
            ),
          ],
          [say('decision.outcome'), one.outcome],
        ]}
      />
    </Panel>
  );
}
