import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { afterEach, describe, it } from 'mocha';
import { refuseSubscription } from '../../../gateway/sip/subscriptions.ts';

describe('subscriptions', () => {
  afterEach(() => mock.timers.reset());

  it('are refused at once; for a device’s profile only when whoever was asked has had the time to answer', () => {
    mock.timers.enable({ apis: ['setTimeout'] });
    const sent: string[] = [];
    const ask = (event: string | undefined): void =>
      refuseSubscription(
        { get: () => event } as never,
        { send: (status: number) => sent.push(`${event} ${status}`) } as never,
      );
    ask('presence');
    ask(undefined);
    assert.deepEqual(sent, ['presence 489', 'undefined 489']);
    ask('ua-profile;profile-type="device"');
    assert.equal(sent.length, 2);
    mock.timers.tick(4_000);
    assert.equal(sent[2], 'ua-profile;profile-type="device" 489');
  });
});
