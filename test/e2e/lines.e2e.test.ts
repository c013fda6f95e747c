import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ownAddress } from '../peers/address.ts';
import { writePhoneSound } from '../peers/rtp-file.ts';
import { Sipp } from '../peers/sipp.ts';
import { type Codec, PictureHouse } from './pictures-house.ts';

interface Measured {
  mean: number;
  worst: number;
}
type Summary = Record<string, Measured> & { size?: string };

describe('how the lines of a session are', function () {
  this.timeout(120_000);
  const poorHost = ownAddress();
  const lockedHost = ownAddress();
  const phones: Sipp[] = [];
  let house: PictureHouse;
  let red: Codec;
  let green: Codec;
  let redLeg: string;
  let greenLeg: string;

  before(async () => {
    house = await PictureHouse.open();
    red = await house.codec('Xã A', 'red');
    green = await house.codec('Xã B', 'green');
    for (const host of [poorHost, lockedHost]) {
      await house.product.post('/trunks', { name: `Nhà mạng ${host}`, host, addresses: [host], srtp: 'preferred' });
    }
    await house.product.post('/dial-plan/rules', {
      name: 'Điện thoại vào thẳng phòng',
      priority: 1,
      source: { protocol: 'sip' },
      pattern: { type: 'exact', value: '02143800800' },
      destination: { kind: 'room', room: '5000' },
    });
    redLeg = await house.dials(red);
    greenLeg = await house.dials(green);
  });
  after(async () => {
    for (const phone of phones) await phone.stop();
    await house.close();
  });

  /** A phone by a trunk that is let into the room by a rule. */
  async function phone(host: string, name: string, sound: string, script: string): Promise<string> {
    const called = await Sipp.start({
      script,
      to: house.product.sip,
      host,
      number: '02143800800',
      fill: { name, from: '0912345678', sound },
      timeoutS: 100,
    });
    phones.push(called);
    const joined = await house.product.events.logged('leg.joined', ({ address }) => address?.startsWith(host) === true);
    return joined.legId ?? '';
  }

  const incident = async (code: string, legId: string, ms = 30_000): Promise<Record<string, unknown>> => {
    const { data } = await house.product.events.once(
      (event) => event.name === 'incident' && event.data.code === code && event.data.legId === legId,
      `incident ${code}`,
      ms,
    );
    return data;
  };

  it('is told every few seconds, live and by the API, sound and pictures', async () => {
    const { data } = await house.product.events.once(
      (event) => event.name === 'quality' && event.data.legId === redLeg && event.data.width !== undefined,
      'the line of a codec',
      20_000,
    );
    assert.ok(Number(data.score) > 3.5 && Number(data.lossPercent) < 2, JSON.stringify(data));
    assert.deepEqual([data.width, data.height], [640, 360]);
    assert.ok(Number(data.framesPerSecond) > 8 && Number(data.framesPerSecond) < 20, JSON.stringify(data));
    assert.ok(Number(data.pictureBitsPerSecond) > 20_000, JSON.stringify(data));
    const { quality, alarms } = (await house.leg(redLeg)) as unknown as {
      quality: Record<string, number>;
      alarms: string[];
    };
    assert.ok(quality.score! > 3.5 && quality.width === 640 && quality.pictureLossPercent === 0);
    assert.deepEqual(alarms, []);
  });

  it('raises an alarm for a poor line, a silent one, a dark one, and one whose keys are wrong', async () => {
    const poorSound = join(house.folder, 'poor.pcap');
    const lockedSound = join(house.folder, 'locked.pcap');
    writePhoneSound(poorSound, { tone: 900, seconds: 14, losesEvery: 8 });
    writePhoneSound(lockedSound, { tone: 900, seconds: 14 });
    const script = readFileSync(join(process.cwd(), 'test/e2e/sipp/phone.xml'), 'utf8');
    // It says that it protects its sound, and sends it plain: what comes cannot prove itself.
    const key = Buffer.alloc(30, 7).toString('base64');
    const locked = script.replace('a=ptime:20', `a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:${key}\na=ptime:20`);
    const [poorLeg, lockedLeg] = await Promise.all([
      phone(poorHost, 'Bà Sáu', poorSound, script),
      phone(lockedHost, 'Ông Tư', lockedSound, locked),
    ]);
    // As a pulled plug: neither sound nor pictures, and no word.
    green.terminal.kill();
    const wrong = await incident('leg.unauthentic', lockedLeg);
    assert.match((wrong.text as { vi: string }).vi, /không đúng khóa/);
    assert.deepEqual((await house.leg(lockedLeg)).alarms, ['unauthentic']);
    const poor = await incident('leg.poor-line', poorLeg);
    assert.ok(Number((poor.values as { loss: number }).loss) > 8, JSON.stringify(poor));
    await Promise.all([incident('leg.silent', greenLeg), incident('leg.dark', greenLeg)]);
    assert.deepEqual((await house.leg(greenLeg)).alarms.toSorted(), ['dark', 'silent']);
    await incident('leg.silent', poorLeg);
    const log = await house.product.log(house.session.id);
    const told = (legId: string): string[] =>
      log
        .filter((entry) => entry.legId === legId && /silent|dark|poor|authentic/.test(entry.event))
        .map((e) => e.event);
    assert.deepEqual(told(greenLeg).toSorted(), ['leg.dark', 'leg.silent']);
    assert.deepEqual(told(poorLeg), ['leg.poor-line', 'leg.silent']);
    assert.equal(told(lockedLeg)[0], 'leg.unauthentic');
  });

  it('is summed up in the log when the leg ends', async () => {
    await red.terminal.hangUp();
    const { detail } = await house.product.events.logged(
      'leg.quality',
      (entry) => entry.legId === redLeg && entry.detail.whole === true,
    );
    const { picture, sound } = detail as unknown as Record<'picture' | 'sound', Summary>;
    assert.ok(sound.score!.mean > 3.5 && sound.score!.worst <= sound.score!.mean);
    assert.equal(picture.size, '640x360');
    assert.ok(picture.framesPerSecond!.mean > 8);
  });
});
