import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ownAddress } from '../peers/address.ts';
import { Asterisk } from '../peers/asterisk.ts';
import { Baresip } from '../peers/baresip.ts';
import { Product } from '../peers/product.ts';
import { writeTone } from '../peers/tones.ts';

/*
 * A rehearsal: a SIP codec that speaks, one whose microphone is off, an H.323 codec (Asterisk), the province's room whose
 * menu wants a code and whose loudspeaker is heard by its microphone, and a device that is not there.
 */

interface Result {
  name: string;
  verdict?: string;
  codec?: string;
  sound?: { packets: number; lossPercent: number; levelDb?: number; toneBack: boolean };
}
interface Rehearsal {
  id: string;
  state: string;
  trigger: string;
  failures: number;
  results: Result[];
}
interface Kept {
  id: string;
}

describe('a rehearsal before a session', function () {
  this.timeout(90_000);
  const folder = mkdtempSync(join(tmpdir(), 'rehearsal-'));
  const host = ownAddress();
  let product: Product;
  let speaking: Baresip;
  let quiet: Baresip;
  let province: Baresip;
  let old: Asterisk;
  let participants: object[];

  before(async () => {
    writeTone(join(folder, 'speaking.wav'), 437, 180);
    writeTone(join(folder, 'loop.wav'), 1000, 180);
    writeTone(join(folder, 'quiet.wav'), 437, 180, 8_000, 0);
    const oldAddress = ownAddress();
    product = await Product.start({ host, environment: { H323_PORT: '1720', RAS_PORT: '1719', RING_TIMEOUT_S: '10' } });
    const device = async (name: string, more: object): Promise<string> =>
      (await product.post<Kept>('/endpoints', { name, kind: 'sip', ...more })).id;
    const speakingId = await device('Codec nói', { username: 'noi', secret: 'codec-password-1' });
    const quietId = await device('Codec tắt micrô', { username: 'tat', secret: 'codec-password-2' });
    const awayId = await device('Codec vắng', { username: 'vang', secret: 'codec-password-3' });
    const oldId = await device('Phòng họp cũ', {
      kind: 'h323',
      number: '201',
      username: 'phongcu',
      address: oldAddress,
    });
    [old, speaking, quiet, province] = await Promise.all([
      Asterisk.start({ address: oldAddress, gatekeeper: host, h323Id: 'phongcu', e164: '201', tone: 613 }),
      Baresip.start({
        name: 'speaking',
        plays: join(folder, 'speaking.wav'),
        registers: { user: 'noi', password: 'codec-password-1', at: product.sip },
      }),
      Baresip.start({
        name: 'quiet',
        plays: join(folder, 'quiet.wav'),
        registers: { user: 'tat', password: 'codec-password-2', at: product.sip },
      }),
      Baresip.start({ name: 'province', plays: join(folder, 'loop.wav') }),
    ]);
    const { id: siteId } = await product.post<Kept>('/sites', {
      name: 'UBND tỉnh',
      kind: 'province',
      uplink: { protocol: 'sip', address: `sip:province@${province.host}`, menuCode: '77#' },
    });
    await Promise.all([old.registered(), speaking.registered(), quiet.registered()]);
    participants = [
      ...[speakingId, quietId, awayId, oldId].map((endpointId) => ({ kind: 'endpoint', endpointId })),
      { kind: 'uplink', siteId },
      { kind: 'phone', number: '0912345678' },
    ];
  });
  after(async () => {
    await Promise.all([speaking?.stop(), quiet?.stop(), province?.stop(), old?.stop(), product?.stop()]);
    rmSync(folder, { recursive: true, force: true });
  });

  const ended = async (id: string): Promise<Rehearsal> => {
    for (;;) {
      const one = await product.get<Rehearsal>(`/rehearsals/${id}`);
      if (one.state === 'done') return one;
      await pause(200);
    }
  };
  const plan = (more: object): Promise<Kept> =>
    product.post<Kept>('/sessions', { title: 'Phiên có chạy thử', participants, openByTime: false, ...more });

  it('calls each device and far room, measures its sound, and says what is wrong with whom', async () => {
    const session = await plan({});
    const begun = await product.post<Rehearsal>(`/sessions/${session.id}/rehearsals`);
    assert.equal(begun.trigger, 'hand');
    const { failures, results } = await ended(begun.id);
    const found = new Map(results.map((one) => [one.name, one]));
    const verdicts = Object.fromEntries(results.map(({ name, verdict }) => [name, verdict]));
    assert.deepEqual(verdicts, {
      'Codec nói': 'good',
      'Codec tắt micrô': 'silent',
      'Codec vắng': 'no-answer',
      'Phòng họp cũ': 'good',
      'UBND tỉnh': 'good',
      // No line is entered: phones could not come in.
      '-': 'no-answer',
    });
    assert.equal(failures, 3);
    assert.equal(await province.receivedDigits(3), '77#');
    const codec = found.get('Codec nói')?.sound;
    assert.ok(codec !== undefined && codec.packets > 200 && codec.lossPercent < 1, JSON.stringify(codec));
    assert.ok((codec.levelDb ?? -100) > -40 && codec.toneBack === false);
    assert.equal(found.get('UBND tỉnh')?.sound?.toneBack, true, 'its loudspeaker is heard by its microphone');
    const { items } = await product.get<{ items: { values: { name: string }; text: { vi: string } }[] }>(
      `/incidents?sessionId=${session.id}`,
    );
    const away = items.find(({ values }) => values.name === 'Codec vắng');
    assert.match(away?.text.vi ?? '', /thiết bị không kết nối mạng/, 'why, in words and not as an engine put it');
    const entry = await product.events.logged('rehearsal.failed', ({ detail }) => detail.name === 'Codec tắt micrô');
    assert.equal(entry.detail.verdict, 'silent');
    await product.events.logged('rehearsal.ended', ({ detail }) => detail.rehearsalId === begun.id);
  });

  it('begins by itself at its time before the session', async () => {
    const plannedStart = new Date(Date.now() + 240_000).toISOString();
    const session = await plan({ plannedStart, rehearsalMinutes: 5, allowClash: true });
    const { detail } = await product.events.logged(
      'rehearsal.ended',
      ({ sessionId }) => sessionId === session.id,
      60_000,
    );
    const one = await product.get<Rehearsal>(`/rehearsals/${detail.rehearsalId}`);
    assert.equal(one.trigger, 'planned');
    assert.equal(one.failures, 3);
    const { total } = await product.get<{ total: number }>(`/sessions/${session.id}/rehearsals`);
    assert.equal(total, 1);
  });
});
