import assert from 'node:assert/strict';
import { once } from 'node:events';
import { afterEach, describe, it } from 'mocha';
import { decodeRas, encodeRas, type RasMessage } from '../../../../gateway/h323/h225/index.ts';
import { toTransport } from '../../../../gateway/h323/ras/address.ts';
import { FarGatekeeperClient } from '../../../../gateway/h323/ras/client/client.ts';
import type { ClientState } from '../../../../gateway/h323/ras/interface.ts';
import { bodyOf, protocolIdentifier } from '../../../../gateway/h323/ras/message.ts';
import { hmacSha1, md5, procedureVersions } from '../../../../gateway/h323/ras/security/identifiers.ts';
import { findPasswordHash, passwordHashFits } from '../../../../gateway/h323/ras/security/password-hash.ts';
import {
  encodeSigned,
  findProcedureToken,
  signatureFits,
} from '../../../../gateway/h323/ras/security/procedure-one.ts';
import { type Arrival, RasSocket } from '../../../../gateway/h323/ras/transport/ras-socket.ts';
import { systemClock } from '../../../../platform/clock.ts';
import { faultsOf } from './tshark.ts';
import { logger } from './zone.ts';

const password = 'bí mật';

/** A gatekeeper that says what a test tells it, and keeps what it heard. */
class ScriptedGatekeeper {
  readonly heard: Arrival[] = [];
  readonly socket = new RasSocket();
  readonly host: string;
  answer: (message: RasMessage) => RasMessage | Uint8Array | undefined = () => undefined;

  private constructor(host: string) {
    this.host = host;
  }

  static async open(host: string): Promise<ScriptedGatekeeper> {
    const made = new ScriptedGatekeeper(host);
    await made.socket.bind(host, 0);
    made.socket.on('message', (arrival) => {
      made.heard.push(arrival);
      const answer = made.answer(arrival.message);
      if (answer !== undefined) made.say(answer, arrival);
    });
    return made;
  }

  say(answer: RasMessage | Uint8Array, to: Arrival): void {
    this.socket.send(answer instanceof Uint8Array ? answer : encodeRas(answer), to.from);
  }

  get ras() {
    return toTransport({ host: this.host, port: this.socket.port });
  }

  confirm(requestSeqNum: number, algorithmOID?: string): RasMessage {
    return {
      gatekeeperConfirm: {
        requestSeqNum,
        protocolIdentifier,
        gatekeeperIdentifier: 'tinh',
        rasAddress: this.ras,
        ...(algorithmOID === undefined ? {} : { authenticationMode: { pwdHash: null }, algorithmOID }),
      },
    };
  }

  registered(requestSeqNum: number): RasMessage {
    return {
      registrationConfirm: {
        requestSeqNum,
        protocolIdentifier,
        callSignalAddress: [],
        gatekeeperIdentifier: 'tinh',
        endpointIdentifier: 'ep1',
        timeToLive: 60,
        willRespondToIRR: false,
        maintainConnection: false,
      },
    };
  }

  /** Resolves to the next message of a kind. */
  async next(kind: string): Promise<Arrival> {
    for (;;) {
      const [arrival] = (await once(this.socket, 'message', { signal: AbortSignal.timeout(5_000) })) as [Arrival];
      if (kind in arrival.message) return arrival;
    }
  }
}

