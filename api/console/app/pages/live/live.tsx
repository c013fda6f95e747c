import { useSignal } from '@preact/signals';
import { useData } from '../../client/data.ts';
import { user } from '../../client/http.ts';
import type { Leg, Quality, Session } from '../../client/live.ts';
import { Button, LinkButton } from '../../parts/button.tsx';
import { Clock } from '../../parts/clock.tsx';
import { Empty, Notice, Waiting } from '../../parts/notice.tsx';
import { Badge, PageHead, Panel } from '../../parts/page.tsx';
import { sentenceOf } from '../../parts/toast.tsx';
import { say } from '../../words/words.ts';
import { mayAs } from '../pages.ts';
import { stateTone } from '../sessions/state.ts';
import { CallOutDialog } from './call-out.tsx';
import { Incidents } from './incidents.tsx';
import { LegCard } from './leg-card.tsx';
import { EndButton, LiveBar } from './live-bar.tsx';
import { useLive } from './live-state.ts';
import { Lobby } from './lobby.tsx';

/** A session while it runs: who is in, how well, and everything that can be done. */
export default function Live({ params }: { params: Record<string, string> }) {
  const id = params.id ?? '';
  const live = useLive(id);
  const sites = useData('GET /sites', { query: { limit: 200 } }, ['change:site']);
  const devices = useData('GET /endpoints', { query: { limit: 200 } }, ['change:endpoint']);
  const calling = useSignal(false);
  const session = live.session.value;
  if (session === undefined) {
    return live.error.value === undefined ? (
      <Waiting error={undefined} />
    ) : (
      <Notice kind="bad">{sentenceOf(live.error.value)}</Notice>
    );
  }
  const mayAct = mayAs(user.value?.role ?? 'viewer', 'operator');
  const legs = [...live.legs.value.values()];
  const here = legs.filter(({ state }) => state !== 'ended' && state !== 'lobby');
  const waiting = [...legs.filter(({ state }) => state === 'lobby'), ...live.lobby.value];
  const gone = lastOfEach(
    legs.filter(({ state }) => state === 'ended'),
    here,
  );
  const card = (leg: Leg) => (
    <LegCard
      key={leg.id}
      session={session}
      leg={leg}
      siteName={sites.value?.items.find((site) => site.id === leg.siteId)?.name}
      deviceName={devices.value?.items.find((device) => device.id === leg.endpointId)?.name}
      talking={live.talking.value.has(leg.id)}
      level={live.levelOf(leg.id)}
      measured={live.measured.value}
      measures={live.quality.value.get(leg.id) ?? keptOf(leg)}
      mayAct={mayAct}
      replaced={here.some((other) => placeOf(other) === placeOf(leg))}
    />
  );

  return (
    <>
      <div class="live-head">
        <PageHead
          title={session.title}
          back={{ href: '/', text: say('today.title') }}
          about={say('live.about', { room: session.room })}
          actions={session.state === 'open' && mayAct && <EndButton session={session} />}
        />
        <StateLine session={session} />
        {session.state === 'open' && mayAct && <LiveBar session={session} />}
        {session.state === 'planned' && <Notice kind="info">{say('live.planned')}</Notice>}
        {session.state === 'ended' && (
          <Notice
            kind="info"
            action={
              <LinkButton href={`/sessions/${session.id}`} small icon="forward">
                {say('live.to-result')}
              </LinkButton>
            }
          >
            {say('live.ended')}
          </Notice>
        )}
      </div>
      <div class="columns">
        <div>
          {waiting.length > 0 && (
            <Lobby session={session} callers={waiting} mayAct={mayAct && session.state === 'open'} />
          )}
          <Panel
            title={say('live.participants', { count: here.length })}
            actions={
              mayAct &&
              session.state === 'open' && (
                <Button
                  icon="call"
                  kind="primary"
                  onClick={() => {
                    calling.value = true;
                  }}
                >
                  {say('live.call')}
                </Button>
              )
            }
          >
            {here.length === 0 ? (
              <Empty icon="person" title={say('live.nobody')} />
            ) : (
              <ul class="legs">{here.map(card)}</ul>
            )}
          </Panel>
          {gone.length > 0 && (
            <Panel title={say('live.gone', { count: gone.length })}>
              <ul class="legs">{gone.map(card)}</ul>
            </Panel>
          )}
        </div>
        <div class={live.incidents.value.length > 0 ? 'first-when-narrow' : undefined}>
          <Incidents items={live.incidents.value} />
        </div>
      </div>
      {calling.value && (
        <CallOutDialog
          session={session}
          onClose={() => {
            calling.value = false;
          }}
        />
      )}
    </>
  );
}

function StateLine({ session }: { session: Session }) {
  return (
    <div class="live-state">
      <Badge tone={stateTone[session.state]}>{say(`state.${session.state}`)}</Badge>
      {session.state === 'open' && (
        <>
          <Badge tone={session.record ? 'bad' : 'plain'}>
            {session.record ? say('live.recording') : say('live.not-recording')}
          </Badge>
          {session.locked && <Badge tone="care">{say('live.locked')}</Badge>}
          <span class="live-clock">
            <Clock since={session.startedAt} />
          </span>
        </>
      )}
    </div>
  );
}

const placeOf = (leg: Leg): string => leg.endpointId ?? leg.siteId ?? leg.number;

/** Of those who left, each place once, and none that is in again. */
function lastOfEach(gone: Leg[], here: readonly Leg[]): Leg[] {
  const last = new Map(gone.map((leg) => [placeOf(leg), leg]));
  for (const leg of here) last.delete(placeOf(leg));
  return [...last.values()];
}

/** The last measure that the leg's record keeps, until the next one comes. */
function keptOf({ id, quality }: Leg): Quality[] {
  if (quality?.score === undefined) return [];
  const { score, lossPercent = 0, jitterMs = 0, width, height } = quality;
  const picture = width === undefined || height === undefined ? {} : { width, height };
  return [{ legId: id, score, lossPercent, jitterMs, ...picture }];
}
