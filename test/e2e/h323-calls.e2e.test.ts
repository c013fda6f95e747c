import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { ownAddress } from '../peers/address.ts';
import { Asterisk } from '../peers/asterisk.ts';
import type { AsteriskDtmfMode } from '../peers/asterisk-configuration.ts';
import { Product } from '../peers/product.ts';

/* H.323 calls through the whole product: digits, every way to end, and many of them. */

interface Kept {
  id: string;
}

/** What Asterisk does with `h245signal` towards us is alphanumeric on the wire: it prefers that wherever it may. */
const digitMethods: AsteriskDtmfMode[] = ['rfc2833', 'cisco', 'h245alphanumeric', 'h245signal', 'q931keypad', 'inband'];

/**
 * Growth of a process over 750 calls that is its garbage collector's affair; a tenth of a megabyte kept of each call
 * would be more.
 */
const mostGrowthKib = 75_000;

describe('H.323 calls', function () {
  this.timeout(60_000);
  const host = ownAddress();
  const pin = '24680';
  let product: Product;
  let caller: Asterisk;
  let callee: Asterisk;
  let room: Kept;

  const toGateway = { peer: 'gateway' };
  const logged: Product['events']['logged'] = (...args) => product.events.logged(...args);

  before(async () => {
    const peers = Object.fromEntries(digitMethods.map((dtmfMode) => [dtmfMode, { address: host, dtmfMode }]));
    [product, caller, callee] = await Promise.all([
      Product.start({
        host,
        environment: { H323_PORT: '1720', RAS_PORT: '1719', RING_TIMEOUT_S: '5' },
      }),
      Asterisk.start({ peers: { gateway: { address: host }, ...peers }, h323Id: 'caller' }),
      Asterisk.start({ peers: { gateway: { address: host } }, h323Id: 'callee' }),
    ]);
    const device = (name: string, number: string, address: string): Promise<Kept> =>
      product.post('/endpoints', { name, number, kind: 'h323-address', address });
    await device('Người gọi', '300', caller.address);
    // One codec, called under several of its numbers.
    for (const number of ['603', '604', '605', '606', '80697'])
      await device(`Máy ${number}`, `9${number}`, `${number}@${callee.address}`);
    await product.post('/dial-plan/rules', {
      name: 'tiếp nhận',
      source: {},
      pattern: { type: 'exact', value: '6000' },
      destination: { kind: 'ivr' },
    });
    room = await product.post('/sessions', { title: 'Phòng', room: '5000', record: false, pin });
    await product.post(`/sessions/${room.id}/start`);
  });
  after(async () => {
    await Promise.all([caller?.stop(), callee?.stop(), product?.stop()]);
  });
  beforeEach(() => {
    callee.forget();
    product.events.forget();
  });

  describe('that do not come about', () => {
    const refused: [what: string, number: string, cause: number][] = [
      ['the called device is busy', '9603', 17],
      ['the called device is congested', '9605', 42],
      ['the called device refuses', '9606', 21],
      ['nobody answers', '9604', 19],
      ['the number is unknown', '4711', 1],
    ];
    for (const [what, number, cause] of refused) {
      it(`are refused with cause ${cause} when ${what}`, async () => {
        const call = caller.call(number, toGateway);
        assert.equal(await call.ended(15_000), cause);
        assert.equal(callee.running, 0);
      });
    }

    it('stop ringing when the caller gives up', async () => {
      const call = caller.call('9604', toGateway);
      const [ringing] = await Promise.all([callee.incoming(), call.ringing()]);
      await call.hangUp();
      assert.equal(await ringing.ended(), 16);
    });

    it('stop ringing when the session ends', async () => {
      const session = await product.post<Kept>('/sessions', { title: 'Gọi', record: false });
      await product.post(`/sessions/${session.id}/start`);
      const { items } = await product.get<{ items: (Kept & { number: string })[] }>('/endpoints?limit=100');
      const endpointId = items.find(({ number }) => number === '9604')?.id;
      const arriving = callee.incoming();
      await product.post(`/sessions/${session.id}/calls`, { kind: 'endpoint', endpointId });
      const ringing = await arriving;
      await ringing.ringing();
      await product.post(`/sessions/${session.id}/end`);
      assert.equal(await ringing.ended(), 16);
    });

    it('are refused from strangers, with one line of log', async () => {
      const stranger = await Asterisk.start({ peers: { gateway: { address: host } } });
      try {
        assert.equal(await stranger.call('5000', toGateway).ended(), 21);
        await product.said(1, 'caller is not known here', stranger.address);
        // Whatever else there were to say of that call would stand before the line of the next.
        assert.equal(await stranger.call('5000', toGateway).ended(), 21);
        assert.equal((await product.said(2, stranger.address)).length, 2);
      } finally {
        await stranger.stop();
      }
    });
  });

  describe('that are cleared', () => {
    it('by the device: the leg leaves', async () => {
      const call = await caller.call('5000', toGateway).answered();
      const { legId } = await logged('leg.joined', ({ sessionId }) => sessionId === room.id);
      await call.hangUp();
      const left = await logged('leg.ended', (entry) => entry.legId === legId);
      assert.equal(left.cause?.q850, 16);
    });

    it('by staff: the device is hung up on', async () => {
      const call = await caller.call('5000', toGateway).answered();
      const { legId } = await logged('leg.joined', ({ sessionId }) => sessionId === room.id);
      await product.remove(`/sessions/${room.id}/legs/${legId}`);
      assert.equal(await call.ended(), 16);
    });

    it('between two devices: by either', async () => {
      for (const first of ['caller', 'callee']) {
        const call = caller.call('980697', { ...toGateway, does: 1031 });
        const other = await callee.incoming();
        await Promise.all([call.answered(), other.answered()]);
        assert.equal(other.number, '80697');
        const [ends, sees] = first === 'caller' ? [call, other] : [other, call];
        await ends.hangUp();
        assert.equal(await sees.ended(), 16);
      }
    });
  });

  describe('digits', () => {
    for (const method of digitMethods) {
      it(`come as ${method}: a PIN is keyed`, async () => {
        const call = await caller.call('6000', { peer: method, does: 'listen' }).answered();
        await logged('leg.answered');
        // Nobody keys before they hear something.
        await pause(500);
        await call.sendDigits(`${pin}#`);
        const joined = await logged('leg.joined', ({ sessionId }) => sessionId === room.id, 20_000);
        assert.equal(joined.detail.by, 'PIN');
        await call.hangUp();
      });
    }

    it('go out: a code into the far room’s menu', async () => {
      const site = await product.post<Kept>('/sites', {
        name: 'UBND tỉnh',
        kind: 'province',
        uplink: { protocol: 'h323', address: `620@${callee.address}`, menuCode: '98,7*5#' },
      });
      const arriving = callee.incoming();
      const leg = await product.post<Kept>(`/sessions/${room.id}/calls`, { kind: 'uplink', siteId: site.id });
      const call = await arriving;
      await call.receivedDigits('987*5#', 15_000);
      assert.equal(call.digits, '987*5#');
      await product.remove(`/sessions/${room.id}/legs/${leg.id}`);
      await call.ended();
    });
  });

  describe('by the many', () => {
    it('50 at once are all answered, and all cleared', async () => {
      const calls = Array.from({ length: 50 }, () => caller.call('5000', toGateway));
      await Promise.all(calls.map((call) => call.answered(20_000)));
      const { items } = await product.get<{ items: { state: string }[] }>(
        `/sessions/${room.id}/legs?state=joined&limit=100`,
      );
      assert.ok(items.length <= 50);
      await Promise.all(calls.map((call) => call.hangUp()));
    });

    it('1,000 one after the other leave nothing behind', async function () {
      this.timeout(180_000);
      // Several at a time: Asterisk now and then waits three seconds before it goes on.
      const make = async (count: number): Promise<void> => {
        let left = count;
        const line = async (): Promise<void> => {
          while (left-- > 0) {
            // Eight lines at this pace stay below what one source may begin in ten seconds (600 calls).
            const turn = pause(160);
            const call = await caller.call('5000', toGateway).answered(20_000);
            await call.hangUp();
            await turn;
          }
        };
        await Promise.all(Array.from({ length: 8 }, line));
      };
      await make(250);
      const before = await leftovers(product);
      await make(750);
      const after = await leftovers(product);
      const told = JSON.stringify({ before, after });
      // Pools of connections may still grow a little; one kept of each call would be 750.
      assert.ok(after.sockets <= before.sockets + 20, told);
      assert.ok(after.timers <= before.timers + 20, told);
      assert.ok(after.files <= before.files + 40, told);
      for (const [name, kib] of Object.entries(after.resident))
        assert.ok(kib - (before.resident[name] ?? 0) < mostGrowthKib, `${name}: ${told}`);
    });
  });
});

/** What calls could leave behind, counted when all is quiet. */
async function leftovers(product: Product) {
  let seen = { timers: 0, sockets: 0, files: 0 };
  // Ended calls keep timers for some seconds (SIP's wait for stray messages): quiet is when nothing changes any more.
  for (let tries = 0; tries < 20; tries++) {
    await pause(1000);
    const { bytes } = await product.download('/metrics');
    const text = bytes.toString();
    const resource = (type: string): number =>
      Number(new RegExp(`^nodejs_active_resources\\{type="${type}"\\} (\\d+)`, 'm').exec(text)?.[1] ?? 0);
    const pids = [product.pid, ...product.engines().values()];
    const files = pids.reduce((sum, pid) => sum + readdirSync(`/proc/${pid}/fd`).length, 0);
    const now = { timers: resource('Timeout'), sockets: resource('TCPSocketWrap'), files };
    if (JSON.stringify(now) === JSON.stringify(seen)) break;
    seen = now;
  }
  return { ...seen, resident: product.resident() };
}
