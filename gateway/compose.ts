import { EventEmitter } from 'node:events';
import type { Media } from '../freeswitch/media/media.ts';
import type { Clock } from '../platform/clock.ts';
import type { Config } from '../platform/config.ts';
import type { IdSource } from '../platform/ids.ts';
import type { Logger } from '../platform/log.ts';
import type { SpaceGuard, SpaceState } from '../store/archive/space.ts';
import type { SessionLog } from '../store/session-log.ts';
import type { Store } from '../store/store.ts';
import type { CallSignalling } from './call.ts';
import { DialPlan } from './dialplan/plan.ts';
import type { Gateway, GatewayEvents, GatewayHealth } from './gateway.ts';
import { Reception } from './ivr/reception.ts';
import { TestCalls } from './ivr/test-calls.ts';
import { LegBook } from './legs/leg-book.ts';
import type { GatewayParts } from './rooms/parts.ts';
import { Rehearsals } from './rooms/rehearsals.ts';
import { Sessions } from './rooms/sessions.ts';
import { Router } from './router.ts';

/** What a gateway is made of. */
export interface GatewayMaterial {
  config: Pick<Config, 'dataDir' | 'ringTimeoutS' | keyof GatewayParts['limits']>;
  store: Store;
  log: SessionLog;
  media: Media;
  signallings: CallSignalling[];
  clock: Clock;
  newId: IdSource;
  logger: Logger;
  /** Watches the space for recordings. */
  space: SpaceGuard;
  /** State of lines and signalling, from whoever knows. */
  lines: () => Pick<GatewayHealth, 'sip' | 'h323' | 'trunks' | 'gatekeepers'>;
}

/** Builds the gateway, brings back what was open before, and begins to take calls. */
export async function openGateway(material: GatewayMaterial): Promise<Gateway> {
  const { clock, log, logger, media, newId, signallings, space, store } = material;
  const events = new EventEmitter<GatewayEvents>();
  events.setMaxListeners(1_000);
  const legBook = new LegBook(store.legs, logger);
  legBook.on('leg', (leg) => events.emit('leg', leg));
  const bySignalling = Object.fromEntries(signallings.map((signalling) => [signalling.protocol, signalling]));
  const ringTimeoutMs = material.config.ringTimeoutS * 1_000;
  const limits = material.config;
  const parts: GatewayParts = {
    ...{ store, log, media, signallings: bySignalling, legBook, clock, newId, logger, ringTimeoutMs, limits, events },
  };
  const plan = new DialPlan(store, clock);
  const sessions = new Sessions(parts, material.config);
  const rehearsals = new Rehearsals(parts, sessions, material.config.dataDir, (trunkId) =>
    material.lines().trunks.find((line) => line.trunkId === trunkId),
  );
  const testCalls = new TestCalls(parts, sessions);
  const reception = new Reception(parts, sessions);
  const router = new Router(parts, plan, sessions, reception);

  const tellSpace = async (state: SpaceState): Promise<void> => {
    const { stopBytes, warnBytes } = space.limits;
    const values = { freeBytes: space.freeBytes, warnBytes, stopBytes };
    if (state !== 'ok') events.emit('incident', { code: `space.${state}`, values });
    await log.append({ event: `space.${state}`, actor: { kind: 'system' }, detail: values });
    await sessions.haltRecordings(state === 'full');
  };
  if (space.state !== 'ok') await tellSpace(space.state);
  space.on('state', (state) => void tellSpace(state));

  await sessions.restore();
  await rehearsals.restore();
  await testCalls.restore();
  for (const signalling of signallings) signalling.on('call', (call) => void router.take(call));

  return Object.assign(events, {
    openSession: sessions.open.bind(sessions),
    endSession: sessions.end.bind(sessions),
    setLocked: sessions.setLocked.bind(sessions),
    announce: sessions.announce.bind(sessions),
    setLayout: sessions.pictures.setLayout.bind(sessions.pictures),
    setFloor: sessions.pictures.setFloor.bind(sessions.pictures),
    callOut: sessions.callOut.bind(sessions),
    muteLeg: sessions.mute.bind(sessions),
    removeLeg: sessions.remove.bind(sessions),
    admitLeg: sessions.admit.bind(sessions),
    sendDigits: sessions.legs.sendDigits.bind(sessions.legs),
    setRecording: sessions.setRecording.bind(sessions),
    rehearse: rehearsals.begin.bind(rehearsals),
    testCall: testCalls.begin.bind(testCalls),
    quality: (legId: string) => sessions.lines.quality(legId),
    sound: (legId: string) => sessions.levels.sound(legId),
    watchLevels: (sessionId: string) => sessions.levels.watch(sessionId),
    lobby: () => sessions.legs.waiting(),
    legsKept: () => legBook.flush(),
    explain: plan.decide.bind(plan),
    health: (): GatewayHealth => ({
      ...material.lines(),
      media: { up: media.connected },
      calls: legBook.all().length,
      rooms: sessions.count,
      space: { state: space.state, freeBytes: space.freeBytes, ...space.limits },
    }),
    close: async () => {
      await Promise.all([sessions.close(), rehearsals.close(), testCalls.close()]);
      await Promise.all(signallings.map((signalling) => signalling.close()));
      await media.close();
      await legBook.flush();
      await log.flush();
    },
  });
}
