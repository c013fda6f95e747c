import assert from 'node:assert/strict';
import { VideoFloor } from '../../../../embedded/freeswitch/video/room/floor.ts';
import { KeyFrameAsker } from '../../../../embedded/freeswitch/video/room/key-frames.ts';
import { speakerFor } from '../../../../embedded/freeswitch/video/room/routes.ts';

type Step = [atMs: number, what: 'join' | 'leave' | 'talk' | 'quiet' | 'force' | 'follow' | 'look', member?: number];

function play(steps: Step[]): string {
  const floor = new VideoFloor();
  const told: string[] = [];
  for (const [at, what, member = 0] of steps) {
    const change =
      what === 'join'
        ? floor.join(member, at)
        : what === 'leave'
          ? floor.leave(member, at)
          : what === 'force'
            ? floor.force(member, at)
            : what === 'follow'
              ? floor.force(undefined, at)
              : what === 'look'
                ? floor.judge(at)
                : floor.talk(member, what === 'talk', at);
    if (change !== undefined) told.push(`${at}:${change.old ?? '-'}>${change.new ?? '-'}`);
  }
  return told.join(' ');
}

describe('media engine: video floor', () => {
  const table: [name: string, steps: Step[], wanted: string][] = [
    [
      'goes to the first with a picture',
      [
        [0, 'join', 1],
        [0, 'join', 2],
      ],
      '0:->1',
    ],
    [
      'goes to the first who speaks when its holder only came first',
      [
        [0, 'join', 1],
        [0, 'join', 2],
        [1_000, 'talk', 2],
        [1_380, 'look'],
        [1_400, 'look'],
      ],
      '0:->1 1400:1>2',
    ],
    [
      'goes to who speaks when its holder is silent and held it long enough',
      [
        [0, 'join', 1],
        [0, 'join', 2],
        [0, 'talk', 1],
        [800, 'quiet', 1],
        [1_000, 'talk', 2],
        [1_980, 'look'],
        [2_000, 'look'],
      ],
      '0:->1 2000:1>2',
    ],
    [
      'goes to the first who speaks after its holder left it to another',
      [
        [0, 'join', 1],
        [0, 'join', 2],
        [0, 'join', 3],
        [0, 'talk', 1],
        [5_000, 'leave', 1],
        [5_000, 'talk', 3],
        [5_400, 'look'],
      ],
      '0:->1 5000:1>2 5400:2>3',
    ],
    [
      'does not follow a cough',
      [
        [0, 'join', 1],
        [0, 'join', 2],
        [5_000, 'talk', 2],
        [5_300, 'look'],
        [5_300, 'quiet', 2],
        [6_000, 'look'],
      ],
      '0:->1',
    ],
    [
      'stays with a holder who speaks',
      [
        [0, 'join', 1],
        [0, 'join', 2],
        [0, 'talk', 1],
        [1_000, 'talk', 2],
        [9_000, 'look'],
        [9_100, 'quiet', 1],
        [9_120, 'look'],
      ],
      '0:->1 9120:1>2',
    ],
    [
      'does not follow who shows no picture',
      [
        [0, 'join', 1],
        [1_000, 'talk', 7],
        [9_000, 'look'],
      ],
      '0:->1',
    ],
    [
      'stays where staff fixed it, and follows the voice again',
      [
        [0, 'join', 1],
        [0, 'join', 2],
        [100, 'force', 2],
        [200, 'talk', 1],
        [9_000, 'look'],
        [9_100, 'follow'],
      ],
      '0:->1 100:1>2 9100:2>1',
    ],
    [
      'goes back to the one before when its holder leaves',
      [
        [0, 'join', 1],
        [0, 'join', 2],
        [0, 'join', 3],
        [3_000, 'talk', 3],
        [4_000, 'look'],
        [5_000, 'quiet', 3],
        [5_000, 'leave', 3],
      ],
      '0:->1 4000:1>3 5000:3>1',
    ],
    [
      'is nobody’s when all left',
      [
        [0, 'join', 1],
        [1_000, 'leave', 1],
      ],
      '0:->1 1000:1>-',
    ],
  ];
  for (const [name, steps, wanted] of table) it(name, () => assert.equal(play(steps), wanted));

  it('shows the speaker to all, and the one before to the speaker', () => {
    assert.equal(speakerFor(1, { holder: 2, previous: 3 }, [1, 2, 3]), 2);
    assert.equal(speakerFor(2, { holder: 2, previous: 3 }, [1, 2, 3]), 3);
    assert.equal(speakerFor(2, { holder: 2, previous: undefined }, [1, 2]), 1);
    assert.equal(speakerFor(9, { holder: undefined, previous: undefined }, []), undefined);
    assert.equal(speakerFor(1, { holder: 1, previous: undefined }, [1]), undefined);
  });

  it('asks for a key frame at a bounded rate, and again until it comes', () => {
    const asked: number[] = [];
    let now = 0;
    const asker = new KeyFrameAsker(() => asked.push(now));
    for (now = 0; now < 10_000; now += 20) {
      if (now < 300) asker.need(now);
      asker.tick(now);
    }
    assert.deepEqual(asked.slice(0, 4), [0, 300, 600, 1_200]);
    assert.ok(asked.length < 10);
    asker.came();
    const before = asked.length;
    for (; now < 12_000; now += 20) asker.tick(now);
    assert.equal(asked.length, before);
  });

  it('asks one that never sends a picture ever less often, and at once when something comes', () => {
    const asked: number[] = [];
    let now = 0;
    const asker = new KeyFrameAsker(() => asked.push(now));
    asker.need(now);
    for (; now < 300_000; now += 20) asker.tick(now);
    assert.ok(asked.length < 20, `asked ${asked.length} times in five minutes`);
    assert.ok(asked.at(-1)! - asked.at(-2)! >= 30_000);
    const before = asked.length;
    asker.heard(now);
    asker.tick(now);
    assert.equal(asked.length, before + 1);
    for (let until = now + 4_000; now < until; now += 20) {
      asker.heard(now);
      asker.tick(now);
    }
    assert.equal(asked.length, before + 2, 'a stream without key frames is asked as before');
  });
});
