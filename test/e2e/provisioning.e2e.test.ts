import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { after, before, describe, it } from 'mocha';
import { ownAddress } from '../peers/address.ts';
import { Baresip } from '../peers/baresip.ts';
import { Product } from '../peers/product.ts';
import { writeTone } from '../peers/tones.ts';
import { accountIn } from '../provisioning/server/account.ts';

/** A phone's request, from an address of its own. */
function fetchFrom(address: string, url: string, userAgent: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { localAddress: address, headers: { 'User-Agent': userAgent }, agent: false });
    asked.on('error', reject);
    asked.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    asked.end();
  });
}

/** What the API shows; compared field by field. */
type Shown = Record<string, unknown>;

describe('a phone from its box to a call', function () {
  this.timeout(120_000);
  const mac = '001565abcdef';
  const folder = mkdtempSync(join(tmpdir(), 'diemcau-provisioning-'));
  const agent = 'Yealink SIP-T46S 66.86.0.15 00:15:65:ab:cd:ef';
  let product: Product;
  let terminal: Baresip | undefined;
  let endpointId: string;
  let base: string;
  before(async () => {
    writeTone(join(folder, 'speaks.wav'), 700, 120);
    product = await Product.start();
    base = `http://${product.host}:${product.ports.provisioning}/`;
  });
  after(async () => {
    await terminal?.stop();
    await product?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('is entered by model and MAC address, comes in through a window, and registers with what it is handed', async () => {
    const device = { model: 'SIP-T46S', mac, overrides: {} };
    const made = await product.post<Shown>('/endpoints', {
      name: 'Phòng tiếp dân',
      kind: 'sip',
      number: '201',
      device,
    });
    endpointId = String(made.id);
    const address = ownAddress();
    assert.equal((await fetchFrom(address, `${base}${mac}.cfg`, agent)).status, 404);
    await product.post<Shown>('/provisioning/windows', { endpointId, minutes: 5 });
    const boot = await fetchFrom(address, `${base}${mac}.boot`, agent);
    assert.equal(boot.status, 200);
    const first = await fetchFrom(address, `${base}${mac}.cfg`, agent);
    assert.equal(first.status, 200);
    const account = accountIn(first.text);
    // From now on it asks at the address that it was handed.
    const next = await fetchFrom(address, `${account.provisioningUrl}${mac}.cfg`, agent);
    assert.equal(next.text, first.text);
    terminal = await Baresip.start({
      name: 'tu-cau-hinh',
      plays: join(folder, 'speaks.wav'),
      host: address,
      answers: 'auto',
      registers: { user: account.username, password: account.password, at: `${account.server}:${account.port}` },
    });
    await terminal.registered();
    const shown = await product.get<Shown>(`/endpoints/${endpointId}/device`);
    assert.deepEqual(
      [shown.upToDate, shown.userAgent, shown.firmware, shown.provenBy],
      [true, agent, '66.86.0.15', 'window'],
    );
    assert.equal(shown.lastAskedFrom, address);
    assert.match(String((shown.registrations as { source: string }[])[0]?.source), new RegExp(`^${address}`));
  });

  it('calls, and is answered', async () => {
    assert.ok(terminal);
    await terminal.dial('*43');
    await terminal.event('CALL_ESTABLISHED');
    await terminal.hangUp();
    await terminal.event('CALL_CLOSED');
  });

  it('is called by the test button; both ways are measured and kept', async () => {
    let call = await product.post<Shown>(`/endpoints/${endpointId}/test-call`, {});
    while (call.state !== 'done' && call.state !== 'failed') {
      await pause(200);
      const { items } = (await product.get<Shown>(`/endpoints/${endpointId}/test-calls`)) as {
        items: Record<string, unknown>[];
      };
      call = items[0] ?? call;
    }
    assert.deepEqual([call.state, call.verdict], ['done', 'good'], JSON.stringify(call));
    const { received, sent } = call as {
      received: { packets: number; lossPercent: number };
      sent: { lossPercent: number };
    };
    assert.ok(received.packets > 300 && received.lossPercent < 1);
    assert.ok(sent.lossPercent < 1, 'what the device says arrived there');
    const shown = await product.get<Shown>(`/endpoints/${endpointId}/device`);
    assert.equal((shown.lastTest as { id: string }).id, call.id);
  });

  it('a change waits for it, and is known to be missing until it asked again', async () => {
    await product.patch<Shown>(`/endpoints/${endpointId}`, { name: 'Phòng họp' });
    assert.equal((await product.get<Shown>(`/endpoints/${endpointId}/device`)).upToDate, false);
    const { url } = await product.post<Shown>(`/endpoints/${endpointId}/device/reveal`, {});
    const file = await fetchFrom(terminal?.host ?? '', `${url}${mac}.cfg`, agent);
    assert.match(file.text, /Phòng họp/);
    assert.equal((await product.get<Shown>(`/endpoints/${endpointId}/device`)).upToDate, true);
  });
});
