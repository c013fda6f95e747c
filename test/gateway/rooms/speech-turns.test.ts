import assert from 'node:assert/strict';
import { SpeechTurns } from '../../../gateway/rooms/speech-turns.ts';

/** `+a` begins to speak, `-a` falls silent, `xa` leaves, `.` nothing; each with its second. */
type Moment = [second: number, what: string];

describe('turns of speech', () => {
  const stories: [name: string, moments: Moment[], turns: string[]][] = [
    [
      'a cough is none',
      [
        [0, '+a'],
        [1, '-a'],
        [10, '.'],
      ],
      [],
    ],
    [
      'a sentence is one',
      [
        [0, '+a'],
        [4, '-a'],
        [10, '.'],
      ],
      ['a 0-4'],
    ],
    [
      'a breath does not end it',
      [
        [0, '+a'],
        [2, '-a'],
        [4, '+a'],
        [8, '-a'],
        [12, '.'],
      ],
      ['a 0-8'],
    ],
    [
      'it is told when silence lasts',
      [
        [0, '+a'],
        [4, '-a'],
        [6, '.'],
      ],
      [],
    ],
    [
      'two at once are two',
      [
        [0, '+a'],
        [1, '+b'],
        [5, '-b'],
        [9, '-a'],
        [15, '.'],
      ],
      ['b 1-5', 'a 0-9'],
    ],
    [
      'who leaves has spoken',
      [
        [0, '+a'],
        [5, 'xa'],
        [20, '.'],
      ],
      ['a 0-5'],
    ],
    [
      'who leaves silent ends with the last word',
      [
        [0, '+a'],
        [5, '-a'],
        [7, 'xa'],
      ],
      ['a 0-5'],
    ],
    [
      'a long one is told in pieces',
      [
        [0, '+a'],
        [300, '.'],
        [310, '-a'],
        [320, '.'],
      ],
      ['a 0-300', 'a 300-310'],
    ],
    [
      'silence of one who never spoke',
      [
        [0, '-a'],
        [9, '.'],
        [10, 'xa'],
      ],
      [],
    ],
  ];
  for (const [name, moments, wanted] of stories)
    it(name, () => {
      const turns = new SpeechTurns();
      const told: string[] = [];
      for (const [second, what] of moments) {
        const nowMs = second * 1_000;
        const legId = what.slice(1);
        const ended = what[0] === 'x' ? turns.leave(legId, nowMs) : turns.due(nowMs);
        if (what[0] === '+' || what[0] === '-') turns.talk(legId, what[0] === '+', nowMs);
        for (const { fromMs, legId: who, toMs } of ended) told.push(`${who} ${fromMs / 1_000}-${toMs / 1_000}`);
      }
      assert.deepEqual(told, wanted);
    });

  it('end with the room', () => {
    const turns = new SpeechTurns();
    turns.talk('a', true, 0);
    turns.talk('b', true, 9_500);
    assert.deepEqual(turns.end(10_000), [{ legId: 'a', fromMs: 0, toMs: 10_000 }]);
  });
});
