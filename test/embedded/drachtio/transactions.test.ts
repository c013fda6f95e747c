import assert from 'node:assert/strict';
import { responseTo, type SipRequest } from '../../../embedded/drachtio/sip/message.ts';
import { ClientTransaction } from '../../../embedded/drachtio/transaction/client.ts';
import { ServerTransaction } from '../../../embedded/drachtio/transaction/server.ts';
import { TestClock } from './clock.ts';

function request(method: string): SipRequest {
  const lines = {
    Via: 'SIP/2.0/UDP h;branch=z9hG4bK1',
    From: '<sip:a@h>;tag=1',
    To: '<sip:b@h>',
    'Call-ID': 'c',
    CSeq: `1 ${method}`,
  };
  return {
    kind: 'request',
    method,
    uri: 'sip:b@h',
    headers: Object.entries(lines).map(([name, value]) => ({ name, value })),
    body: Buffer.alloc(0),
  };
}

function client(method: string, reliable = false) {
  const clock = new TestClock();
  const told: string[] = [];
  const sent: { at: number; method: string }[] = [];
  const transaction = new ClientTransaction(
    request(method),
    reliable,
    {
      send: (message) => sent.push({ at: clock.now, method: message.method }),
      response: (response) => told.push(String(response.status)),
      failed: (status) => told.push(`failed ${status}`),
      terminated: () => told.push('end'),
    },
    clock.later,
  );
  transaction.start();
  return {
    clock,
    told,
    sent,
    transaction,
    hear: (status: number) => transaction.receive(responseTo(request(method), status, [], 'x')),
  };
}

function server(method: string, reliable = false) {
  const clock = new TestClock();
  const told: string[] = [];
  const sent: { at: number; status: number }[] = [];
  const transaction = new ServerTransaction(
    request(method),
    reliable,
    {
      send: (response) => sent.push({ at: clock.now, status: response.status }),
      unacknowledged: () => told.push('unacknowledged'),
      terminated: () => told.push('end'),
    },
    clock.later,
  );
  return {
    clock,
    told,
    sent,
    transaction,
    say: (status: number) => transaction.respond(responseTo(request(method), status, [], 'x')),
  };
}

describe('client transactions (RFC 3261, clause 17.1)', () => {
  it('INVITE: timer A doubles, timer B gives up', () => {
    const { clock, told, sent } = client('INVITE');
    clock.pass(40_000);
    assert.deepEqual(
      sent.map(({ at }) => at),
      [0, 500, 1_500, 3_500, 7_500, 15_500, 31_500],
    );
    assert.deepEqual(told, ['end', 'failed 408']);
    assert.equal(clock.running, 0);
  });
  it('others: timer E doubles up to T2, timer F gives up', () => {
    const { clock, told, sent } = client('OPTIONS');
    clock.pass(40_000);
    assert.deepEqual(
      sent.slice(0, 6).map(({ at }) => at),
      [0, 500, 1_500, 3_500, 7_500, 11_500],
    );
    assert.deepEqual(told, ['end', 'failed 408']);
  });
  it('INVITE: a provisional response ends the repetition, and there is no hurry any more', () => {
    const { clock, told, sent, hear } = client('INVITE');
    hear(180);
    clock.pass(100_000);
    assert.equal(sent.length, 1);
    assert.deepEqual(told, ['180']);
  });
  it('INVITE: each refusal is acknowledged, told once, gone after timer D', () => {
    const { clock, told, sent, hear } = client('INVITE');
    hear(486);
    hear(486);
    assert.deepEqual(
      sent.map(({ method }) => method),
      ['INVITE', 'ACK', 'ACK'],
    );
    clock.pass(31_999);
    assert.deepEqual(told, ['486']);
    clock.pass(1);
    assert.deepEqual(told, ['486', 'end']);
    assert.equal(clock.running, 0);
  });
  it('INVITE: every 2xx is told until timer M (RFC 6026), none acknowledged here', () => {
    const { clock, told, sent, hear } = client('INVITE');
    hear(200);
    hear(200);
    assert.equal(sent.length, 1);
    clock.pass(32_000);
    assert.deepEqual(told, ['200', '200', 'end']);
  });
  it('others: timer K soaks up what comes again; streams need none', async () => {
    const slow = client('OPTIONS');
    slow.hear(200);
    slow.hear(200);
    slow.clock.pass(5_000);
    assert.deepEqual(slow.told, ['200', 'end']);
    const stream = client('OPTIONS', true);
    stream.hear(200);
    await Promise.resolve();
    assert.deepEqual(stream.told, ['200', 'end']);
    assert.equal(stream.clock.running, 0);
  });
  it('says 503 when the transport fails', () => {
    const { told, transaction, clock } = client('INVITE', true);
    transaction.transportError();
    assert.deepEqual(told, ['end', 'failed 503']);
    assert.equal(clock.running, 0);
  });
});

describe('server transactions (RFC 3261, clause 17.2; RFC 6026)', () => {
  it('INVITE: the last provisional response answers a repeated INVITE', () => {
    const { sent, transaction, say } = server('INVITE');
    transaction.retransmission();
    say(100);
    say(180);
    transaction.retransmission();
    assert.deepEqual(
      sent.map(({ status }) => status),
      [100, 180, 180],
    );
  });
  it('INVITE: timer G repeats a refusal until its ACK, timer I ends', () => {
    const { clock, told, sent, transaction, say } = server('INVITE');
    say(486);
    clock.pass(4_000);
    assert.deepEqual(
      sent.map(({ at }) => at),
      [0, 500, 1_500, 3_500],
    );
    transaction.acknowledged();
    clock.pass(5_000);
    assert.equal(sent.length, 4);
    assert.deepEqual(told, ['end']);
    assert.equal(clock.running, 0);
  });
  it('INVITE: timer H gives up on the ACK', () => {
    const { clock, told, say } = server('INVITE');
    say(486);
    clock.pass(32_000);
    assert.deepEqual(told, ['end']);
    assert.equal(clock.running, 0);
  });
  for (const reliable of [false, true]) {
    it(`INVITE: a 2xx is repeated until its ACK${reliable ? ', on streams too' : ''}`, () => {
      const { clock, sent, transaction, say } = server('INVITE', reliable);
      say(200);
      clock.pass(8_000);
      assert.deepEqual(
        sent.map(({ at }) => at),
        [0, 500, 1_500, 3_500, 7_500],
      );
      assert.equal(transaction.confirmed(), true);
      clock.pass(31_999);
      assert.equal(sent.length, 5);
      assert.equal(transaction.state, 'accepted');
      clock.pass(1);
      assert.equal(transaction.state, 'terminated');
      assert.equal(clock.running, 0);
    });
  }
  it('INVITE: no ACK for a 2xx is told', () => {
    const { clock, told, say } = server('INVITE');
    say(200);
    clock.pass(32_000);
    assert.deepEqual(told, ['end', 'unacknowledged']);
    assert.equal(clock.running, 0);
  });
  it('others: one final response, repeated when asked, gone after timer J', () => {
    const { clock, told, sent, transaction, say } = server('OPTIONS');
    transaction.retransmission();
    assert.equal(say(200), true);
    assert.equal(say(500), false);
    transaction.retransmission();
    assert.deepEqual(
      sent.map(({ status }) => status),
      [200, 200],
    );
    clock.pass(32_000);
    assert.deepEqual(told, ['end']);
  });
});
