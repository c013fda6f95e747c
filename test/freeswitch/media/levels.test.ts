import assert from 'node:assert/strict';
import { levelsFrom } from '../../../freeswitch/media/levels.ts';

describe('media client: levels', () => {
  it('reads what the engine tells, and nothing else', () => {
    const table: [string, ReturnType<typeof levelsFrom>][] = [
      ['', []],
      ['3=-23/-40', [{ memberId: 3, inDb: -23, outDb: -40 }]],
      [
        '3=-23/-127,14=0/-1',
        [
          { memberId: 3, inDb: -23, outDb: -127 },
          { memberId: 14, inDb: 0, outDb: -1 },
        ],
      ],
      ['3=-23', [{ memberId: 3, inDb: -23 }]],
      ['3=-999/5', [{ memberId: 3, inDb: -127, outDb: 0 }]],
      ['x=-3/-4,3=,=-5/-5,3=-1/-2/-3', []],
    ];
    for (const [text, levels] of table) assert.deepEqual(levelsFrom(text), levels, text);
  });
});
