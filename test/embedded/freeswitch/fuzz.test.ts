import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { Caller } from './caller.ts';
import { type Engine, secret, startMedia } from './engine.ts';
import { EslClient } from './esl-client.ts';
import { mutate, randomFrom } from './random.ts';

const messages = 1_000;
/** What a process may gain by warming up, KiB. */
const growth = 60_000;

describe('media engine: 1,000 mutated messages', function () {
  this.timeout(60_000);
  let engine: Engine;
  let esl: EslClient;
  let before0 = 0;

  before(async () => {
    engine = await startMedia();
    esl = await EslClient.open(engine.ports.esl!, secret);
    await call();
    before0 = engine.memory();
  });
  after(async () => {
    esl.close();
    await engine.stop();
  });
  afterEach(async () => {
    assert.ok(engine.alive(), engine.log());
    await call();
    assert.ok(engine.memory() - before0 < growth, `grew by ${engine.memory() - before0} KiB`);
  });

  /** A whole call still works. */
  async function call(): Promise<void> {
    const caller = await Caller.open(engine.ports.sip!);
    assert.equal((await caller.invite()).status, 200);
    await caller.listen(100);
    assert.equal((await caller.ask('BYE')).status, 200);
    caller.close();
    assert.match(await esl.api('status'), /^UP /);
  }

  async function clear(): Promise<void> {
    // Calls may still be on their way in: what comes later is cleared too.
    for (let round = 0; round < 20; round++) {
      for (const line of (await esl.api('show channels')).split('\n').slice(1)) {
        const uuid = line.split(',')[0]!;
        if (/^[0-9a-f-]{36}$/.test(uuid)) await esl.api(`uuid_kill ${uuid}`);
      }
      await pause(10);
      if (/^\n0 total/.test(await esl.api('show channels count'))) return;
    }
    assert.match(await esl.api('show channels count'), /^\n0 total/);
  }

  it('of SIP', async () => {
    const below = randomFrom(11);
    const caller = await Caller.open(engine.ports.sip!);
    const methods = ['INVITE', 'ACK', 'BYE', 'CANCEL', 'OPTIONS', 'INFO', 'UPDATE', 'REGISTER'];
    for (let count = 0; count < messages; count++) {
      const method = methods[below(methods.length)]!;
      const body = method === 'INVITE' || method === 'UPDATE' ? caller.sdp() : '';
      caller.raw(mutate(caller.request(method, body, [], count + 1), below));
      if (count % 50 === 49) await pause(5);
    }
    caller.close();
    await clear();
  });

  it('of SDP', async () => {
    const below = randomFrom(12);
    for (let count = 0; count < messages; count++) {
      const caller = await Caller.open(engine.ports.sip!);
      const { status } = await caller.invite(mutate(Buffer.from(caller.sdp()), below).toString('latin1'));
      assert.ok([200, 400, 488].includes(status), String(status));
      if (status === 200) assert.equal((await caller.ask('BYE')).status, 200);
      caller.close();
    }
    await clear();
  });

  it('of the event socket', async () => {
    const below = randomFrom(13);
    const commands = [
      'api conference x list',
      'event json ALL',
      'filter Unique-ID x',
      'filter delete all',
      'bgapi status',
      'nixevent ALL',
      'sendmsg x\ncall-command: execute\nexecute-app-name: set\nexecute-app-arg: a=b\ncontent-length: 3',
      'api uuid_dump x json',
      'myevents',
      'linger 10',
    ];
    for (let round = 0; round < 20; round++) {
      const client = await EslClient.open(engine.ports.esl!, secret);
      for (let count = 0; count < messages / 20; count++)
        client.raw(mutate(Buffer.from(`${commands[below(commands.length)]}\n\n`), below));
      await pause(10);
      client.close();
      const stranger = connect(engine.ports.esl!, '127.0.0.1');
      stranger.on('error', () => {});
      stranger.end(mutate(Buffer.from('auth nobody\n\napi status\n\n'), below));
      stranger.resume();
    }
  });

  it('of RTP and RTCP', async () => {
    const below = randomFrom(14);
    const caller = await Caller.open(engine.ports.sip!);
    await caller.invite();
    const rtp = Buffer.alloc(172);
    const event = Buffer.alloc(16);
    rtp[0] = event[0] = 0x80;
    rtp[1] = 8;
    event[1] = 101;
    const report = Buffer.alloc(52);
    report[0] = 0x81;
    report[1] = 200;
    report.writeUInt16BE(12, 2);
    for (let count = 0; count < messages; count++) {
      rtp.writeUInt16BE(count, 2);
      rtp.writeUInt32BE(count * 160, 4);
      event.writeUInt32BE(count * 160, 4);
      caller.rtp.send(mutate(below(3) === 0 ? event : rtp, below), caller.remotePort, '127.0.0.1');
      caller.rtp.send(mutate(report, below), caller.remotePort + 1, '127.0.0.1');
      if (count % 50 === 49) await pause(20);
    }
    await caller.listen(100);
    assert.equal((await caller.ask('BYE')).status, 200);
    caller.close();
  });
});
