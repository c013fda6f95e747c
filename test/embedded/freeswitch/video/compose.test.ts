import assert from 'node:assert/strict';
import { isLayout, seat, tilesOf } from '../../../../embedded/freeswitch/video/compose/layouts.ts';
import { shapeFor, shapeKey } from '../../../../embedded/freeswitch/video/compose/shapes.ts';
import { nextPace } from '../../../../embedded/freeswitch/video/compose/studio/pace.ts';
import { WireReader, writeMessage } from '../../../../embedded/freeswitch/video/compose/wire.ts';
import { formatsOf } from '../../../../embedded/freeswitch/video/sdp/format.ts';

const nobody = { holder: undefined, previous: undefined };

describe('media engine: composed pictures', () => {
  it('have tiles that cover no other, inside the picture', () => {
    for (const name of ['1x1', '2x1', '2x2', '3x3', '4x4', '1up_top_left+5']) {
      const tiles = tilesOf(name, 0);
      for (const [place, one] of tiles.entries()) {
        assert.ok(one.x >= 0 && one.y >= 0 && one.x + one.width <= 1.0001 && one.y + one.height <= 1.0001);
        for (const other of tiles.slice(place + 1)) {
          const across = Math.min(one.x + one.width, other.x + other.width) - Math.max(one.x, other.x);
          const down = Math.min(one.y + one.height, other.y + other.height) - Math.max(one.y, other.y);
          assert.ok(across < 0.0001 || down < 0.0001, `${name}: ${JSON.stringify([one, other])}`);
        }
      }
    }
    assert.deepEqual(
      [0, 1, 2, 3, 4, 5, 9, 10, 40].map((count) => tilesOf('group:grid', count).length),
      [1, 1, 2, 4, 4, 9, 9, 16, 16],
    );
    assert.equal(isLayout('constructor'), false);
  });

  it('seat the floor in its tile, the others in order, and leave out who speaks least', () => {
    const members = (name: string, senders: number[], floor = nobody as { holder?: number; previous?: number }) =>
      seat(tilesOf(name, senders.length), senders, { holder: floor.holder, previous: floor.previous }).map(
        ({ member, tile }) => `${member}${tile.floor ? '*' : ''}`,
      );
    assert.deepEqual(members('2x2', [1, 2, 3]), ['1', '2', '3']);
    assert.deepEqual(members('2x2', [1, 2, 3, 4, 5, 6], { holder: 6, previous: 5 }), ['1', '2', '5', '6']);
    assert.deepEqual(members('1up_top_left+5', [1, 2, 3], { holder: 2 }), ['2*', '1', '3']);
    assert.deepEqual(members('1up_top_left+5', [1, 2], { holder: 9 }), ['1*', '2']);
    assert.deepEqual(members('1x1', []), []);
  });

  it('are made in the best shape that a viewer declared', () => {
    const table: [declared: string, bandwidth: number | undefined, shape: string][] = [
      ['profile-level-id=42e01f;packetization-mode=1', undefined, 'H264/1280x720@25/2048000'],
      ['profile-level-id=42e01f', undefined, 'H264/1280x720@25/2048000/sliced'],
      ['profile-level-id=42e01f;packetization-mode=1', 512_000, 'H264/1280x720@25/384000'],
      ['profile-level-id=42e01f;packetization-mode=1', 128_000, 'H264/640x360@25/64000'],
      ['profile-level-id=42e01e;packetization-mode=1', 1_024_000, 'H264/640x360@25/768000'],
      ['profile-level-id=42e00d;packetization-mode=1', 384_000, 'H264/352x288@25/256000'],
      ['profile-level-id=42e00c;packetization-mode=1', undefined, 'H264/352x288@15/256000'],
      ['profile-level-id=42000a', undefined, 'H264/176x144@15/64000/sliced'],
      ['profile-level-id=42e00d;max-fs=3600;max-mbps=54000;packetization-mode=1', undefined, 'H264/1280x720@15/768000'],
    ];
    for (const [declared, bandwidth, wanted] of table) {
      const [format] = formatsOf({
        type: 'video',
        port: 1,
        protocol: 'RTP/AVP',
        payloads: '96',
        rtp: [{ payload: 96, codec: 'H264', rate: 90_000 }],
        fmtp: [{ payload: 96, config: declared }],
      });
      assert.equal(shapeKey(shapeFor(format!, bandwidth)!), wanted, `${declared} ${bandwidth}`);
    }
    const [h261] = formatsOf({ type: 'video', port: 1, protocol: 'RTP/AVP', payloads: '31', rtp: [], fmtp: [] });
    assert.equal(shapeKey(shapeFor(h261!, undefined)!), 'H261/352x288@15/384000');
  });

  it('come slower when the machine cannot keep up, then not at all, and faster again when it can', () => {
    let state = { framesPerSecond: 25, slowFor: 0, easyFor: 0 };
    const paces: number[] = [];
    const run = (busy: number, late: number, seconds: number): void => {
      for (let second = 0; second < seconds && state.framesPerSecond > 0; second++) {
        state = nextPace(state, { busy, late });
        if (state.framesPerSecond !== paces.at(-1)) paces.push(state.framesPerSecond);
      }
    };
    run(0.6, 0, 5);
    run(0.99, 0, 2);
    run(0.5, 0.5, 2);
    run(0.2, 0, 11);
    run(0.2, 0, 11);
    assert.deepEqual(paces, [25, 15, 10, 15, 25]);
    run(0.99, 0.9, 20);
    assert.deepEqual(paces.slice(-4), [15, 10, 7, 0]);
  });

  it('travel in messages that any cut of the stream leaves whole', () => {
    const all = Buffer.concat([
      writeMessage(2, 7, 1.5, 3, Buffer.from('one')),
      writeMessage(1, 4_294_967_295, 2, 0, Buffer.alloc(0)),
      writeMessage(4, 1, 3, 16, Buffer.alloc(70_000, 5)),
    ]);
    for (const size of [1, 3, 17, 1_000, all.length]) {
      const reader = new WireReader();
      const got: string[] = [];
      for (let at = 0; at < all.length; at += size) {
        for (const one of reader.push(all.subarray(at, at + size))) {
          got.push(`${one.kind} ${one.number} ${one.atMs} ${one.flags} ${one.body.length}`);
        }
      }
      assert.deepEqual(got, ['2 7 1.5 3 3', '1 4294967295 2 0 0', '4 1 3 16 70000']);
    }
    assert.throws(() => new WireReader().push(Buffer.alloc(18)), RangeError);
    assert.throws(() => new WireReader().push(Buffer.alloc(18, 255)), RangeError);
  });
});
