import assert from 'node:assert/strict';
import { ownAddress } from '../peers/address.ts';
import { Asterisk } from '../peers/asterisk.ts';
import type { AsteriskCall } from '../peers/asterisk-call.ts';
import { Product } from '../peers/product.ts';
import { hearsExactly } from './listening.ts';

/*
 * Room codecs (Asterisk's chan_ooh323) in every combination of fast start and H.245 tunnelling with the product's own:
 * four codecs, each with other manners, call a room of a product, and are called by it. Each plays a tone of its own;
 * each hears exactly those of the
 * others. A room keeps its three loudest: one codec at a time is muted, so that each is heard.
 */

interface Kept {
  id: string;
}
interface Leg extends Kept {
  name: string;
}

const manners = [
  { fastStart: true, tunnelling: true, tone: 437 },
  { fastStart: true, tunnelling: false, tone: 613 },
  { fastStart: false, tunnelling: true, tone: 1031 },
  { fastStart: false, tunnelling: false, tone: 1511 },
];
const tones = manners.map(({ tone }) => tone);
const name = ({ fastStart, tunnelling }: { fastStart: boolean; tunnelling: boolean }): string =>
  `${fastStart ? 'fast' : 'slow'} start, ${tunnelling ? 'tunnelled' : 'separate'} H.245`;

describe('H.323 room codecs, fast and slow start, tunnelled and separate H.245', function () {
  this.timeout(60_000);
  const hosts = manners.map(() => ownAddress());
  let codecs: Asterisk[] = [];

  before(async () => {
    const peers = Object.fromEntries(hosts.map((address, place) => [`gateway${place}`, { address }]));
    codecs = await Promise.all(
      manners.map((one, place) => Asterisk.start({ ...one, peers, h323Id: `codec-${place}`, e164: `20${place}` })),
    );
  });
  after(async () => {
    await Promise.all(codecs.map((codec) => codec.stop()));
  });

  for (const [place, own] of manners.entries()) {
    describe(`the product with ${name(own)}`, () => {
      let product: Product;
      let endpoints: Kept[];
      let calls: AsteriskCall[] = [];

      before(async () => {
        product = await Product.start({
          host: hosts[place] ?? '',
          environment: {
            H323_PORT: '1720',
            RAS_PORT: '1719',
            H323_FAST_START: String(own.fastStart),
            H323_TUNNELLING: String(own.tunnelling),
          },
        });
        endpoints = await Promise.all(
          codecs.map(({ address }, at) =>
            product.post<Kept>('/endpoints', {
              name: `Phòng họp ${at}`,
              kind: 'h323-address',
              number: `20${at}`,
              address,
            }),
          ),
        );
      });
      after(async () => {
        await product?.stop();
      });

      const joined = async (): Promise<void> => {
        for (const at of codecs.keys())
          await product.events.logged('leg.joined', ({ detail }) => detail.name === `Phòng họp ${at}`);
      };

      const everyoneHearsTheOthers = async (session: string): Promise<void> => {
        const { items } = await product.get<{ items: Leg[] }>(`/sessions/${session}/legs`);
        const legOf = (at: number): string => items.find((leg) => leg.name === `Phòng họp ${at}`)?.id ?? '';
        for (const silent of [0, 3]) {
          await product.patch(`/sessions/${session}/legs/${legOf(silent)}`, { muted: true });
          await Promise.all(
            calls.map((call, at) =>
              hearsExactly(
                call,
                tones.filter((_, one) => one !== at && one !== silent),
                tones,
              ),
            ),
          );
          await product.patch(`/sessions/${session}/legs/${legOf(silent)}`, { muted: false });
        }
      };

      it(`takes calls of all four: ${manners.map(name).join('; ')}; they hear each other`, async () => {
        const room = await product.post<Kept>('/sessions', { title: 'Gọi vào', room: '5000', record: false });
        await product.post(`/sessions/${room.id}/start`);
        calls = codecs.map((codec, at) => codec.call('5000', { peer: `gateway${place}`, does: tones[at] ?? 0 }));
        await Promise.all(calls.map((call) => call.answered()));
        await joined();
        await everyoneHearsTheOthers(room.id);
      });

      it('sees them hang up', async () => {
        await Promise.all(calls.map((call) => call.hangUp()));
        for (let at = 0; at < calls.length; at++) {
          const left = await product.events.logged('leg.ended', ({ detail }) => detail.name === `Phòng họp ${at}`);
          assert.equal(left.cause?.q850, 16);
        }
        product.events.forget();
      });

      it('calls all four; they hear each other, and are let go', async () => {
        const room = await product.post<Kept>('/sessions', {
          title: 'Gọi ra',
          record: false,
          participants: endpoints.map(({ id }) => ({ kind: 'endpoint', endpointId: id })),
        });
        const arriving = codecs.map((codec) => codec.incoming());
        await product.post(`/sessions/${room.id}/start`);
        calls = await Promise.all(arriving);
        await Promise.all(calls.map((call) => call.answered()));
        await joined();
        await everyoneHearsTheOthers(room.id);
        await product.post(`/sessions/${room.id}/end`);
        await Promise.all(calls.map((call) => call.ended()));
      });
    });
  }
});
