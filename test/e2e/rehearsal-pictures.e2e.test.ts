import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { Baresip } from '../peers/baresip.ts';
import { sees, writeClip } from '../peers/pictures.ts';
import { Product } from '../peers/product.ts';
import { Sipp } from '../peers/sipp.ts';
import { answer, expect, hungUp, phoneSdp, script } from '../peers/sipp-script.ts';
import { writeTone } from '../peers/tones.ts';

/*
 * The picture loop of a rehearsal, with a codec (baresip) that sends a film and shows what it gets; and far rooms played
 * by SIPp: one that returns what it hears, one that sends nothing, one whose camera is dark, one that is busy.
 */

interface Sent {
  packets: number;
  frames?: number;
}
interface Result {
  name: string;
  verdict?: string;
  cause?: { sip?: number; q850?: number; text: string };
  sound?: { packets: number; toneBack: boolean; lossPercent: number; sent: Sent };
  picture?: { packets: number; frames: number; framesPerSecond: number; width: number; height: number; sent: Sent };
}
interface Rehearsal {
  id: string;
  state: string;
  failures: number;
  results: Result[];
}
interface Kept {
  id: string;
}

/** Audio, and a camera section that promises a picture. */
const filmSdp = (): string =>
  `${phoneSdp()}${['m=video 4 RTP/AVP 97', 'a=rtpmap:97 H264/90000', 'a=fmtp:97 profile-level-id=42e01f', 'a=sendrecv', ''].join('\n')}`;
const answered = (body: string): string =>
  script(expect('INVITE'), answer(180), answer(200, { body }), expect('ACK'), hungUp());

