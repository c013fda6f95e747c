import { deepEqual, equal } from 'node:assert/strict';
import { once } from 'node:events';
import { connectPair, gist, offerOf, openHouse } from './house.ts';

const abilities = [0, 1, 2, 3, 4, 5, 6, 7].map((bits) => ({
  fastStart: (bits & 1) !== 0,
  tunnelling: (bits & 2) !== 0,
  earlyH245: (bits & 4) !== 0,
}));
const nameOf = (one: (typeof abilities)[number]): string =>
  Object.entries(one)
    .filter(([, on]) => on)
    .map(([name]) => name)
    .join('+') || 'nothing';

describe('H.323 calls between all mixtures of abilities', () => {
  for (const [at, ours] of abilities.entries()) {
    it(`caller with ${nameOf(ours)} meets every callee: channels, digits and the end`, async () => {
      for (const [of, theirs] of abilities.entries()) {
        const a = await openHouse('127.0.0.31', ours);
        const b = await openHouse('127.0.0.32', theirs);
        const mixture = `${at}/${of}`;
        try {
          const offers = { a: offerOf(a.host, 3_000), b: offerOf(b.host, 4_000, '0 8 101') };
          const { callee, caller } = await connectPair(a, b, offers);
          const codec = /m=audio \d+ RTP\/AVP (\d+)/.exec(caller.remoteSdp)?.[1];
          const withEvents = `${codec} 101`;
          deepEqual(gist(caller.remoteSdp).map(withoutEvents), [`audio 127.0.0.32:4000 ${codec} sendrecv`], mixture);
          deepEqual(gist(callee.remoteSdp).map(withoutEvents), [`audio 127.0.0.31:3000 ${codec} sendrecv`], mixture);
          // Digits in RTP are known at once, or by a later offer where H.245 had no way before.
          for (const dialog of [caller, callee]) {
            if (gist(dialog.remoteSdp)[0]?.includes(withEvents) === true) continue;
            await new Promise<void>((resolve) =>
              dialog.onOffer(async (offer) => {
                if (gist(offer)[0]?.includes(withEvents) === true) resolve();
                return dialog === caller ? offers.a : offers.b;
              }),
            );
          }
          let keyed = '';
          callee.on('digit', (digit) => {
            keyed += digit;
          });
          equal(await caller.sendDigits('*'), true, mixture);
          while (keyed !== '*') await once(callee, 'digit');
          const ended = once(callee, 'ended');
          await caller.end();
          const [cause] = await ended;
          equal(cause.q850, 16, mixture);
          deepEqual([a.signalling.callCount, b.signalling.callCount], [0, 0], mixture);
          deepEqual([a.lines, b.lines], [[], []], mixture);
        } finally {
          await Promise.all([a.close(), b.close()]);
        }
      }
    }).timeout(30_000);
  }
});

/** A section's gist without the payload type of RFC 4733. */
function withoutEvents(section: string): string {
  return section.replace(' 101 ', ' ');
}
