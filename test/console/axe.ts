import assert from 'node:assert/strict';
import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** @throws AssertionError when axe finds a serious or critical fault (WCAG 2.2 A and AA) on the page as it is shown. */
export async function findsNoFault(page: Page, where: string): Promise<void> {
  // Evaluated by the debugger: the page's own policy lets nothing in.
  await page.evaluate(axe.source);
  const faults = await page.evaluate(async () => {
    const tool = (globalThis as unknown as { axe: typeof axe }).axe;
    const { violations } = await tool.run({
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    });
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
  });
  assert.deepEqual(faults, [], where);
}
