import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Caller, steadyLevel, toneLevel } from './caller.ts';
import { type Engine, secret, startMedia } from './engine.ts';
import { EslClient, listenForChannels } from './esl-client.ts';

describe('media engine: calls and rooms over its own sockets', function () {
  this.timeout(8_000);
  const folder = mkdtempSync(join(tmpdir(), 'media-'));
  let engine: Engine;
  let esl: EslClient;
  const callers: Caller[] = [];

  before(async () => {
    engine = await startMedia({ RECORDINGS_DIR: folder });
    esl = await EslClient.open(engine.ports.esl!, secret);
    await esl.command('event json ALL');
    await esl.command('event json CUSTOM conference::maintenance');
  });
  after(async () => {
    for (const caller of callers) caller.close();
    esl.close();
    await engine.stop();
    rmSync(folder, { recursive: true });
  });

  async function call(): Promise<{ caller: Caller; uuid: string }> {
    const caller = await Caller.open(engine.ports.sip!);
    callers.push(caller);
    const { status, text } = await caller.invite();
    assert.equal(status, 200, text);
    const event = await esl.until(
      (entry) => entry['Event-Name'] === 'CHANNEL_ANSWER' && entry.variable_sip_call_id === caller.callId,
    );
    return { caller, uuid: event['Unique-ID']! };
  }

  const action = (name: string, uuid?: string) => (event: Record<string, string>) =>
    event.Action === name && (uuid === undefined || event['Unique-ID'] === uuid);

  it('lets each of three hear exactly the other two, records all, and mutes at once', async () => {
    const tones = [440, 700, 1_130];
    const legs = await Promise.all([call(), call(), call()]);
    for (const { uuid } of legs) await esl.execute(uuid, 'conference', 'tones@default');
    for (const { uuid } of legs) await esl.until(action('add-member', uuid));
    const path = join(folder, 'tones.wav');
    assert.equal(await esl.api(`conference tones recording start ${path}`), `+OK Record file ${path}\n`);
    legs.forEach(({ caller }, place) => {
      caller.talk(tones[place]!);
    });
    for (const { uuid } of legs) await esl.until(action('start-talking', uuid));
    await legs[0]!.caller.listen(200);
    const heard = await Promise.all(legs.map(({ caller }) => caller.listen(1_000)));
    heard.forEach((samples, listener) => {
      tones.forEach((tone, talker) => {
        const level = steadyLevel(samples.slice(-8_000), tone);
        if (talker === listener) assert.ok(level < 100, `${listener} hears itself: ${level}`);
        else assert.ok(level > 4_500 && level < 7_500, `${listener} hears ${talker}: ${level}`);
      });
    });
    const muted = await esl.until(action('add-member', legs[0]!.uuid));
    assert.equal(await esl.api(`conference tones mute ${muted['Member-ID']}`), `+OK mute ${muted['Member-ID']}\n`);
    await legs[1]!.caller.listen(200);
    const later = await legs[1]!.caller.listen(500);
    assert.ok(steadyLevel(later, 440) < 100);
    assert.ok(steadyLevel(later, 1_130) > 4_500);
    assert.match(
      await esl.api(`conference tones recording stop ${path}`),
      new RegExp(`^Stopped recording file ${path}\n`),
    );
    const file = readFileSync(path);
    assert.equal(file.readUInt32LE(40), file.length - 44);
    // After the ring of starting: all three are in.
    const sound = Array.from({ length: 8_000 }, (_, at) => file.readInt16LE(44 + 4 * (at + 4_000)));
    for (const tone of tones) assert.ok(toneLevel(sound, tone) > 3_000, `recording lacks ${tone}`);
    for (const { caller } of legs) assert.equal((await caller.ask('BYE')).status, 200);
    await esl.until((event) => event.Action === 'conference-destroy');
  });

  it('sends a gap-free stream: sequence by one, clock by 160', async () => {
    const { caller, uuid } = await call();
    await esl.execute(uuid, 'conference', 'beat@default');
    await caller.listen(600);
    const { received } = caller;
    for (let at = 1; at < received.length; at++) {
      assert.equal(received[at]!.sequence, (received[at - 1]!.sequence + 1) & 0xffff);
      assert.equal(received[at]!.timestamp, (received[at - 1]!.timestamp + 160) >>> 0);
    }
    await caller.ask('BYE');
  });

  it('tells a digit once, though its packets are doubled and its end is lost', async () => {
    const { caller, uuid } = await call();
    caller.talk(0);
    const press = (event: number, ends: number): void => {
      for (let step = 1; step <= 5; step++)
        for (let copy = 0; copy < 2; copy++)
          caller.send(101, Buffer.from([event, 10, 0, step * 160]), { marker: step === 1, keepClock: true });
      for (let end = 0; end < ends; end++) caller.send(101, Buffer.from([event, 0x8a, 3, 32]), { keepClock: true });
    };
    press(5, 3);
    await esl.until((event) => event['DTMF-Digit'] === '5' && event['Unique-ID'] === uuid);
    await caller.listen(100);
    press(11, 0);
    await esl.until((event) => event['DTMF-Digit'] === '#' && event['Unique-ID'] === uuid);
    await caller.listen(800);
    const digits = esl.events.filter((event) => event['Event-Name'] === 'DTMF' && event['Unique-ID'] === uuid);
    assert.deepEqual(
      digits.map((event) => event['DTMF-Digit']),
      ['5', '#'],
    );
    await caller.ask('BYE');
  });

  it('collects digits with play_and_get_digits, and stops the prompt at the first', async () => {
    const { caller, uuid } = await call();
    await esl.execute(
      uuid,
      'play_and_get_digits',
      '1 4 1 3000 # tone_stream://%(3000,0,350) silence_stream://250 pin \\d+ 2000',
    );
    await esl.until((event) => event['Event-Name'] === 'PLAYBACK_START' && event['Unique-ID'] === uuid);
    for (const digit of ['1', '2', '#']) await esl.api(`uuid_recv_dtmf ${uuid} ${digit}`);
    const done = await esl.until(
      (event) =>
        event['Event-Name'] === 'CHANNEL_EXECUTE_COMPLETE' &&
        event.Application === 'play_and_get_digits' &&
        event['Unique-ID'] === uuid,
    );
    assert.equal(done.variable_pin, '12');
    assert.equal(done.variable_read_terminator_used, '#');
    await caller.ask('BYE');
  });

  it('keeps the tone of a key out of what the others hear', async () => {
    const [keying, other] = [await call(), await call()];
    for (const { uuid } of [keying, other]) await esl.execute(uuid, 'conference', 'keys@default');
    for (const { uuid } of [keying, other]) await esl.until(action('add-member', uuid));
    keying.caller.talk(770, 1_336);
    await other.caller.listen(200);
    const tone = await other.caller.listen(500);
    assert.ok(toneLevel(tone, 770) < 150 && toneLevel(tone, 1_336) < 150, String(toneLevel(tone, 770)));
    keying.caller.quiet();
    keying.caller.talk(440);
    await other.caller.listen(300);
    assert.ok(steadyLevel(await other.caller.listen(500), 440) > 4_000);
    keying.caller.quiet();
    for (const { caller } of [keying, other]) await caller.ask('BYE');
  });

  it('counts bad, forged and too many packets, and hears on', async () => {
    const [talker, other] = [await call(), await call()];
    for (const { uuid } of [talker, other]) await esl.execute(uuid, 'conference', 'floods@default');
    for (const { uuid } of [talker, other]) await esl.until(action('add-member', uuid));
    talker.caller.talk(440);
    await other.caller.listen(500);
    const stranger = createSocket('udp4');
    const port = talker.caller.remotePort;
    const loud = Buffer.alloc(172, 0x2a);
    loud[0] = 0x80;
    loud[1] = 8;
    const bad: Buffer[] = [
      Buffer.alloc(0),
      Buffer.from([0x80]),
      Buffer.alloc(172, 0x40),
      Buffer.concat([Buffer.from([0x8f, 8]), Buffer.alloc(20)]),
      Buffer.concat([Buffer.from([0x90, 8]), Buffer.alloc(10), Buffer.from([0, 0, 0xff, 0xff])]),
      Buffer.concat([Buffer.from([0x80, 77]), Buffer.alloc(170)]),
      Buffer.alloc(9_000, 1),
    ];
    // Ten times the usual rate, and a burst above any rate, from the right source and from another.
    for (let beat = 0; beat < 40; beat++) {
      for (const data of bad) talker.caller.rtp.send(data, port, '127.0.0.1');
      for (let count = 0; count < 10; count++) stranger.send(loud, port, '127.0.0.1');
      for (const data of bad) stranger.send(data, port + 1, '127.0.0.1');
      if (beat === 20) for (let count = 0; count < 1_000; count++) talker.caller.rtp.send(bad[2]!, port, '127.0.0.1');
      await once(other.caller, 'rtp');
    }
    const heard = await other.caller.listen(500);
    assert.ok(steadyLevel(heard, 440) > 4_000, String(steadyLevel(heard, 440)));
    await esl.api(`uuid_set_media_stats ${talker.uuid}`);
    const counted = async (name: string): Promise<number> =>
      Number(await esl.api(`uuid_getvar ${talker.uuid} rtp_audio_in_${name}_count`));
    assert.ok((await counted('malformed')) >= 100);
    // A burst that comes in one beat, on a busy machine, counts as a flood in part.
    assert.ok((await counted('forged')) >= 300);
    assert.ok((await counted('unknown_type')) >= 30);
    assert.ok((await counted('flood')) > 0);
    stranger.close();
    talker.caller.quiet();
    for (const { caller } of [talker, other]) await caller.ask('BYE');
  });

  it('answers what real devices offer, and refuses what it cannot take', async () => {
    const table: [string, string[], number, RegExp?][] = [
      [
        'video in its place',
        [
          'm=video 4000 RTP/AVP 97',
          'a=rtpmap:97 H264/90000',
          'a=fmtp:97 profile-level-id=42e01f',
          'm=audio 4002 RTP/AVP 0',
        ],
        200,
        /m=video [1-9]\d* RTP\/AVP 97\r\n[^m]*a=rtpmap:97 H264\/90000\r\n[\s\S]*m=audio [1-9]/,
      ],
      [
        'video of an unknown codec refused in its place',
        ['m=video 4000 RTP/AVP 97', 'a=rtpmap:97 VP8/90000', 'm=audio 4002 RTP/AVP 0'],
        200,
        /m=video 0 [^\r]*\r\nm=audio [1-9]/,
      ],
      [
        'events at two clocks',
        [
          'm=audio 4000 RTP/AVP 96 8 97 98',
          'a=rtpmap:96 opus/48000/2',
          'a=rtpmap:97 telephone-event/48000',
          'a=rtpmap:98 telephone-event/8000',
        ],
        200,
        /RTP\/AVP 96 97\r/,
      ],
      ['held by sendonly', ['m=audio 4000 RTP/AVP 8', 'a=sendonly'], 200, /a=recvonly/],
      ['held by address', ['m=audio 4000 RTP/AVP 8', 'c=IN IP4 0.0.0.0'], 200, /a=inactive/],
      ['no codec in common', ['m=audio 4000 RTP/AVP 18', 'a=rtpmap:18 G729/8000'], 488],
      ['no media', ['a=nothing'], 488],
    ];
    for (const [name, lines, wanted, fits] of table) {
      const caller = await Caller.open(engine.ports.sip!);
      callers.push(caller);
      const { status, text } = await caller.invite(caller.sdp(lines));
      assert.equal(status, wanted, name);
      if (fits !== undefined) assert.match(text, fits, name);
      if (status === 200) assert.equal((await caller.ask('BYE')).status, 200);
    }
  });

  it('makes the offer when there is none, takes it back as answer, and later a re-INVITE', async () => {
    const caller = await Caller.open(engine.ports.sip!);
    callers.push(caller);
    const offered = await caller.ask('INVITE', '', []);
    assert.equal(offered.status, 200);
    const own = offered.text.split('\r\n\r\n')[1]!;
    assert.match(own, /^m=audio \d+ RTP\/AVP 102 9 8 0 105 101/m);
    await caller.ask('OPTIONS');
    caller.close();
    callers.pop();
    const late = await Caller.open(engine.ports.sip!);
    callers.push(late);
    const { text } = await late.invite('', [], '');
    assert.match(text, /m=audio/);
    const again = await late.ask('INVITE', late.sdp());
    assert.equal(again.status, 200);
    late.raw(late.request('ACK', '', [], 3));
    await late.listen(100);
    await late.ask('BYE');
  });

  it('opens a socket to the program that a call names, and ends with it', async () => {
    const { server, address } = await listenForChannels();
    const caller = await Caller.open(engine.ports.sip!);
    callers.push(caller);
    const connected = once(server, 'connection');
    await caller.invite(caller.sdp(), [`X-esl-outbound: ${address}`, 'User-Agent: drachtio-fsmrf:x']);
    const [socket] = (await connected) as [Socket];
    const program = new EslClient(socket);
    const { headers } = await program.command('connect');
    assert.equal(headers.variable_sip_user_agent, 'drachtio-fsmrf%3Ax');
    assert.equal(headers.Control, 'full');
    const bye = once(caller, 'message');
    program.close();
    assert.match(String((await bye)[0]), /^BYE [\s\S]*Reason: Q\.850;cause=16;text="NORMAL_CLEARING"/);
    server.close();
  });

  it('lets nobody in with a wrong password, and nobody do anything before', async () => {
    await assert.rejects(EslClient.open(engine.ports.esl!, 'wrong'), /-ERR invalid/);
    await assert.rejects(EslClient.open(engine.ports.esl!, `${secret}x`), /-ERR invalid/);
  });

  it('speaks of what is unknown as the real one does', async () => {
    assert.equal(await esl.api('nosuchcommand x'), '-ERR nosuchcommand Command not found!\n');
    assert.equal(await esl.api('conference nosuch list'), '-ERR Conference nosuch not found\n');
    assert.equal(await esl.api('uuid_kill nosuch'), '-ERR No such channel!\n');
    assert.match(
      await esl.api('sofia status'),
      /^\s+drachtio_mrf\s+profile\s+sip:mod_sofia@127\.0\.0\.1:\d+\s+RUNNING/m,
    );
  });

  it('writes no recording outside of its folder', async () => {
    const { caller, uuid } = await call();
    const path = join(tmpdir(), `outside-${process.pid}.wav`);
    assert.match(await esl.api(`uuid_record ${uuid} start ${path}`), /^-ERR/);
    assert.equal(existsSync(path), false);
    await caller.ask('BYE');
  });

  it('keeps what was recorded when it is killed', async () => {
    const victim = await startMedia({ RECORDINGS_DIR: folder });
    const steering = await EslClient.open(victim.ports.esl!, secret);
    await steering.command('event json CHANNEL_ANSWER');
    const caller = await Caller.open(victim.ports.sip!);
    callers.push(caller);
    await caller.invite();
    const { 'Unique-ID': uuid = '' } = await steering.until(() => true);
    const path = join(folder, 'killed.wav');
    await steering.execute(uuid, 'conference', 'k@default');
    caller.talk(440);
    await caller.listen(100);
    await steering.api(`conference k recording start ${path}`);
    await caller.listen(2_500);
    await victim.stop('SIGKILL');
    steering.close();
    const file = readFileSync(path);
    const bytes = file.readUInt32LE(40);
    assert.ok(bytes >= 1.5 * 16_000, `only ${bytes} bytes`);
    assert.ok(bytes <= file.length - 44);
  });

  it('refuses at once over its limit, and says BYE to all at its end', async () => {
    const small = await startMedia({ MAX_SESSIONS: '1' });
    const [first, second] = [await Caller.open(small.ports.sip!), await Caller.open(small.ports.sip!)];
    callers.push(first, second);
    assert.equal((await first.invite()).status, 200);
    const { status, text } = await second.invite();
    assert.equal(status, 503);
    assert.match(text, /^Retry-After: \d+/m);
    const bye = once(first, 'message');
    const ended = small.stop();
    assert.match(String((await bye)[0]), /^BYE /);
    assert.equal(await ended, 0);
  });
});
