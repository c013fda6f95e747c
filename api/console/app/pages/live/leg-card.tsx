import { type Signal, useSignal } from '@preact/signals';
import { ask } from '../../client/http.ts';
import type { Level } from '../../client/levels.ts';
import type { Leg, Quality, Session } from '../../client/live.ts';
import { Button } from '../../parts/button.tsx';
import { confirm } from '../../parts/confirm.tsx';
import { Badge, type Tone } from '../../parts/page.tsx';
import { toast } from '../../parts/toast.tsx';
import { time } from '../../words/format.ts';
import { say, sayOf } from '../../words/words.ts';
import { DigitsDialog } from './digits.tsx';
import { LegQuality } from './quality.tsx';
import { Voice } from './voice.tsx';

const tones: Record<Leg['state'], Tone> = {
  calling: 'care',
  ringing: 'care',
  ivr: 'info',
  lobby: 'care',
  joined: 'good',
  ended: 'plain',
};

interface CardProps {
  session: Session;
  leg: Leg;
  siteName: string | undefined;
  deviceName: string | undefined;
  talking: boolean;
  /** How loud it is, where anything measures that. */
  level: Signal<Level | undefined>;
  measured: boolean;
  measures: readonly Quality[];
  mayAct: boolean;
  /** Somebody else of the same place is in: calling again would be a second line. */
  replaced: boolean;
}

/** One who is, or was, in the session. */
export function LegCard({
  session,
  leg,
  siteName,
  deviceName,
  talking,
  level,
  measured,
  measures,
  mayAct,
  replaced,
}: CardProps) {
  const keypad = useSignal(false);
  const path = { id: session.id, leg: leg.id };
  const change = (body: { muted?: boolean; floor?: boolean; admitted?: true }) =>
    ask('PATCH /sessions/{id}/legs/{leg}', { path, body });
  const joined = leg.state === 'joined';
  const ended = leg.state === 'ended';
  const last = measures.at(-1);
  const look = ended ? 'ended' : joined ? 'joined' : 'calling';
  const picture = last?.width === undefined || last.height === undefined ? undefined : `${last.width}×${last.height}`;
  const facts = [
    siteName,
    deviceName !== leg.name ? deviceName : undefined,
    leg.number === '' ? undefined : leg.number,
    leg.protocol === 'h323' ? 'H.323' : 'SIP',
    leg.codec,
    picture,
    leg.joinedAt === undefined ? undefined : say('leg.since', { time: time(leg.joinedAt) }),
  ].filter((fact) => fact !== undefined);

  return (
    <li class={`leg leg-${look}${talking && joined && !leg.muted ? ' leg-talking' : ''}`} data-leg={leg.id}>
      <div>
        <div class="leg-name">
          <h3>{leg.name === '' ? leg.number : leg.name}</h3>
          <Badge tone={tones[leg.state]}>{say(`leg.${leg.state}`)}</Badge>
          {leg.floor && joined && <Badge tone="info">{say('leg.floor')}</Badge>}
          {leg.muted && joined && <Badge tone="care">{say('leg.muted')}</Badge>}
          {leg.alarms.map((alarm) => (
            <Badge key={alarm} tone="bad">
              {say(`alarm.${alarm}`)}
            </Badge>
          ))}
        </div>
        <p class="leg-facts">
          {facts.map((fact) => (
            <span key={fact}>{fact}</span>
          ))}
        </p>
        {joined && <Voice leg={leg} talking={talking} level={level} measured={measured} />}
        {ended && leg.cause !== undefined && <p class="soft">{say('leg.why', { cause: causeOf(leg.cause) })}</p>}
      </div>
      {joined && <LegQuality measures={measures} />}
      {mayAct && session.state === 'open' && (
        <div class="leg-actions">
          {joined && (
            <>
              <Button
                small
                icon={leg.muted ? 'mic' : 'mic-off'}
                pressed={leg.muted}
                onClick={() => change({ muted: !leg.muted })}
              >
                {leg.muted ? say('leg.unmute') : say('leg.mute')}
              </Button>
              <Button
                small
                icon="floor"
                pressed={fixed(session, leg)}
                onClick={() => change({ floor: !fixed(session, leg) })}
              >
                {say('leg.give-floor')}
              </Button>
              <Button
                small
                icon="digits"
                onClick={() => {
                  keypad.value = true;
                }}
              >
                {say('leg.digits')}
              </Button>
            </>
          )}
          {leg.state === 'lobby' && (
            <Button small kind="primary" icon="door" onClick={() => change({ admitted: true })}>
              {say('leg.admit')}
            </Button>
          )}
          {!ended && (
            <Button small kind="danger" icon="hang-up" onClick={() => remove(session, leg)}>
              {joined ? say('leg.remove') : say('leg.hang-up')}
            </Button>
          )}
          {ended && !replaced && again(leg) !== undefined && (
            <Button small icon="call" onClick={() => callAgain(session, leg)}>
              {say('leg.again')}
            </Button>
          )}
        </div>
      )}
      {keypad.value && (
        <DigitsDialog
          session={session}
          leg={leg}
          onClose={() => {
            keypad.value = false;
          }}
        />
      )}
    </li>
  );
}

const fixed = (session: Session, leg: Leg): boolean => {
  const { floor } = session;
  if (floor.kind === 'leg') return floor.legId === leg.id;
  if (floor.kind === 'endpoint') return floor.endpointId === leg.endpointId;
  return floor.kind === 'site' && floor.siteId === leg.siteId;
};

const causeOf = (cause: NonNullable<Leg['cause']>): string =>
  sayOf('cause', String(cause.q850 ?? cause.sip ?? ''), cause.text);

function remove(session: Session, leg: Leg): void {
  confirm({
    title: say('leg.remove-title'),
    text: say('leg.remove-text', { name: leg.name }),
    deed: say('leg.remove'),
    danger: true,
    act: () => ask('DELETE /sessions/{id}/legs/{leg}', { path: { id: session.id, leg: leg.id } }),
  });
}

/** How one who was in is called once more, where that can be told. */
function again(leg: Leg) {
  if (leg.endpointId !== undefined) return { kind: 'endpoint' as const, endpointId: leg.endpointId };
  if (leg.siteId !== undefined && leg.direction === 'out') return { kind: 'uplink' as const, siteId: leg.siteId };
  if (leg.number === '') return undefined;
  const line = leg.trunkId === undefined ? {} : { trunkId: leg.trunkId };
  return { kind: 'phone' as const, number: leg.number, ...line };
}

async function callAgain(session: Session, leg: Leg): Promise<void> {
  const who = again(leg);
  if (who === undefined) return;
  await ask('POST /sessions/{id}/calls', { path: { id: session.id }, body: who });
  toast(say('live.calling', { name: leg.name }));
}
