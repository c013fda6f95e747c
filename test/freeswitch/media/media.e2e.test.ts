import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { MemberLevel } from '../../../freeswitch/media/levels.ts';
import type { MediaConference, MediaEndpoint } from '../../../freeswitch/media/media.ts';
import { MediaError } from '../../../freeswitch/media/media.ts';
import { EslClient } from '../../embedded/freeswitch/esl-client.ts';
import { loudness, readWav, toneLevel, tonesIn } from '../../peers/tones.ts';
import { type MediaHouse, openMediaHouse } from './house.ts';
import { Terminal } from './terminal.ts';

/* Over the engines that the environment names (DRACHTIO_*, FREESWITCH_*), else over our own: the same must hold. */

describe('media client', function () {
  this.timeout(30_000);
  let house: MediaHouse;
  const open: { close?(): void; destroy?(): Promise<void> }[] = [];

  before(async () => {
    house = await openMediaHouse();
  });
  after(() => house.close());
  afterEach(async () => {
    for (const one of open.splice(0).reverse()) {
      one.close?.();
      await one.destroy?.();
    }
  });

  async function terminal(): Promise<Terminal> {
    const made = await Terminal.open();
    open.push(made);
    return made;
  }

  /** A terminal that called: the endpoint answers its offer. */
  async function call(hz?: number): Promise<{ endpoint: MediaEndpoint; phone: Terminal }> {
    const phone = await terminal();
    const endpoint = await house.media.createEndpoint(phone.sdp());
    open.push(endpoint);
    phone.meets(endpoint.localSdp);
    phone.talk(hz);
    return { endpoint, phone };
  }

  let rooms = 0;
  async function room(): Promise<MediaConference> {
    const conference = await house.media.createConference(`media-test-${process.pid}-${++rooms}`);
    open.push(conference);
    return conference;
  }

  describe('endpoints', () => {
    it('answers an offer, and says which codec is in use', async () => {
      const { endpoint } = await call();
      assert.match(endpoint.localSdp, /^m=audio \d+ RTP\/AVP 8 101/m);
      assert.equal(await endpoint.codec(), 'PCMA');
    });
    it('makes an offer, and takes its answer', async () => {
      const endpoint = await house.media.createEndpoint();
      open.push(endpoint);
      assert.match(endpoint.localSdp, /^a=rtpmap:8 PCMA\/8000/m);
      const phone = await terminal();
      phone.meets(endpoint.localSdp);
      await endpoint.modify(phone.sdp());
      assert.equal(await endpoint.codec(), 'PCMA');
      phone.talk(undefined);
      void endpoint.play(['tone_stream://%(2000,0,440)']);
      await untilHeard(phone, 440);
    });
    it('refuses an offer without a codec in common, with 488', async () => {
      const offer = (await terminal())
        .sdp()
        .replace(/^m=.*/m, 'm=audio 40000 RTP/AVP 18')
        .replace(/^a=.*\r\n/gm, '');
      await assert.rejects(house.media.createEndpoint(offer), (error) => {
        assert.ok(error instanceof MediaError);
        assert.match(error.message, /\(488\)/);
        return true;
      });
    });
    it('goes on hold and comes back by a new offer', async () => {
      const { endpoint, phone } = await call(440);
      assert.match(await endpoint.modify(phone.sdp('sendonly', 2)), /^a=recvonly/m);
      const back = await endpoint.modify(phone.sdp('sendrecv', 3));
      assert.doesNotMatch(back, /^a=(recvonly|sendonly|inactive)/m);
      void endpoint.play(['tone_stream://%(2000,0,600)']);
      await untilHeard(phone, 600);
    });
    it('follows the far side to another port', async () => {
      const { endpoint, phone } = await call();
      const other = await terminal();
      other.meets(endpoint.localSdp);
      phone.fallSilent();
      other.talk(undefined);
      await endpoint.modify(other.sdp('sendrecv', 2).replace(`o=- ${other.port}`, `o=- ${phone.port}`));
      void endpoint.play(['tone_stream://%(2000,0,600)']);
      await untilHeard(other, 600);
    });
    it('plays prompts to their end, one after the other', async () => {
      const { endpoint, phone } = await call();
      phone.forget();
      await endpoint.play(['vi/number1.wav', 'tone_stream://%(400,0,700)']);
      assert.ok(loudness(phone.sound) > 0.01);
      assert.ok(toneLevel({ rate: 8_000, samples: phone.sound.samples.subarray(-2_400) }, 700) > 0.02);
    });
    it('says that a file is missing', async () => {
      const { endpoint } = await call();
      await assert.rejects(endpoint.play(['vi/no-such-prompt.wav']), (error) => {
        assert.ok(error instanceof MediaError);
        assert.match(error.message, /no-such-prompt\.wav: File Not Found/);
        return true;
      });
    });
    it('stops what plays, and what would follow', async () => {
      const { endpoint, phone } = await call();
      const played = endpoint.play(['tone_stream://%(20000,0,440)', 'tone_stream://%(20000,0,600)']);
      await untilHeard(phone, 440);
      await endpoint.stopPlaying();
      await played;
      assert.deepEqual(tonesIn(await phone.listen(400), [600]), []);
    });
    it('tells digits, each once, with its length', async () => {
      const { endpoint, phone } = await call();
      await phone.listen(40);
      const told: [string, number][] = [];
      endpoint.on('digit', (digit, durationMs) => told.push([digit, durationMs]));
      await phone.key('15#*');
      await eventually(() => told.length === 4);
      assert.deepEqual(told.map(([digit]) => digit).join(''), '15#*');
      for (const [, ms] of told) assert.ok(ms >= 40 && ms <= 400, `${ms} ms`);
    });
    it('sends digits as RFC 4733, a comma as a pause', async () => {
      const { endpoint, phone } = await call();
      await phone.listen(40);
      await endpoint.sendDigits('12,#9');
      await eventually(() => phone.digits.length === 4);
      assert.equal(phone.digits, '12#9');
    });
    it('returns the caller’s own sound until it is stopped', async () => {
      const { endpoint, phone } = await call(850);
      await endpoint.echo();
      await untilHeard(phone, 850);
      await endpoint.stopPlaying();
      await eventually(async () => tonesIn(await phone.listen(200), [850]).length === 0);
    });
    it('gives statistics of what came and went', async () => {
      const { endpoint, phone } = await call(440);
      await endpoint.play(['tone_stream://%(600,0,700)']);
      await phone.listen(100);
      const numbers = await endpoint.statistics();
      assert.ok(Number(numbers.variable_rtp_audio_in_packet_count) > 10, JSON.stringify(numbers));
      assert.ok(Number(numbers.variable_rtp_audio_out_packet_count) > 10);
    });
    it('records what the leg says, and the file is whole when it is stopped', async () => {
      const { endpoint, phone } = await call(440);
      await phone.key('1');
      const path = join(house.folder, 'leg.wav');
      await endpoint.record(path);
      await endpoint.play(['tone_stream://%(1000,0,700)']);
      await endpoint.stopRecording(path);
      const sound = readWav(path);
      const ms = (sound.samples.length / sound.rate) * 1_000;
      assert.ok(ms > 800 && ms < 1_600, `${ms} ms`);
      assert.deepEqual(tonesIn(sound, [440, 700]), [440]);
    });
    it('closes a recording when the endpoint ends', async () => {
      const { endpoint } = await call(440);
      const path = join(house.folder, 'ended.wav');
      await endpoint.record(path);
      await endpoint.play(['tone_stream://%(500,0,700)']);
      const ended = endpoint.destroy();
      await endpoint.stopRecording(path);
      await ended;
      assert.deepEqual(tonesIn(readWav(path), [440]), [440]);
    });
    it('closes a recording when it is stopped while the endpoint ends', async () => {
      const { endpoint } = await call(440);
      const path = join(house.folder, 'both.wav');
      await endpoint.record(path);
      await endpoint.play(['tone_stream://%(500,0,700)']);
      const stopped = endpoint.stopRecording(path);
      await endpoint.destroy();
      await stopped;
      assert.deepEqual(tonesIn(readWav(path), [440]), [440]);
    });
    it('says that a recording cannot be written', async () => {
      const { endpoint } = await call();
      await assert.rejects(endpoint.record('/proc/no/such/folder/a.wav'), MediaError);
    });
    it('tells that it was lost, once, and that nothing of it is left to wait for', async () => {
      const { endpoint } = await call();
      const lost: string[] = [];
      endpoint.on('lost', (reason) => lost.push(reason));
      const played = endpoint.play(['tone_stream://%(20000,0,440)']);
      const console_ = await EslClient.open(house.eventSocket.port, house.eventSocket.secret);
      await console_.api(`uuid_kill ${endpoint.id}`);
      await played;
      await eventually(() => lost.length > 0);
      console_.close();
      assert.equal(lost.length, 1);
    });
  });

  describe('rooms', () => {
    it('gives everyone all but themselves', async () => {
      const conference = await room();
      const tones = [440, 700, 1_100];
      const members = await Promise.all(tones.map((hz) => call(hz)));
      for (const { endpoint } of members) await endpoint.join(conference);
      for (const [index, { phone }] of members.entries())
        await eventually(async () => {
          const heard = tonesIn(await phone.listen(400), tones);
          return heard.length === 2 && !heard.includes(tones[index] ?? 0);
        });
    });
    it('mixes a room at 8 kHz when it is asked for', async () => {
      for (const rateHz of [8_000, 16_000] as const) {
        const conference = await house.media.createConference(`rate-${process.pid}-${rateHz}`, { rateHz });
        open.push(conference);
        const { endpoint, phone } = await call(500);
        await endpoint.join(conference);
        const path = join(house.folder, `rate-${rateHz}.wav`);
        await conference.record(path);
        await phone.listen(300);
        await conference.stopRecording(path);
        assert.equal(readWav(path).rate, rateHz);
      }
    });
    it('is heard at the right pitch by a terminal whose answer came late', async () => {
      const conference = await room();
      const speaker = await call(500);
      await speaker.endpoint.join(conference);
      const endpoint = await house.media.createEndpoint();
      open.push(endpoint);
      const phone = await terminal();
      phone.meets(endpoint.localSdp);
      phone.talk(undefined);
      await endpoint.modify(phone.sdp());
      // Long enough for the engine to change to the codec that was answered.
      await phone.listen(200);
      await endpoint.join(conference);
      await untilHeard(phone, 500);
      assert.ok(toneLevel(await phone.listen(400), 500) > 0.1);
    });
    it('mutes at once, and lets talk again', async () => {
      const conference = await room();
      const [speaker, listener] = [await call(700), await call()];
      const place = await speaker.endpoint.join(conference);
      await listener.endpoint.join(conference);
      await untilHeard(listener.phone, 700);
      await place.mute(true);
      await eventually(async () => tonesIn(await listener.phone.listen(200), [700]).length === 0);
      await place.mute(false);
      await untilHeard(listener.phone, 700);
    });
    it('takes in a member muted', async () => {
      const conference = await room();
      const [speaker, listener] = [await call(700), await call()];
      await listener.endpoint.join(conference);
      const place = await speaker.endpoint.join(conference, { muted: true });
      assert.deepEqual(tonesIn(await listener.phone.listen(400), [700]), []);
      await place.mute(false);
      await untilHeard(listener.phone, 700);
    });
    it('tells who talks, who stops, and who left', async () => {
      const conference = await room();
      const told: string[] = [];
      conference.on('talking', (member, talking) => told.push(`${member} ${talking ? 'talks' : 'stops'}`));
      conference.on('left', (member) => told.push(`${member} left`));
      const [speaker, other] = [await call(700), await call()];
      const { leave, memberId } = await speaker.endpoint.join(conference);
      await other.endpoint.join(conference);
      await eventually(() => told.includes(`${memberId} talks`));
      speaker.phone.talk(undefined);
      await eventually(() => told.includes(`${memberId} stops`));
      await leave();
      await eventually(() => told.includes(`${memberId} left`));
      assert.equal(await speaker.endpoint.codec(), 'PCMA');
      void speaker.endpoint.play(['tone_stream://%(2000,0,440)']);
      await untilHeard(speaker.phone, 440);
    });
    it('tells how loud its members are, while it is asked for', async function () {
      // A FreeSWITCH takes the question, and tells nothing.
      if (process.env.FREESWITCH_HOST !== undefined) this.skip();
      const conference = await room();
      const told: MemberLevel[][] = [];
      conference.on('levels', (levels) => told.push(levels));
      const [speaker, other] = [await call(700), await call()];
      const { memberId } = await speaker.endpoint.join(conference);
      const { memberId: listening } = await other.endpoint.join(conference);
      await untilHeard(other.phone, 700);
      assert.equal(told.length, 0, 'before it is asked for');
      conference.measureLevels(true);
      const of = (id: number) => told.at(-1)?.find((level) => level.memberId === id);
      await eventually(() => (of(memberId)?.inDb ?? -127) > -30 && (of(listening)?.outDb ?? -127) > -30);
      assert.ok((of(listening)?.inDb ?? 0) < -60, 'who says nothing');
      assert.ok((of(memberId)?.outDb ?? 0) < -50, 'who hears nothing');
      conference.measureLevels(false);
      // An answer to a later question comes behind the last level.
      await conference.setFloor(undefined);
      await other.phone.listen(250);
      const { length } = told;
      await other.phone.listen(500);
      assert.equal(told.length, length, 'after it is not asked for any more');
    });
    it('tells once that a member stops talking because it is muted', async () => {
      const conference = await room();
      const told: string[] = [];
      conference.on('talking', (member, talking) => told.push(`${member} ${talking ? 'talks' : 'stops'}`));
      const { endpoint } = await call(700);
      const { memberId, mute } = await endpoint.join(conference);
      await eventually(() => told.length > 0);
      await mute(true);
      await eventually(() => told.includes(`${memberId} stops`));
      await mute(false);
      await eventually(() => told.length > 2);
      assert.deepEqual(told, [`${memberId} talks`, `${memberId} stops`, `${memberId} talks`]);
    });
    it('plays to all, one file after the other, and says when it is done', async () => {
      const conference = await room();
      const { endpoint, phone } = await call();
      await endpoint.join(conference);
      phone.forget();
      await conference.play(['vi/number2.wav', 'tone_stream://%(500,0,900)']);
      await phone.listen(200).then(() => {});
      await assert.rejects(conference.play(['vi/no-such-prompt.wav']), MediaError);
    });
    it('plays what the members hear', async () => {
      const conference = await room();
      const { endpoint, phone } = await call();
      await endpoint.join(conference);
      const played = conference.play(['tone_stream://%(1500,0,900)']);
      await untilHeard(phone, 900);
      await played;
    });
    it('records the mix; the file is whole when it is stopped', async () => {
      const conference = await room();
      const [one, two] = [await call(500), await call(1_300)];
      await one.endpoint.join(conference);
      await two.endpoint.join(conference);
      await untilHeard(one.phone, 1_300);
      const path = join(house.folder, 'mix.wav');
      await conference.record(path);
      await one.phone.listen(1_000);
      await conference.stopRecording(path);
      const sound = readWav(path);
      assert.ok(sound.samples.length / sound.rate > 0.7, `${sound.samples.length / sound.rate} s`);
      assert.deepEqual(tonesIn(sound, [500, 1_300]), [500, 1_300]);
    });
    it('tracks of members run while they are in the room', async () => {
      const conference = await room();
      const [one, two] = [await call(500), await call(1_300)];
      await one.endpoint.join(conference);
      await two.endpoint.join(conference);
      const path = join(house.folder, 'track.wav');
      await one.endpoint.record(path);
      await untilHeard(one.phone, 1_300);
      await one.phone.listen(500);
      await one.endpoint.stopRecording(path);
      assert.deepEqual(tonesIn(readWav(path), [500, 1_300]), [500]);
    });
    it('ends, and lets its members go on', async () => {
      const conference = await room();
      const { endpoint, phone } = await call();
      await endpoint.join(conference);
      const path = join(house.folder, 'whole.wav');
      await conference.record(path);
      await phone.listen(300);
      let lost = 0;
      conference.on('lost', () => lost++);
      await conference.destroy();
      assert.equal(lost, 0);
      void endpoint.play(['tone_stream://%(3000,0,440)']);
      await untilHeard(phone, 440);
      assert.ok(existsSync(path));
      const again = await house.media.createConference(conference.name);
      await again.destroy();
    });
    it('tells that it was lost', async () => {
      const conference = await room();
      const lost = once(conference, 'lost');
      const console_ = await EslClient.open(house.eventSocket.port, house.eventSocket.secret);
      const list = await console_.api(`conference ${conference.name} list`);
      await console_.api(`uuid_kill ${list.split(';')[2]}`);
      await lost;
      console_.close();
    });
  });
});

async function eventually(fits: () => boolean | Promise<boolean>): Promise<void> {
  const until = performance.now() + 15_000;
  while (!(await fits())) {
    if (performance.now() > until) throw new Error('it did not come about');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function untilHeard(phone: Terminal, hz: number): Promise<void> {
  await eventually(async () => tonesIn(await phone.listen(200), [hz]).length === 1);
}