describe('the picture of a rehearsal', function () {
  this.timeout(90_000);
  const folder = mkdtempSync(join(tmpdir(), 'rehearsal-pictures-'));
  let product: Product;
  let codec: Baresip;
  const rooms: Sipp[] = [];
  const participants: object[] = [];

  before(async () => {
    writeTone(join(folder, 'tone.wav'), 437, 120);
    writeClip(join(folder, 'film.mp4'), 'blue', { seconds: 120, size: '640x360', rate: 15 });
    product = await Product.start({ environment: { RING_TIMEOUT_S: '10' } });
    const { id: endpointId } = await product.post<Kept>('/endpoints', {
      name: 'Codec có camera',
      kind: 'sip',
      username: 'codec',
      secret: 'codec-password-1',
    });
    codec = await Baresip.start({
      name: 'codec',
      plays: join(folder, 'tone.wav'),
      video: `avformat,${join(folder, 'film.mp4')}`,
      registers: { user: 'codec', password: 'codec-password-1', at: product.sip },
    });
    await codec.registered();
    participants.push({ kind: 'endpoint', endpointId });
    const room = async (name: string, scenario: string, echoes: boolean): Promise<void> => {
      const sipp = await Sipp.start({ script: scenario, echoes, timeoutS: 80 });
      rooms.push(sipp);
      const uplink = { protocol: 'sip', address: `sip:room@${sipp.host}:${sipp.port}` };
      const { id: siteId } = await product.post<Kept>('/sites', { name, kind: 'province', uplink });
      participants.push({ kind: 'uplink', siteId });
    };
    await room('Tỉnh trả tiếng', answered(phoneSdp()), true);
    await room('Tỉnh câm', answered(phoneSdp()), false);
    await room('Tỉnh không hình', answered(filmSdp()), true);
    const busy = script(expect('INVITE'), answer(486), expect('ACK'));
    await room('Tỉnh bận', busy, false);
  });
  after(async () => {
    await Promise.all([codec?.stop(), ...rooms.map((room) => room.stop())]);
    await product?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('is returned to the camera it came from and measured both ways; who cannot is told to staff', async () => {
    const plan = { title: 'Phiên có hình', participants, openByTime: false, allowClash: true };
    const session = await product.post<Kept>('/sessions', plan);
    const begun = await product.post<Rehearsal>(`/sessions/${session.id}/rehearsals`);
    // The far end shows its own film while it is returned.
    await sees(codec, 'blue', undefined, 30_000);
    await product.events.logged('rehearsal.ended', ({ detail }) => detail.rehearsalId === begun.id, 60_000);
    const { failures, results } = await product.get<Rehearsal>(`/rehearsals/${begun.id}`);
    const found = new Map(results.map((one) => [one.name, one]));
    assert.deepEqual(Object.fromEntries(results.map(({ name, verdict }) => [name, verdict])), {
      'Codec có camera': 'good',
      'Tỉnh trả tiếng': 'good',
      'Tỉnh câm': 'no-sound',
      'Tỉnh không hình': 'no-picture',
      'Tỉnh bận': 'in-use',
    });
    assert.equal(failures, 3);

    const { picture, sound } = found.get('Codec có camera') ?? {};
    assert.ok(picture !== undefined && sound !== undefined);
    assert.deepEqual([picture.width, picture.height], [640, 360]);
    // Some 7 s at 15 a second came; for some 4 s they were returned.
    assert.ok(picture.frames >= 40 && picture.packets >= picture.frames, JSON.stringify(picture));
    assert.ok((picture.sent.frames ?? 0) >= 20 && picture.sent.packets >= 20, JSON.stringify(picture));
    assert.ok(sound.sent.packets > 200, JSON.stringify(sound));
    const looped = found.get('Tỉnh trả tiếng');
    assert.equal(looped?.sound?.toneBack, true, 'our tone came back');
    assert.equal(looped?.picture, undefined);
    assert.equal(found.get('Tỉnh câm')?.sound?.packets, 0);
    assert.equal(found.get('Tỉnh không hình')?.picture?.packets, 0);
    assert.equal(found.get('Tỉnh bận')?.cause?.sip, 486);

    const told: Record<string, RegExp> = {
      'Tỉnh câm': /Không có tiếng từ Tỉnh câm/,
      'Tỉnh không hình': /Không có hình từ Tỉnh không hình.*camera/,
      'Tỉnh bận': /Tỉnh bận đang bận/,
    };
    for (const [name, sentence] of Object.entries(told)) {
      const { data } = await product.events.once(
        (event) => event.name === 'incident' && (event.data.values as { name?: string }).name === name,
        `incident of ${name}`,
      );
      assert.match((data.text as { vi: string }).vi, sentence);
      const entry = await product.events.logged('rehearsal.failed', ({ detail }) => detail.name === name);
      assert.equal(entry.detail.verdict, found.get(name)?.verdict);
    }
    const legs = await product.get<{ items: { state: string }[] }>('/legs?limit=50');
    assert.ok(legs.items.every(({ state }) => state === 'ended'));
    for (const room of rooms) await room.done();
  });

  it('a far room whose line bears one call is called once, and staff are told why not again', async () => {
    const room = await Sipp.start({ script: answered(phoneSdp()), echoes: true, timeoutS: 80 });
    rooms.push(room);
    const uplink = { protocol: 'sip', address: `sip:room@${room.host}:${room.port}`, maxCalls: 1 };
    const { id: siteId } = await product.post<Kept>('/sites', { name: 'Tỉnh một đường', kind: 'province', uplink });
    const session = await product.post<Kept>('/sessions', { title: 'Một đường', record: false });
    await product.post(`/sessions/${session.id}/start`);
    const call = (): Promise<Kept> => product.post<Kept>(`/sessions/${session.id}/calls`, { kind: 'uplink', siteId });
    const { id: legId } = await call();
    await product.events.logged('leg.joined', (entry) => entry.legId === legId);
    await assert.rejects(call(), /409.*line\.full.*Tỉnh một đường.*chỉ chịu được 1 cuộc gọi/);
    await product.post(`/sessions/${session.id}/end`);
    await room.done();
  });
});
