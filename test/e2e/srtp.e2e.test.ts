import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Baresip } from '../peers/baresip.ts';
import { Product } from '../peers/product.ts';
import { writeTone } from '../peers/tones.ts';
import { hearsExactly } from './listening.ts';

interface Created {
  id: string;
}

const password = 'device-password';
const tones = [520, 890, 1_270];

describe('protected media, set for each device', function () {
  this.timeout(60_000);
  const folder = mkdtempSync(join(tmpdir(), 'srtp-'));
  const running: Baresip[] = [];
  let product: Product;
  let session: Created;

  before(async () => {
    product = await Product.start();
    session = await product.post('/sessions', {
      title: 'Phiên kín',
      room: '5000',
      record: false,
      participants: [],
    });
    await product.post(`/sessions/${session.id}/start`);
  });
  after(async () => {
    for (const terminal of running) await terminal.stop();
    await product.stop();
    rmSync(folder, { recursive: true });
  });

  /** A device with its setting, and the terminal that is it. */
  async function device(number: string, srtp: string | undefined, mediaenc?: string): Promise<[Baresip, Created]> {
    const plays = join(folder, `${number}.wav`);
    writeTone(plays, tones[running.length % tones.length]!, 60);
    const made = await product.post<Created & { srtp: string }>('/endpoints', {
      name: `Máy ${number}`,
      kind: 'sip',
      number,
      username: `user${number}`,
      secret: password,
      ...(srtp === undefined ? {} : { srtp }),
    });
    assert.equal(made.srtp, srtp ?? 'preferred');
    const terminal = await Baresip.start({
      name: `t${number}`,
      plays,
      registers: { user: `user${number}`, password, at: product.sip },
      ...(mediaenc === undefined ? {} : { modules: ['srtp.so'], account: `mediaenc=${mediaenc}` }),
    });
    running.push(terminal);
    await terminal.registered();
    return [terminal, made];
  }

  async function dials(terminal: Baresip): Promise<void> {
    await terminal.dial(`sip:5000@${product.sip}`);
  }

  it('devices that must, may, and cannot hear each other; the keys show in their SDP', async () => {
    const [must, mustDevice] = await device('201', 'required', 'srtp-mand');
    const [may] = await device('202', undefined, 'srtp');
    const [cannot] = await device('203', 'off');
    await dials(may);
    await dials(cannot);
    await may.event('CALL_ESTABLISHED');
    await cannot.event('CALL_ESTABLISHED');
    // The device that must is called: our offer is protected or nothing.
    await product.post(`/sessions/${session.id}/calls`, { kind: 'endpoint', endpointId: mustDevice.id });
    await must.event('CALL_ESTABLISHED');
    await Promise.all([
      hearsExactly(must, [tones[1]!, tones[2]!], tones),
      hearsExactly(may, [tones[0]!, tones[2]!], tones),
      hearsExactly(cannot, [tones[0]!, tones[1]!], tones),
    ]);
    assert.match(must.log, /m=audio \d+ RTP\/SAVP/);
    for (const terminal of [must, may, cannot]) {
      await terminal.hangUp();
      await terminal.event('CALL_CLOSED');
    }
  });

  it('refuses a device that must and does not, and one that does and may not', async () => {
    const [open] = await device('211', 'required');
    await dials(open);
    assert.match((await open.event('CALL_CLOSED')).param, /^488 /);
    const [closed] = await device('212', 'off', 'srtp-mand');
    await dials(closed);
    assert.match((await closed.event('CALL_CLOSED')).param, /^488 /);
  });

  it('does not let a setting stand that is none', async () => {
    await assert.rejects(product.post('/trunks', { name: 'Sai', host: '127.0.0.99', srtp: 'perhaps' }), /srtp|422|400/);
  });
});
