import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, describe, it } from 'mocha';
import { ClearError } from '../../../../gateway/call.ts';
import { FarGatekeeperClient } from '../../../../gateway/h323/ras/client/client.ts';
import { FarGatekeepers } from '../../../../gateway/h323/ras/client/clients.ts';
import {
  type Action,
  type Candidate,
  type Input,
  type Machine,
  next,
  stopped,
} from '../../../../gateway/h323/ras/client/machine.ts';
import type { AdmissionQuestion, ClientState } from '../../../../gateway/h323/ras/interface.ts';
import { systemClock } from '../../../../platform/clock.ts';
import { logger, Zone } from './zone.ts';

const gatekeeperHost = '127.0.0.51';
const ownHost = '127.0.0.52';
const question = (number: number, called = '8000'): AdmissionQuestion => ({
  callIdentifier: new Uint8Array(16).fill(number),
  conferenceId: new Uint8Array(16).fill(7),
  callReference: number,
  called,
});

function told(action: Action): string {
  switch (action.do) {
    case 'discover':
      return `discover ${action.candidate.address.host}`;
    case 'register':
      return `register ${action.full ? 'full' : 'light'}`;
    case 'tell':
      return `tell ${action.state}`;
    case 'wait':
      return `wait ${action.ms}`;
    case 'unregister':
      return 'unregister';
  }
}

describe('the states of a registration at a far gatekeeper', () => {
  const configured: Candidate = { address: { host: '10.0.0.1', port: 1719 }, identifier: undefined };
  const ras = { host: '10.0.0.1', port: 1719 };
  const other: Candidate = { address: { host: '10.0.0.2', port: 1719 }, identifier: 'b' };
  const granted: Input = { kind: 'registered', timeToLiveS: 60, alternates: [] };
  const found: Input = { kind: 'confirmed', ras, identifier: 'a', alternates: [] };
  const refused = (again: 'discovery' | 'full' | 'none', alternates: Candidate[] = []): Input => ({
    kind: 'refused',
    reason: 'why',
    again,
    alternates,
  });
  const stories: [string, Input[], string, string[]][] = [
    ['begins with discovery', [{ kind: 'start' }], 'discovering', ['discover 10.0.0.1']],
    ['found: registers', [{ kind: 'start' }, found], 'registering', ['register full']],
    [
      'registered: waits for the renewal',
      [{ kind: 'start' }, found, granted],
      'registered',
      ['tell registered', 'wait 42000'],
    ],
    ['renews lightly', [{ kind: 'start' }, found, granted, { kind: 'due' }], 'renewing', ['register light']],
    [
      'no time to live: asks now and then',
      [{ kind: 'start' }, found, { ...granted, timeToLiveS: undefined }],
      'registered',
      ['tell registered', 'wait 210000'],
    ],
    ['nobody there: waits', [{ kind: 'start' }, { kind: 'silent' }], 'waiting', ['tell unreachable', 'wait 5000']],
    [
      'waits longer the second time',
      [{ kind: 'start' }, { kind: 'silent' }, { kind: 'due' }, { kind: 'silent' }],
      'waiting',
      ['tell unreachable', 'wait 10000'],
    ],
    ['refused: waits', [{ kind: 'start' }, found, refused('none')], 'waiting', ['tell refused', 'wait 5000']],
    [
      'refused, with another gatekeeper named: tries it',
      [{ kind: 'start' }, found, refused('none', [other])],
      'discovering',
      ['discover 10.0.0.2'],
    ],
    [
      'the renewal wants everything',
      [{ kind: 'start' }, found, granted, { kind: 'due' }, refused('full')],
      'registering',
      ['tell none', 'register full'],
    ],
    [
      'the renewal wants discovery',
      [{ kind: 'start' }, found, granted, { kind: 'due' }, refused('discovery')],
      'discovering',
      ['discover 10.0.0.1'],
    ],
    [
      'silent at renewal: looks for it',
      [{ kind: 'start' }, found, granted, { kind: 'due' }, { kind: 'silent' }],
      'discovering',
      ['tell unreachable', 'discover 10.0.0.1'],
    ],
    [
      'put out: registers again',
      [{ kind: 'start' }, found, granted, { kind: 'lost', reason: 'urq', alternates: [] }],
      'registering',
      ['tell none', 'register full'],
    ],
    ['stopped: leaves', [{ kind: 'start' }, found, granted, { kind: 'stop' }], 'stopped', ['unregister', 'tell none']],
    ['stopped on the way: says nothing', [{ kind: 'start' }, found, { kind: 'stop' }], 'stopped', []],
    ['a late answer changes nothing', [{ kind: 'start' }, found, granted, found], 'registered', []],
  ];
  for (const [name, inputs, state, last] of stories) {
    it(name, () => {
      let machine: Machine = stopped(configured);
      let actions: string[] = [];
      for (const input of inputs) {
        const step = next(machine, input);
        machine = step.machine;
        actions = step.actions.map(told);
      }
      assert.equal(machine.state.name, state);
      assert.deepEqual(actions, last);
    });
  }

  it('never waits longer than five minutes', () => {
    let machine = next(stopped(configured), { kind: 'start' }).machine;
    let longest = 0;
    for (let round = 0; round < 40; round++) {
      const step = next(machine, { kind: 'silent' });
      for (const action of step.actions) if (action.do === 'wait') longest = Math.max(longest, action.ms);
      machine = next(step.machine, { kind: 'due' }).machine;
    }
    assert.equal(longest, 300_000);
  });
});

