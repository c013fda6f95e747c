import assert from 'node:assert/strict';
import { isMeant } from '../../../gateway/rooms/room-picture.ts';
import type { Floor } from '../../../store/schema/session.ts';

describe('whom a fixed floor means', () => {
  const device = { banner: 'Xã', endpointId: 'e1', siteId: 's1' };
  const phone = { banner: 'Bà Sáu' };
  const cases: [floor: Floor, seat: typeof device | typeof phone, meant: boolean][] = [
    [{ kind: 'automatic' }, device, false],
    [{ kind: 'leg', legId: 'l1' }, device, true],
    [{ kind: 'leg', legId: 'l2' }, device, false],
    [{ kind: 'endpoint', endpointId: 'e1' }, device, true],
    [{ kind: 'endpoint', endpointId: 'e2' }, device, false],
    [{ kind: 'site', siteId: 's1' }, device, true],
    [{ kind: 'site', siteId: 's2' }, device, false],
    [{ kind: 'endpoint', endpointId: 'e1' }, phone, false],
    [{ kind: 'site', siteId: 's1' }, phone, false],
  ];
  for (const [floor, seat, meant] of cases)
    it(`${JSON.stringify(floor)} ${meant ? 'is' : 'is not'} ${seat.banner}`, () => {
      assert.equal(isMeant(floor, 'l1', seat), meant);
    });
});
