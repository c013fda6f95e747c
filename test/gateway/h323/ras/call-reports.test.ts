import assert from 'node:assert/strict';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { decodeRas, encodeRas, type RasMessage } from '../../../../gateway/h323/h225/index.ts';
import { toTransport } from '../../../../gateway/h323/ras/address.ts';
import { FarGatekeeperClient } from '../../../../gateway/h323/ras/client/client.ts';
import type { AdmissionQuestion } from '../../../../gateway/h323/ras/interface.ts';
import { bodyOf, protocolIdentifier } from '../../../../gateway/h323/ras/message.ts';
import { systemClock } from '../../../../platform/clock.ts';
import { faultsOf } from './tshark.ts';
import { logger } from './zone.ts';

const host = '127.0.0.66';
const noCopies = {
  setup: false,
  callProceeding: false,
  connect: false,
  alerting: false,
  information: false,
  releaseComplete: false,
  facility: false,
  progress: false,
  empty: false,
};

/** A far gatekeeper that lets everybody do everything, and wants to hear of each call every two seconds. */
class FarGatekeeper {
  readonly reports: RasMessage[] = [];
  /** All that came, as it came. */
  readonly heard: Uint8Array[] = [];
  readonly socket: Socket = createSocket('udp4');
  private from: { address: string; port: number } | undefined;
  private readonly model: 'gatekeeperRouted' | 'direct';

  constructor(model: 'gatekeeperRouted' | 'direct') {
    this.model = model;
    this.socket.on('message', (bytes, from) => {
      this.from = from;
      this.heard.push(Uint8Array.from(bytes));
      const message = decodeRas(bytes);
      if (message.infoRequestResponse !== undefined) {
        this.reports.push(message);
        this.socket.emit('report');
      }
      const answer = this.answer(message);
      if (answer !== undefined) this.send(answer);
    });
  }

  async listen(): Promise<number> {
    this.socket.bind(0, host);
    await once(this.socket, 'listening');
    return this.socket.address().port;
  }

  send(message: RasMessage): void {
    this.socket.send(encodeRas(message), this.from!.port, this.from!.address);
  }

  /** The next report. */
  async report(): Promise<NonNullable<RasMessage['infoRequestResponse']>> {
    if (this.reports.length === 0) await once(this.socket, 'report', { signal: AbortSignal.timeout(5_000) });
    return this.reports.shift()!.infoRequestResponse!;
  }

  private answer(message: RasMessage): RasMessage | undefined {
    const requestSeqNum = bodyOf(message)?.requestSeqNum ?? 0;
    const own = toTransport({ host, port: this.socket.address().port });
    const signalling = toTransport({ host, port: 1720 });
    if (message.gatekeeperRequest !== undefined)
      return { gatekeeperConfirm: { requestSeqNum, protocolIdentifier, rasAddress: own } };
    if (message.registrationRequest !== undefined)
      return {
        registrationConfirm: {
          requestSeqNum,
          protocolIdentifier,
          callSignalAddress: [signalling],
          endpointIdentifier: 'e1',
        },
      } as RasMessage;
    if (message.admissionRequest !== undefined)
      return {
        admissionConfirm: {
          requestSeqNum,
          bandWidth: 1_280,
          callModel: this.model === 'direct' ? { direct: null } : { gatekeeperRouted: null },
          destCallSignalAddress: signalling,
          irrFrequency: 2,
          willRespondToIRR: false,
          uuiesRequested: noCopies,
        },
      };
    if (message.disengageRequest !== undefined) return { disengageConfirm: { requestSeqNum } };
    if (message.unregistrationRequest !== undefined) return { unregistrationConfirm: { requestSeqNum } };
    return undefined;
  }
}

const question = (number: number): AdmissionQuestion => ({
  callIdentifier: new Uint8Array(16).fill(number),
  conferenceId: new Uint8Array(16).fill(number),
  callReference: number,
  called: '900',
});

describe('calls under a far gatekeeper that wants reports (H.225.0, irrFrequency)', () => {
  for (const model of ['gatekeeperRouted', 'direct'] as const)
    it(`${model}: each call is told of until it is over`, async () => {
      const gatekeeper = new FarGatekeeper(model);
      const port = await gatekeeper.listen();
      const account = { host, port, identifier: undefined, username: 'xa', aliases: ['300'], password: undefined };
      const client = new FarGatekeeperClient('site', account, {
        clock: systemClock,
        logger,
        host,
        publicHost: host,
        signallingPort: () => 1720,
        pace: 0.02,
      });
      await client.start();
      await client.admit(question(1));
      for (let time = 0; time < 2; time++) {
        const report = await gatekeeper.report();
        assert.deepEqual([report.unsolicited, report.needResponse, report.endpointIdentifier], [true, false, 'e1']);
        const [call, ...others] = report.perCallInfo ?? [];
        assert.equal(others.length, 0);
        assert.deepEqual(Buffer.from(call?.callIdentifier?.guid ?? []), Buffer.alloc(16, 1));
        assert.deepEqual(
          [call?.callReferenceValue, call?.originator, call?.bandWidth, Object.keys(call?.callModel ?? {})],
          [1, true, 1_280, [model]],
        );
      }
      await client.callEnded('01'.repeat(16));
      gatekeeper.reports.length = 0;
      await client.admitAnswer(question(2));
      const later = [await gatekeeper.report(), await gatekeeper.report(), await gatekeeper.report()];
      assert.deepEqual(
        later.map(({ perCallInfo }) => perCallInfo?.[0]?.callReferenceValue),
        [2, 2, 2],
      );
      // A gatekeeper of version 1 clears it: by reference, since it knows no call identifier.
      const cleared = once(client, 'clear');
      gatekeeper.send({
        disengageRequest: {
          requestSeqNum: 77,
          endpointIdentifier: 'e1',
          conferenceID: question(2).conferenceId,
          callReferenceValue: 2,
          disengageReason: { forcedDrop: null },
        },
      } as RasMessage);
      assert.deepEqual(await cleared, ['02'.repeat(16)]);
      await client.admit(question(3));
      await gatekeeper.report();
      assert.deepEqual(faultsOf(gatekeeper.heard), []);
      await client.close();
      gatekeeper.socket.close();
    });
});