describe('what our client says to gatekeepers', function () {
  this.timeout(20_000);
  const ends: (() => Promise<void>)[] = [];
  const sent: Uint8Array[] = [];
  const gatekeepers: ScriptedGatekeeper[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
    for (const { heard } of gatekeepers.splice(0)) sent.push(...heard.map(({ bytes }) => bytes));
  });

  const gatekeeper = async (host: string): Promise<ScriptedGatekeeper> => {
    const made = await ScriptedGatekeeper.open(host);
    ends.push(() => made.socket.close());
    gatekeepers.push(made);
    return made;
  };
  const client = (at: ScriptedGatekeeper, secret: string | undefined = password): FarGatekeeperClient => {
    const made = new FarGatekeeperClient(
      'site',
      {
        host: at.host,
        port: at.socket.port,
        identifier: undefined,
        username: 'xa',
        aliases: ['300'],
        password: secret,
      },
      {
        clock: systemClock,
        logger,
        host: '127.0.0.72',
        publicHost: '127.0.0.72',
        signallingPort: () => 1720,
        pace: 0.02,
      },
    );
    ends.push(() => made.close());
    return made;
  };
  const state = async (one: FarGatekeeperClient, wanted: ClientState): Promise<void> => {
    while (one.state !== wanted) await once(one, 'state', { signal: AbortSignal.timeout(10_000) });
  };
  const polite =
    (at: ScriptedGatekeeper, oid?: string) =>
    (message: RasMessage): RasMessage | undefined => {
      const number = bodyOf(message)!.requestSeqNum;
      if (message.gatekeeperRequest !== undefined) return at.confirm(number, oid);
      if (message.registrationRequest !== undefined) return at.registered(number);
      return message.unregistrationRequest === undefined
        ? undefined
        : { unregistrationConfirm: { requestSeqNum: number } };
    };

  it('proves its password in the way that the gatekeeper chose', async () => {
    for (const oid of [md5, hmacSha1]) {
      const far = await gatekeeper('127.0.0.71');
      far.answer = polite(far, oid);
      const one = client(far);
      const asked = far.next('registrationRequest');
      await one.start();
      const { bytes, message } = await asked;
      const tokens = bodyOf(message)?.cryptoTokens;
      const hash = findPasswordHash(tokens);
      const procedure = findProcedureToken(tokens);
      if (oid === md5) {
        assert.equal(procedure, undefined);
        assert.equal(passwordHashFits(hash!, password), true);
      } else {
        assert.equal(hash, undefined);
        assert.equal(signatureFits(bytes, procedure!, password), true);
        assert.deepEqual([procedure?.sendersId, procedure?.generalId], ['xa', 'tinh']);
      }
      await state(one, 'registered');
    }
  });

  it('goes to the gatekeeper that it is sent to', async () => {
    const first = await gatekeeper('127.0.0.73');
    const second = await gatekeeper('127.0.0.74');
    first.answer = ({ gatekeeperRequest }) =>
      gatekeeperRequest === undefined
        ? undefined
        : {
            gatekeeperReject: {
              requestSeqNum: gatekeeperRequest.requestSeqNum,
              protocolIdentifier,
              rejectReason: { resourceUnavailable: null },
              altGKInfo: {
                altGKisPermanent: false,
                alternateGatekeeper: [{ rasAddress: second.ras, needToRegister: true, priority: 0 }],
              },
            },
          };
    second.answer = polite(second);
    const one = client(first);
    await one.start();
    await state(one, 'registered');
    assert.ok(one.isSource({ host: '127.0.0.74', port: 1 }));
  });

  it('asks again when nobody answers, and waits on when it is asked to', async () => {
    const far = await gatekeeper('127.0.0.75');
    let discoveries = 0;
    far.answer = (message) => {
      const number = bodyOf(message)!.requestSeqNum;
      if (message.gatekeeperRequest !== undefined && ++discoveries < 3) {
        return discoveries === 2 ? { requestInProgress: { requestSeqNum: number, delay: 5_000 } } : undefined;
      }
      return polite(far)(message);
    };
    const one = client(far);
    await one.start();
    await state(one, 'registered');
    const numbers = new Set(far.heard.flatMap(({ message }) => message.gatekeeperRequest?.requestSeqNum ?? []));
    assert.deepEqual([numbers.size, discoveries], [1, 3], 'one request, sent three times');
  });

  it('answers questions, and what it does not understand', async () => {
    const far = await gatekeeper('127.0.0.76');
    far.answer = polite(far);
    const one = client(far, undefined);
    const asked = far.next('registrationRequest');
    await one.start();
    const from = await asked;
    await state(one, 'registered');
    far.say({ infoRequest: { requestSeqNum: 11, callReferenceValue: 0 } }, from);
    const told = (await far.next('infoRequestResponse')).message.infoRequestResponse;
    assert.deepEqual([told?.requestSeqNum, told?.endpointIdentifier], [11, 'ep1']);
    far.say({ serviceControlIndication: { requestSeqNum: 12, serviceControl: [] } }, from);
    assert.equal((await far.next('serviceControlResponse')).message.serviceControlResponse?.requestSeqNum, 12);
    far.say(
      {
        nonStandardMessage: {
          requestSeqNum: 13,
          nonStandardData: { nonStandardIdentifier: { object: '1.2.3' }, data: Uint8Array.of(1) },
        },
      },
      from,
    );
    assert.equal((await far.next('unknownMessageResponse')).message.unknownMessageResponse?.requestSeqNum, 13);
    const again = far.next('registrationRequest');
    far.say(
      { unregistrationRequest: { requestSeqNum: 14, callSignalAddress: [], reason: { maintenance: null } } },
      from,
    );
    assert.equal((await again).message.registrationRequest?.keepAlive, false, 'put out, it registers anew');
  });

  it('believes no unsigned word of a gatekeeper that signs', async () => {
    const far = await gatekeeper('127.0.0.77');
    let random = 1;
    const signed = (message: RasMessage, secret = password): Uint8Array =>
      encodeSigned(message, {
        password: secret,
        sendersId: 'tinh',
        generalId: 'ep1',
        timeS: Math.floor(Date.now() / 1000),
        random: random++,
        oids: procedureVersions[0]!,
      });
    far.answer = (message) => {
      const answer = polite(far, hmacSha1)(message);
      return answer === undefined || answer.gatekeeperConfirm !== undefined ? answer : signed(answer);
    };
    const one = client(far);
    const asked = far.next('registrationRequest');
    await one.start();
    const from = await asked;
    await state(one, 'registered');
    const put = (requestSeqNum: number): RasMessage => ({
      unregistrationRequest: { requestSeqNum, callSignalAddress: [] },
    });
    far.say(put(21), from);
    far.say(signed(put(22), 'falsch'), from);
    far.say(signed(put(23)), from);
    const answered = (await far.next('unregistrationConfirm')).message.unregistrationConfirm;
    assert.equal(answered?.requestSeqNum, 23);
  });

  it('all that it said in these tests is well-formed to tshark', () => {
    assert.ok(sent.length > 15);
    for (const bytes of sent) assert.deepEqual(Buffer.from(encodeRas(decodeRas(bytes))), Buffer.from(bytes));
    assert.deepEqual(faultsOf(sent), []);
  });
});
