import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { openSteps, take } from '../../../api/cases/progress.ts';
import { Fault } from '../../../platform/fault.ts';
import { type Authority, type Case, type CaseState, type CaseStep, reception } from '../../../store/schema/case.ts';

const at = new Date('2026-05-13T01:00:00Z');
const one = (state: CaseState, authority: Authority = 'province'): Case =>
  reception.parse({
    id: 'c',
    code: '2026-00001',
    title: 'Đất đai',
    kind: 'remote',
    authority,
    state,
    citizens: [{ name: 'A' }],
    registeredAt: at,
    createdAt: at,
    updatedAt: at,
  });

describe('a case goes on step by step', () => {
  const open: [state: CaseState, authority: Authority, steps: CaseStep[]][] = [
    ['registered', 'province', ['propose', 'withdraw']],
    ['proposed', 'province', ['report', 'withdraw']],
    ['proposed', 'central', ['report', 'withdraw']],
    ['proposed', 'commune', ['accept', 'refuse', 'withdraw']],
    ['reported', 'province', ['accept', 'refuse', 'withdraw']],
    ['accepted', 'province', ['withdraw']],
    ['refused', 'province', ['close']],
    ['linked', 'province', ['hold']],
    ['held', 'province', ['issue-notice']],
    ['noticed', 'province', ['close']],
    ['closed', 'province', []],
  ];
  for (const [state, authority, steps] of open) {
    it(`${state}, ${authority}: ${steps.join(', ') || 'nothing'}`, () =>
      assert.deepEqual(openSteps(one(state, authority)), steps));
  }

  it('keeps who did what, when and why', () => {
    const next = take(one('reported'), { step: 'refuse', reason: 'Không thuộc đối tượng', at, by: 'lan' });
    assert.deepEqual(next, {
      state: 'refused',
      history: [{ step: 'refuse', from: 'reported', to: 'refused', reason: 'Không thuộc đối tượng', at, by: 'lan' }],
    });
  });
  const refused: [state: CaseState, step: CaseStep, reason: string | undefined, code: string][] = [
    ['registered', 'accept', 'x', 'case.wrong-step'],
    ['closed', 'withdraw', 'x', 'case.wrong-step'],
    ['reported', 'accept', undefined, 'case.reason-needed'],
    ['linked', 'unlink', undefined, 'case.reason-needed'],
  ];
  for (const [state, step, reason, code] of refused) {
    it(`${step} of a ${state} case${reason === undefined ? ' without a reason' : ''} is refused`, () =>
      assert.throws(
        () => take(one(state), { step, reason, at, by: 'lan' }),
        (error: unknown) => error instanceof Fault && error.code === code,
      ));
  }
});
