import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import type { Media, MediaEndpoint } from '../../../freeswitch/media/media.ts';
import { type CallDialog, type CallSignalling, ClearError, type IncomingCall } from '../../../gateway/call.ts';
import { answerCall, placeCall } from '../../../gateway/legs/leg.ts';

/* The moment between the answer and the first listener: the far side may hang up just then. */

const hungUp = { q850: 16, text: 'far end hung up' };

function scene() {
  const dialog = Object.assign(new EventEmitter(), {
    protocol: 'sip',
    callId: 'c1',
    party: { number: '1', name: '', address: '127.0.0.9:5060' },
    remoteSdp: 'v=0',
    onOffer: () => {},
    end: async () => {},
  }) as unknown as CallDialog;
  let destroyed = 0;
  const endpoint = Object.assign(new EventEmitter(), {
    localSdp: 'v=0',
    modify: async () => {
      dialog.emit('ended', hungUp);
      return 'v=0';
    },
    destroy: async () => {
      destroyed++;
    },
  }) as unknown as MediaEndpoint;
  const media = { createEndpoint: async () => endpoint } as unknown as Media;
  return { dialog, media, destroyed: () => destroyed };
}

const clearedAs = (cause: object) => (error: unknown) => {
  assert.ok(error instanceof ClearError);
  assert.deepEqual(error.cause, cause);
  return true;
};

describe('a far side that hangs up while its media is agreed on', () => {
  it('ends a call out before it becomes a leg', async () => {
    const { destroyed, dialog, media } = scene();
    const signalling = { place: async () => dialog } as unknown as CallSignalling;
    const placed = placeCall('l1', signalling, { kind: 'uplink', siteId: 's' }, media, {
      caller: { number: '', name: '' },
      ringTimeoutMs: 1_000,
    });
    await assert.rejects(placed, clearedAs(hungUp));
    assert.equal(destroyed(), 1);
  });
  it('ends a call in without an offer before it becomes a leg', async () => {
    const { destroyed, dialog, media } = scene();
    const call = { offer: undefined, party: dialog.party, answer: async () => dialog } as unknown as IncomingCall;
    await assert.rejects(answerCall('l1', call, media), clearedAs(hungUp));
    assert.equal(destroyed(), 1);
  });
});
