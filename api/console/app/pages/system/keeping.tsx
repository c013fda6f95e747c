import { useData } from '../../client/data.ts';
import type { Answer } from '../../client/http.ts';
import { Notice, Waiting } from '../../parts/notice.tsx';
import { Badge, Facts, PageHead, Panel, type Tone } from '../../parts/page.tsx';
import { bytes, number } from '../../words/format.ts';
import { say } from '../../words/words.ts';
import { SystemTabs } from './tabs.tsx';

type Archive = Answer<'GET /system/archive'>;
type Space = NonNullable<Archive['space']>;

const spaceTones: Record<Space['state'], Tone> = { ok: 'good', low: 'care', full: 'bad' };

/** How recordings are kept: for how long, where a second time, and whether there is room. */
export default function Keeping() {
  const found = useData('GET /system/archive', {}, ['recording', 'incident', 'change:session']);
  const archive = found.value;
  return (
    <>
      <PageHead title={say('keep.title')} about={say('keep.about')} />
      <SystemTabs current="/system/keeping" />
      {archive === undefined ? (
        <Waiting error={found.error} reload={found.reload} />
      ) : (
        <>
          {archive.space !== undefined && <Room space={archive.space} />}
          <Panel title={say('keep.how-long')}>
            <Facts
              items={[
                [
                  say('keep.days'),
                  archive.retentionDays === undefined
                    ? say('keep.for-good')
                    : say('keeping.days', { days: number(archive.retentionDays) }),
                ],
                [say('keep.held'), number(archive.heldSessions)],
                [say('keep.own-days'), number(archive.sessionsWithOwnDays)],
                [say('keep.closed'), number(archive.closed)],
                [say('keep.failed'), archive.failed === 0 ? undefined : number(archive.failed)],
              ]}
            />
            {archive.altered > 0 && (
              <Notice kind="bad">{say('keep.altered', { count: number(archive.altered) })}</Notice>
            )}
            <p class="hint">{say('keep.days-hint')}</p>
          </Panel>
          <Second second={archive.second} />
        </>
      )}
    </>
  );
}

/** The guard of the disk: what is free, and where it warns and stops. */
function Room({ space }: { space: Space }) {
  // The bar ends where there is plenty: at three times the warning, or at what is free.
  const whole = Math.max(space.freeBytes, space.warnBytes * 3, 1);
  const at = (count: number): number => Math.min(100, (count / whole) * 100);
  return (
    <Panel title={say('keep.space')} tone={space.state === 'ok' ? 'plain' : 'care'}>
      <p class="answer">
        <Badge tone={spaceTones[space.state]}>{say(`keep.space.${space.state}`)}</Badge>{' '}
        <b>{say('keep.free', { free: bytes(space.freeBytes) })}</b>
      </p>
      <svg class="guard" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
        <rect class="guard-all" width="100" height="8" />
        <rect class={`guard-${space.state}`} width={at(space.freeBytes)} height="8" />
        <rect class="guard-warn" x={at(space.warnBytes)} width="0.4" height="8" />
        <rect class="guard-stop" x={at(space.stopBytes)} width="0.4" height="8" />
      </svg>
      <p class="hint">{say('keep.limits', { warn: bytes(space.warnBytes), stop: bytes(space.stopBytes) })}</p>
    </Panel>
  );
}

function Second({ second }: { second: Archive['second'] }) {
  if (second === undefined) {
    return (
      <Panel title={say('keep.second')}>
        <p>{say('keep.no-second')}</p>
        <p class="hint">{say('keep.second-hint')}</p>
      </Panel>
    );
  }
  const trouble = !second.reachable || second.altered + second.missing > 0 || second.error !== undefined;
  return (
    <Panel title={say('keep.second')} tone={trouble ? 'care' : 'plain'}>
      <Facts
        items={[
          [say('keep.folder'), <span class="code">{second.folder}</span>],
          [
            say('keep.reachable'),
            <Badge tone={second.reachable ? 'good' : 'bad'}>
              {say(second.reachable ? 'keep.is-there' : 'keep.is-not-there')}
            </Badge>,
          ],
          [say('keep.copied'), number(second.copied)],
          [say('keep.waiting'), number(second.waiting)],
          [say('keep.copy-altered'), second.altered === 0 ? undefined : number(second.altered)],
          [say('keep.copy-missing'), second.missing === 0 ? undefined : number(second.missing)],
          [say('keep.checked-every'), say('keep.hours', { hours: number(second.checkEveryHours) })],
        ]}
      />
      {second.error !== undefined && <Notice kind="bad">{second.error}</Notice>}
    </Panel>
  );
}
