import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, describe, it } from 'mocha';
import { encodeRas, type RasMessage } from '../../../../gateway/h323/h225/index.ts';
import { toTransport } from '../../../../gateway/h323/ras/address.ts';
import { toAlias } from '../../../../gateway/h323/ras/alias.ts';
import { hmacSha1, md5, timeSync } from '../../../../gateway/h323/ras/security/identifiers.ts';
import type { Terminal } from './terminal.ts';
import { faultsOf } from './tshark.ts';
import { Zone } from './zone.ts';

const host = '127.0.0.31';

const reasonOf = (message: RasMessage | undefined): string | undefined => {
  const body = Object.values(message ?? {})[0] as { rejectReason?: object } | undefined;
  return Object.keys(body?.rejectReason ?? {})[0];
};

describe('our gatekeeper', function () {
  this.timeout(30_000);
  let zone: Zone;
  before(async () => {
    zone = await Zone.open(host, {
      limits: {
        timeToLiveS: { least: 1, usual: 120, most: 300 },
        bandwidth: { perCall: 40_000, total: 50_000 },
        callsPerDevice: 2,
      },
    });
    await zone.device('open', '101', { address: '127.0.0.0/16' });
    await zone.device('hash', '102', { secret: 'mật khẩu 1' });
    await zone.device('signs', '103', { secret: 'mật khẩu 2' });
    await zone.device('fixed', '104', { address: '127.0.0.44' });
    await zone.device('off', '105', { address: '127.0.0.0/16', enabled: false });
    zone.dialable.add('8000');
  });
  after(() => zone?.close());

  const terminal = async (name: string, from = '127.0.0.32'): Promise<Terminal> => {
    const made = await zone.terminal(from);
    made.name = name;
    return made;
  };
  const registered = async (name: string, from?: string): Promise<Terminal> => {
    const made = await terminal(name, from);
    assert.ok((await made.register([name]))?.registrationConfirm !== undefined, `${name} registers`);
    return made;
  };

  describe('discovery', () => {
    it('names itself, and the best way of proving a password', async () => {
      const codec = await terminal('hash');
      for (const [offers, chosen] of [
        [[md5], md5],
        [[md5, hmacSha1], hmacSha1],
      ] as const) {
        const confirm = (await codec.ask(codec.discovery({ algorithmOIDs: [...offers] })))?.gatekeeperConfirm;
        assert.equal(confirm?.gatekeeperIdentifier, 'diemcau');
        assert.deepEqual(confirm?.rasAddress, toTransport({ host, port: zone.gatekeeper.port }));
        assert.equal(confirm?.algorithmOID, chosen);
      }
    });

    it('tells the time to whom it may concern', async () => {
      const codec = await terminal('hash');
      const asked = codec.discovery({ authenticationCapability: [{ pwdHash: null }, { keyExch: timeSync }] });
      const token = (await codec.ask(asked))?.gatekeeperConfirm?.tokens?.[0];
      assert.ok(Math.abs(token!.timeStamp! - Date.now() / 1000) < 10);
    });

    it('asks nothing of a device without a password', async () => {
      const codec = await terminal('open');
      assert.equal((await codec.ask(codec.discovery()))?.gatekeeperConfirm?.authenticationMode, undefined);
    });

    const refusals: [string, Parameters<Terminal['discovery']>[0], string][] = [
      ['another gatekeeper is wanted', { gatekeeperIdentifier: 'tinh' }, 'terminalExcluded'],
      ['another protocol', { protocolIdentifier: '1.2.3' }, 'invalidRevision'],
      ['no way of proving that we know', { authenticationCapability: [{ tls: null }] }, 'securityDenial'],
      [
        'a feature that it cannot do without',
        { featureSet: { replacementFeatureSet: false, neededFeatures: [{ id: { standard: 18 } }] } },
        'neededFeatureNotSupported',
      ],
    ];
    for (const [name, change, reason] of refusals) {
      it(`refuses: ${name}`, async () => {
        const codec = await terminal('hash');
        assert.equal(reasonOf(await codec.ask(codec.discovery(change))), reason);
      });
    }
  });

  describe('registration', () => {
    it('grants the aliases of the device, a time to live, and our call signalling', async () => {
      const codec = await terminal('open');
      const confirm = (await codec.ask(codec.registration(['open', '0999', 'Phòng'], { timeToLive: 1_000 })))
        ?.registrationConfirm;
      assert.deepEqual(confirm?.terminalAlias, [{ 'h323-ID': 'open' }, { dialedDigits: '101' }]);
      assert.equal(confirm?.timeToLive, 300);
      assert.deepEqual(confirm?.callSignalAddress, [toTransport({ host, port: 1720 })]);
      for (const alias of ['open', 'OPEN', '101']) {
        assert.deepEqual(zone.gatekeeper.locate(alias)?.address, { host: '127.0.0.32', port: 1720 });
      }
      assert.equal(zone.gatekeeper.locate('0999'), undefined);
      assert.equal(zone.gatekeeper.locate('101')?.product, 'Phòng họp 300 4.2');
      const kept = await zone.store.registrations.first({ protocol: 'h323', aliases: '101' });
      assert.equal(kept?.contact, '127.0.0.32:1720');
      assert.equal(kept?.id, confirm?.endpointIdentifier);
    });

    it('the number alone is enough to be known', async () => {
      const codec = await terminal('open');
      const confirm = (await codec.ask(codec.registration(['101'])))?.registrationConfirm;
      assert.ok(confirm?.terminalAlias?.some((alias) => alias['h323-ID'] === 'open'));
    });

    it('keeps it by lightweight requests; who is not known is told to register in full', async () => {
      const codec = await registered('open');
      assert.ok((await codec.ask(codec.keepAlive()))?.registrationConfirm !== undefined);
      const elsewhere = await terminal('open', '127.0.0.33');
      elsewhere.endpointIdentifier = codec.endpointIdentifier;
      assert.equal(reasonOf(await elsewhere.ask(elsewhere.keepAlive())), 'fullRegistrationRequired');
      codec.endpointIdentifier = 'nobody';
      assert.equal(reasonOf(await codec.ask(codec.keepAlive())), 'fullRegistrationRequired');
    });

    it('outlives a restart', async () => {
      const codec = await registered('open');
      const before = zone.told.length;
      const { port } = zone.gatekeeper;
      await zone.restart();
      assert.equal(zone.told.length, before, 'nobody left, nobody came');
      assert.equal(zone.gatekeeper.locate('open')?.endpointIdentifier, codec.endpointIdentifier);
      assert.notEqual(port, 0);
      const again = await zone.terminal('127.0.0.32');
      again.endpointIdentifier = codec.endpointIdentifier;
      assert.ok((await again.ask(again.keepAlive()))?.registrationConfirm !== undefined);
    });

    it('who falls silent is asked, and loses the registration', async () => {
      const codec = await terminal('open');
      const asked = codec.registration(['open'], { timeToLive: 1 });
      const id = (await codec.ask(asked))?.registrationConfirm?.endpointIdentifier;
      let lost = once(zone.gatekeeper, 'registration');
      codec.respond = (message) =>
        message.infoRequest === undefined
          ? undefined
          : {
              infoRequestResponse: {
                requestSeqNum: message.infoRequest.requestSeqNum,
                endpointType: { terminal: {}, mc: false, undefinedNode: false },
                endpointIdentifier: id!,
                rasAddress: toTransport(codec.ras),
                callSignalAddress: [toTransport(codec.signalling)],
                needResponse: false,
                unsolicited: false,
              },
            };
      const questions = (): number | undefined => {
        const count = codec.received.filter(({ message }) => message.infoRequest !== undefined).length;
        return count >= 2 ? count : undefined;
      };
      assert.ok((await codec.until(questions, 10_000)) !== undefined, 'asked twice');
      assert.ok(zone.gatekeeper.locate('open') !== undefined, 'who answers stays');
      lost = once(zone.gatekeeper, 'registration');
      codec.respond = undefined;
      const [change] = (await lost) as [{ registered: boolean }];
      assert.equal(change.registered, false);
      assert.equal(zone.gatekeeper.locate('open'), undefined);
      assert.equal(await zone.store.registrations.count({ aliases: '101' }), 0);
    });

    it('ends at the wish of the device; what does not exist cannot end', async () => {
      const codec = await registered('open');
      const leave = (): RasMessage => ({
        unregistrationRequest: {
          requestSeqNum: codec.next(),
          callSignalAddress: [toTransport(codec.signalling)],
          endpointIdentifier: codec.endpointIdentifier,
        },
      });
      assert.ok((await codec.ask(leave()))?.unregistrationConfirm !== undefined);
      assert.equal(zone.gatekeeper.locate('open'), undefined);
      assert.equal(reasonOf(await codec.ask(leave())), 'notCurrentlyRegistered');
    });

    it('ends at our wish, and the device is told', async () => {
      const codec = await registered('open');
      const told = codec.until(() => codec.received.find(({ message }) => message.unregistrationRequest !== undefined));
      codec.respond = ({ unregistrationRequest }) =>
        unregistrationRequest === undefined
          ? undefined
          : { unregistrationConfirm: { requestSeqNum: unregistrationRequest.requestSeqNum } };
      await zone.gatekeeper.unregister(zone.gatekeeper.locate('open')!.endpointId);
      const { message } = (await told)!;
      assert.equal(message.unregistrationRequest?.endpointIdentifier, codec.endpointIdentifier);
      assert.equal(zone.gatekeeper.locate('open'), undefined);
    });

    it('a restarted device gets a new registration, though it counts from the same number', async () => {
      const codec = await terminal('open');
      const same = encodeRas(codec.registration(['open']));
      const first = (await codec.ask(same))?.registrationConfirm?.endpointIdentifier;
      assert.equal(
        (await codec.ask(same))?.registrationConfirm?.endpointIdentifier,
        first,
        'sent again: the same answer',
      );
      await codec.ask({
        unregistrationRequest: {
          requestSeqNum: codec.next(),
          callSignalAddress: [toTransport(codec.signalling)],
          endpointIdentifier: first!,
        },
      });
      assert.equal(zone.gatekeeper.locate('open'), undefined);
      assert.notEqual((await codec.ask(same))?.registrationConfirm?.endpointIdentifier, first);
      assert.ok(zone.gatekeeper.locate('open') !== undefined);
    });

    it('is reached where its messages come from, behind an address translator', async () => {
      const codec = await terminal('open');
      const inside = (port: number) => [toTransport({ host: '192.168.1.20', port })];
      const asked = codec.registration(['open'], { callSignalAddress: inside(1720), rasAddress: inside(1719) });
      assert.ok((await codec.ask(asked))?.registrationConfirm !== undefined);
      assert.deepEqual(zone.gatekeeper.locate('open')?.address, { host: '127.0.0.32', port: 1720 });
    });

    it('a device that started anew has no calls', async () => {
      const codec = await registered('open');
      await codec.ask(codec.admission('8000'));
      assert.equal(zone.gatekeeper.admissions().length, 1);
      await codec.register(['open']);
      assert.deepEqual(zone.gatekeeper.admissions(), []);
    });

    const refusals: [string, string, (codec: Terminal) => RasMessage, string][] = [
      ['an unknown name', 'nobody', (one) => one.registration(['nobody']), 'securityDenial'],
      ['a device that is switched off', 'off', (one) => one.registration(['off']), 'securityDenial'],
      ['a foreign address', 'fixed', (one) => one.registration(['fixed']), 'securityDenial'],
      ['no password where one is needed', 'hash', (one) => one.registration(['hash']), 'securityDenial'],
      ['the number of another', 'open', (one) => one.registration(['open', '102']), 'duplicateAlias'],
      [
        'another gatekeeper',
        'open',
        (one) => one.registration(['open'], { gatekeeperIdentifier: 'x' }),
        'discoveryRequired',
      ],
      [
        'no signalling address',
        'open',
        (one) => one.registration(['open'], { callSignalAddress: [] }),
        'invalidCallSignalAddress',
      ],
      [
        'a RAS address that nobody can have',
        'open',
        (one) => one.registration(['open'], { rasAddress: [toTransport({ host: '224.0.0.1', port: 9 })] }),
        'invalidRASAddress',
      ],
      [
        'another protocol',
        'open',
        (one) => one.registration(['open'], { protocolIdentifier: '0.0.8' }),
        'invalidRevision',
      ],
      [
        'more aliases for nobody',
        'open',
        (one) => one.registration(['open'], { additiveRegistration: null }),
        'fullRegistrationRequired',
      ],
    ];
    for (const [name, who, request, reason] of refusals) {
      it(`refuses: ${name}`, async () => {
        const codec = await terminal(who, '127.0.0.35');
        assert.equal(reasonOf(await codec.ask(request(codec))), reason);
      });
    }

    it('more aliases, where they are its own', async () => {
      const codec = await registered('open');
      const more = (aliases: string[]): RasMessage =>
        codec.registration(aliases, { additiveRegistration: null, endpointIdentifier: codec.endpointIdentifier });
      assert.ok((await codec.ask(more(['101'])))?.registrationConfirm !== undefined);
      const refused = (await codec.ask(more(['101', '777'])))?.registrationReject?.rejectReason;
      assert.deepEqual(refused?.invalidTerminalAliases?.terminalAlias, [{ dialedDigits: '777' }]);
    });

    it('without a password nobody takes the place of a device that is still there', async () => {
      const codec = await registered('open');
      codec.respond = ({ infoRequest }) =>
        infoRequest === undefined
          ? undefined
          : {
              infoRequestResponse: {
                requestSeqNum: infoRequest.requestSeqNum,
                endpointType: { terminal: {}, mc: false, undefinedNode: false },
                endpointIdentifier: codec.endpointIdentifier,
                rasAddress: toTransport(codec.ras),
                callSignalAddress: [],
              },
            };
      const thief = await terminal('open', '127.0.0.36');
      assert.equal(reasonOf(await thief.ask(thief.registration(['open']))), 'duplicateAlias');
      codec.respond = undefined;
      assert.ok(
        (await thief.ask(thief.registration(['open'])))?.registrationConfirm !== undefined,
        'the old one is gone',
      );
    });

    it('what the administrator takes away is gone', async () => {
      const codec = await registered('open');
      await zone.store.registrations.removeAll({ aliases: '101' });
      assert.equal(reasonOf(await codec.ask(codec.keepAlive())), 'fullRegistrationRequired');
      assert.equal(zone.gatekeeper.locate('open'), undefined);
    });
  });

  describe('passwords', () => {
    for (const [proves, name, password] of [
      ['password-hash', 'hash', 'mật khẩu 1'],
      ['procedure-one', 'signs', 'mật khẩu 2'],
    ] as const) {
      it(`${proves}: right, wrong, late, and heard before`, async () => {
        const codec = await terminal(name);
        Object.assign(codec, { proves, password: 'falsch' });
        assert.equal(reasonOf(await codec.register([name])), 'securityDenial');
        assert.ok(zone.told.includes(`refused ${name}`));
        codec.password = password;
        codec.clockOffsetS = 7 * 3_600;
        const wrongClock = (await codec.register([name]))?.registrationReject?.rejectReason;
        assert.deepEqual(wrongClock?.securityError, { securityWrongSyncTime: null });
        codec.clockOffsetS = 0;
        const overheard = codec.encode(codec.registration([name]));
        const confirm = await codec.ask(overheard);
        codec.endpointIdentifier = confirm?.registrationConfirm?.endpointIdentifier ?? '';
        assert.notEqual(codec.endpointIdentifier, '');
        const thief = await terminal(name, '127.0.0.37');
        assert.deepEqual((await thief.ask(overheard))?.registrationReject?.rejectReason.securityError, {
          securityReplay: null,
        });
        assert.ok((await codec.ask(codec.keepAlive()))?.registrationConfirm !== undefined);
        assert.ok((await codec.ask(codec.admission('8000')))?.admissionConfirm !== undefined);
        zone.gatekeeper.callEnded('09'.repeat(16));
        codec.proves = 'nothing';
        assert.equal(reasonOf(await codec.ask(codec.admission('8000'))), 'securityDenial');
      });
    }

    it('signs its answers to who signs', async () => {
      const signed = zone
        .datagrams()
        .filter((bytes) => Buffer.from(bytes).includes(Buffer.from('\0d\0i\0e\0m\0c\0a\0u')));
      assert.ok(signed.length > 0);
    });

    it('after ten wrong tries even the right password waits, but not where the device is at home', async () => {
      await zone.device('tried', '106', { secret: 'richtig' });
      const codec = await terminal('tried', '127.0.0.38');
      Object.assign(codec, { proves: 'password-hash', password: 'richtig' });
      await codec.register(['tried']);
      const guesser = await terminal('tried', '127.0.0.39');
      Object.assign(guesser, { proves: 'password-hash' });
      for (let guess = 0; guess < 10; guess++) {
        guesser.password = `guess ${guess}`;
        assert.equal(reasonOf(await guesser.register(['tried'])), 'securityDenial');
      }
      guesser.password = 'richtig';
      assert.equal(reasonOf(await guesser.register(['tried'])), 'securityDenial');
      assert.ok((await codec.ask(codec.keepAlive()))?.registrationConfirm !== undefined);
    });
  });

  describe('calls', () => {
    it('go where the dial plan takes them, routed by us; and the Setup is known by them', async () => {
      const codec = await registered('open');
      const confirm = (await codec.ask(codec.admission('8000', { bandWidth: 100_000 })))?.admissionConfirm;
      assert.deepEqual(confirm?.callModel, { gatekeeperRouted: null });
      assert.deepEqual(confirm?.destCallSignalAddress, toTransport({ host, port: 1720 }));
      assert.equal(confirm?.bandWidth, 40_000);
      const claim = {
        callIdentifier: new Uint8Array(16).fill(9),
        conferenceId: new Uint8Array(16).fill(7),
        endpointIdentifier: undefined,
        source: { host: '127.0.0.32', port: 33_000 },
      };
      assert.equal(zone.gatekeeper.identify(claim)?.by, 'admission');
      assert.equal(zone.gatekeeper.identify(claim)?.name, 'Codec open');
      const elsewhere = { ...claim, source: { host: '127.0.0.99', port: 33_000 } };
      assert.equal(zone.gatekeeper.identify(elsewhere), undefined, 'an overheard call identifier');
      const other = { ...claim, callIdentifier: new Uint8Array(16).fill(1) };
      assert.equal(
        zone.gatekeeper.identify({ ...other, endpointIdentifier: codec.endpointIdentifier })?.by,
        'identifier',
      );
      assert.deepEqual(
        zone.gatekeeper.admissions().map(({ called, direction }) => [called, direction]),
        [['8000', 'out']],
      );
      zone.gatekeeper.callEnded('09'.repeat(16));
      assert.deepEqual(zone.gatekeeper.admissions(), []);
    });

    it('are refused with the reason', async () => {
      const codec = await registered('open');
      const reason = async (called: string, change = {}) => reasonOf(await codec.ask(codec.admission(called, change)));
      assert.equal(await reason('9999'), 'calledPartyNotRegistered');
      assert.equal(await reason('8000', { destinationInfo: [] }), 'incompleteAddress');
      assert.equal(await reason('8000', { answerCall: true }), 'routeCallToGatekeeper');
      assert.equal(await reason('8000', { endpointIdentifier: 'x' }), 'callerNotRegistered');
      const thief = await terminal('open', '127.0.0.40');
      thief.endpointIdentifier = codec.endpointIdentifier;
      assert.equal(reasonOf(await thief.ask(thief.admission('8000'))), 'callerNotRegistered');
    });

    it('within the limits: calls of a device, bandwidth of one and of all', async () => {
      const codec = await registered('open');
      const call = (number: number, change = {}) =>
        codec.admission('8000', { callIdentifier: { guid: new Uint8Array(16).fill(number) }, ...change });
      const band = (number: number, bandWidth: number, change = {}): RasMessage => ({
        bandwidthRequest: {
          requestSeqNum: codec.next(),
          endpointIdentifier: codec.endpointIdentifier,
          conferenceID: new Uint8Array(16).fill(7),
          callReferenceValue: 77,
          bandWidth,
          callIdentifier: { guid: new Uint8Array(16).fill(number) },
          answeredCall: false,
          ...change,
        },
      });
      assert.equal((await codec.ask(call(1, { bandWidth: 30_000 })))?.admissionConfirm?.bandWidth, 30_000);
      assert.equal((await codec.ask(call(2, { bandWidth: 30_000 })))?.admissionConfirm?.bandWidth, 20_000);
      assert.equal(reasonOf(await codec.ask(call(3))), 'exceedsCallCapacity');
      const more = (await codec.ask(band(1, 40_000)))?.bandwidthReject;
      assert.deepEqual([more?.rejectReason, more?.allowedBandWidth], [{ insufficientResources: null }, 30_000]);
      assert.equal((await codec.ask(band(1, 10_000)))?.bandwidthConfirm?.bandWidth, 10_000);
      assert.equal((await codec.ask(band(2, 40_000)))?.bandwidthConfirm?.bandWidth, 40_000);
      assert.equal(reasonOf(await codec.ask(band(8, 1, { callReferenceValue: 5 }))), 'notBound');
      assert.equal(reasonOf(await codec.ask(band(1, 1, { conferenceID: new Uint8Array(16) }))), 'invalidConferenceID');
      for (const number of ['01', '02']) zone.gatekeeper.callEnded(number.repeat(16));
    });

    it('to a device are answered with our leave, and cleared by us or by it', async () => {
      const codec = await registered('open');
      const { endpointId } = zone.gatekeeper.locate('open')!;
      const guid = new Uint8Array(16).fill(5);
      const conferenceId = new Uint8Array(16).fill(7);
      const expect = () =>
        zone.gatekeeper.expectCall({ endpointId, callIdentifier: guid, conferenceId, caller: '8000' });
      const answer = () => codec.admission('101', { answerCall: true, callIdentifier: { guid } });
      expect();
      assert.ok((await codec.ask(answer()))?.admissionConfirm !== undefined);
      const drop = (conferenceID = conferenceId): RasMessage => ({
        disengageRequest: {
          requestSeqNum: codec.next(),
          endpointIdentifier: codec.endpointIdentifier,
          conferenceID,
          callReferenceValue: 77,
          disengageReason: { normalDrop: null },
          callIdentifier: { guid },
          answeredCall: true,
        },
      });
      assert.ok((await codec.ask(drop()))?.disengageConfirm !== undefined);
      assert.ok(zone.told.includes(`disengaged ${'05'.repeat(16)}`));
      assert.ok((await codec.ask(drop()))?.disengageConfirm !== undefined, 'what is over is over');

      expect();
      await codec.ask(answer());
      codec.respond = ({ disengageRequest }) =>
        disengageRequest === undefined
          ? undefined
          : { disengageConfirm: { requestSeqNum: disengageRequest.requestSeqNum } };
      await zone.gatekeeper.clearCall('05'.repeat(16));
      const forced = codec.received.find(({ message }) => message.disengageRequest !== undefined)?.message;
      assert.deepEqual(forced?.disengageRequest?.disengageReason, { forcedDrop: null });
      assert.deepEqual(Buffer.from(forced!.disengageRequest!.callIdentifier!.guid), Buffer.from(guid));
      assert.deepEqual(zone.gatekeeper.admissions(), []);
      const other = await registered('fixed', '127.0.0.44');
      expect();
      await codec.ask(answer());
      other.endpointIdentifier = zone.gatekeeper.locate('fixed')!.endpointIdentifier;
      const foreign = drop();
      foreign.disengageRequest!.endpointIdentifier = other.endpointIdentifier;
      assert.equal(reasonOf(await other.ask(foreign)), 'requestToDropOther');
      zone.gatekeeper.callEnded('05'.repeat(16));
    });
  });

  describe('the rest', () => {
    it('looks up for devices and known gatekeepers, for nobody else', async () => {
      const codec = await registered('open');
      const look = (from: Terminal, alias: string, endpointIdentifier?: string): RasMessage => ({
        locationRequest: {
          requestSeqNum: from.next(),
          ...(endpointIdentifier === undefined ? {} : { endpointIdentifier }),
          destinationInfo: [toAlias(alias)],
          replyAddress: toTransport(from.ras),
        },
      });
      const found = (await codec.ask(look(codec, '101', codec.endpointIdentifier)))?.locationConfirm;
      assert.deepEqual(found?.callSignalAddress, toTransport({ host, port: 1720 }));
      assert.equal(reasonOf(await codec.ask(look(codec, '4711', codec.endpointIdentifier))), 'notRegistered');
      const neighbour = await terminal('x', '127.0.0.45');
      assert.equal(reasonOf(await neighbour.ask(look(neighbour, '101'))), 'invalidPermission');
      await zone.store.sites.insert({
        id: 'province',
        name: 'Tỉnh',
        kind: 'province',
        uplink: {
          protocol: 'h323',
          address: '7000',
          join: 'cascade',
          username: 'xa',
          gatekeeper: { host: '127.0.0.45', port: 1719, aliases: [] },
        },
      });
      assert.ok((await neighbour.ask(look(neighbour, '8000')))?.locationConfirm !== undefined);
    });

    it('answers information, resources, service control and what nobody understands', async () => {
      const codec = await registered('open');
      const information = (endpointIdentifier: string): RasMessage => ({
        infoRequestResponse: {
          requestSeqNum: codec.next(),
          endpointType: { terminal: {}, mc: false, undefinedNode: false },
          endpointIdentifier,
          rasAddress: toTransport(codec.ras),
          callSignalAddress: [],
          needResponse: true,
        },
      });
      assert.ok((await codec.ask(information(codec.endpointIdentifier)))?.infoRequestAck !== undefined);
      assert.deepEqual((await codec.ask(information('x')))?.infoRequestNak?.nakReason, { notRegistered: null });
      const resources = await codec.ask({
        resourcesAvailableIndicate: {
          requestSeqNum: codec.next(),
          protocolIdentifier: '0.0.8.2250.0.6',
          endpointIdentifier: codec.endpointIdentifier,
          protocols: [],
          almostOutOfResources: true,
        },
      });
      assert.ok(resources?.resourcesAvailableConfirm !== undefined);
      const service = await codec.ask({
        serviceControlIndication: { requestSeqNum: codec.next(), serviceControl: [] },
      });
      assert.ok(service?.serviceControlResponse !== undefined);
      const unknown: RasMessage = {
        nonStandardMessage: {
          requestSeqNum: codec.next(),
          nonStandardData: { nonStandardIdentifier: { object: '1.2.3' }, data: Uint8Array.of(1) },
        },
      };
      const complaint = (await codec.ask(unknown))?.unknownMessageResponse;
      assert.deepEqual(Buffer.from(complaint?.messageNotUnderstood ?? []), Buffer.from(encodeRas(unknown)));
    });

    it('a slow answer is announced, and comes', async () => {
      const slow = await Zone.open('127.0.0.46', {
        pace: 0.02,
        mayDial: () => new Promise((resolve) => setTimeout(() => resolve(true), 150)),
      });
      try {
        await slow.device('open', '101', { address: '127.0.0.0/16' });
        const codec = await slow.terminal('127.0.0.47');
        await codec.register(['open']);
        assert.ok((await codec.ask(codec.admission('1')))?.admissionConfirm !== undefined);
        assert.ok(codec.received.some(({ message }) => message.requestInProgress !== undefined));
      } finally {
        await slow.close();
      }
    });

    it('a flood is cut off, and others are served on', async () => {
      const flooder = await terminal('open', '127.0.0.48');
      for (let count = 0; count < 2_000; count++) {
        flooder.send(encodeRas(flooder.discovery()));
        // The gatekeeper runs in this process too, and must come to read.
        if (count % 20 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
      const codec = await terminal('open', '127.0.0.49');
      assert.ok((await codec.ask(codec.discovery()))?.gatekeeperConfirm !== undefined);
      assert.ok(flooder.received.length <= 300);
    });

    it('all that it sent in these tests is well-formed to tshark', () => {
      const sent = zone.datagrams();
      assert.ok(sent.length > 100);
      assert.deepEqual(faultsOf(sent), []);
    });
  });
});