describe('our client at a gatekeeper', function () {
  this.timeout(30_000);
  let zone: Zone;
  const clients: FarGatekeeperClient[] = [];
  before(async () => {
    zone = await Zone.open(gatekeeperHost, { identifier: 'tinh' });
    zone.dialable.add('8000');
    await zone.device('xa', '300', { secret: 'bí mật' });
  });
  after(async () => {
    for (const client of clients) await client.close();
    await zone?.close();
  });

  const client = async (change: Partial<{ username: string; password: string | undefined; port: number }> = {}) => {
    const account = { username: 'xa', password: 'bí mật', port: zone.gatekeeper.port, ...change };
    const made = new FarGatekeeperClient(
      'site',
      { host: gatekeeperHost, identifier: undefined, aliases: ['300'], ...account },
      {
        clock: systemClock,
        logger,
        host: ownHost,
        publicHost: ownHost,
        signallingPort: () => 1720,
        pace: 0.02,
      },
    );
    clients.push(made);
    return made;
  };
  const state = async (one: FarGatekeeperClient, wanted: ClientState): Promise<string> => {
    while (one.state !== wanted) await once(one, 'state', { signal: AbortSignal.timeout(10_000) });
    return one.text;
  };
  const failure = async (work: Promise<unknown>): Promise<string> => {
    const error = await work.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof ClearError, 'a call that does not come about');
    return error.cause.text;
  };

  it('registers with its password, and renews', async () => {
    const one = await client();
    await one.start();
    await state(one, 'registered');
    const { endpointIdentifier } = zone.gatekeeper.locate('300')!;
    assert.deepEqual(zone.gatekeeper.locate('xa')?.address, { host: ownHost, port: 1720 });
    const renewed = async () => (await zone.store.registrations.get(endpointIdentifier))!.updatedAt.getTime();
    const first = await renewed();
    while ((await renewed()) === first) await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(zone.gatekeeper.locate('xa')?.endpointIdentifier, endpointIdentifier);
    assert.equal(one.isSource({ host: gatekeeperHost, port: 40_000 }), true);
    assert.equal(one.isSource({ host: '127.0.0.99', port: 1720 }), false);
    await one.close();
    assert.equal(zone.gatekeeper.locate('xa'), undefined, 'it takes the registration back');
  });

  it('takes its registration back though a renewal is on its way', async () => {
    const one = await client();
    await one.start();
    await state(one, 'registered');
    const { endpointIdentifier } = zone.gatekeeper.locate('300')!;
    const renewed = async () => (await zone.store.registrations.get(endpointIdentifier))!.updatedAt.getTime();
    const first = await renewed();
    // The gatekeeper keeps a renewal before it answers it.
    while ((await renewed()) === first) await new Promise((resolve) => setImmediate(resolve));
    await one.close();
    assert.equal(zone.gatekeeper.locate('xa'), undefined);
  });

  it('is let call, changes its bandwidth, and says when it is over', async () => {
    const one = await client();
    await one.start();
    const admission = await one.admit(question(1));
    assert.deepEqual(admission.address, { host: gatekeeperHost, port: 1720 });
    assert.deepEqual([admission.model, admission.called, admission.bandwidth], ['gatekeeperRouted', '8000', 3_840]);
    const key = '01'.repeat(16);
    assert.equal(zone.gatekeeper.admissions()[0]?.callKey, key);
    assert.equal(await one.changeBandwidth(key, 1_280), 1_280);
    await one.callEnded(key);
    assert.deepEqual(zone.gatekeeper.admissions(), []);
    assert.match(await failure(one.admit(question(2, '9999'))), /calledPartyNotRegistered/);
    assert.match(await failure(one.admitAnswer(question(3))), /routeCallToGatekeeper/);
    const { endpointId } = zone.gatekeeper.locate('xa')!;
    const { callIdentifier, conferenceId } = question(3);
    zone.gatekeeper.expectCall({ endpointId, callIdentifier, conferenceId, caller: '8000' });
    assert.equal((await one.admitAnswer(question(3))).called, '8000');
    const cleared = once(one, 'clear');
    await zone.gatekeeper.clearCall('03'.repeat(16));
    assert.deepEqual(await cleared, ['03'.repeat(16)]);
    await one.close();
  });

  it('is there again when the gatekeeper forgot it, and calls all the same', async () => {
    const one = await client();
    await one.start();
    await state(one, 'registered');
    const before = zone.gatekeeper.locate('xa')!;
    await zone.gatekeeper.unregister(before.endpointId);
    while (zone.gatekeeper.locate('xa') === undefined) await new Promise((resolve) => setTimeout(resolve, 20));
    assert.notEqual(zone.gatekeeper.locate('xa')?.endpointIdentifier, before.endpointIdentifier);
    await zone.store.registrations.removeAll({});
    assert.equal((await one.admit(question(4))).called, '8000');
    await one.callEnded('04'.repeat(16));
    await one.close();
  });

  it('tells that it is refused, or that nobody is there', async () => {
    const wrong = await client({ password: 'falsch' });
    await wrong.start();
    assert.equal(await state(wrong, 'refused'), 'securityDenial');
    assert.match(await failure(wrong.admit(question(5))), /not registered/);
    await wrong.close();
    const alone = await client({ port: 9 });
    await alone.start();
    await state(alone, 'unreachable');
    await alone.close();
  });

  it('follows the uplinks in the store; sites with one account share it', async () => {
    const uplink = {
      protocol: 'h323' as const,
      address: '8000',
      join: 'cascade' as const,
      username: 'xa',
      secret: zone.seal.seal('bí mật'),
      gatekeeper: { host: gatekeeperHost, port: zone.gatekeeper.port, aliases: ['300'] },
    };
    for (const id of ['province', 'central']) {
      await zone.store.sites.insert({ id, name: id, kind: 'province', uplink });
    }
    const all = new FarGatekeepers({
      store: zone.store,
      seal: zone.seal,
      clock: systemClock,
      logger,
      host: ownHost,
      publicHost: ownHost,
      signallingPort: () => 1720,
    });
    try {
      const registered = once(all, 'state');
      await all.start();
      await registered;
      assert.deepEqual(
        all.states().map((one) => [one.siteId, one.state]),
        [
          ['province', 'registered'],
          ['central', 'registered'],
        ].sort(),
      );
      assert.equal(all.of('province'), all.of('central'));
      assert.equal(all.bySource({ host: gatekeeperHost, port: 5_000 }), all.of('province'));
      await zone.store.sites.update('province', { uplink: undefined });
      await zone.store.sites.update('central', { uplink: undefined });
      await all.review();
      assert.equal(all.of('province'), undefined);
      assert.equal(zone.gatekeeper.locate('xa'), undefined);
    } finally {
      await all.close();
    }
  });
});
