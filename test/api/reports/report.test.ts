import assert from 'node:assert/strict';
import { parse } from 'csv-parse/sync';
import { describe, it } from 'mocha';
import { reportCsv, written } from '../../../api/reports/files.ts';
import { nameOf, periodOf, periodsUpTo } from '../../../api/reports/period.ts';
import type { Report } from '../../../api/reports/report.ts';
import { Fault } from '../../../platform/fault.ts';

describe('the period of a report', () => {
  const named: [of: string, from: string, to: string, name: string][] = [
    ['2026-05', '2026-04-30T17:00:00.000Z', '2026-05-31T17:00:00.000Z', 'tháng 5 năm 2026'],
    ['2026-12', '2026-11-30T17:00:00.000Z', '2026-12-31T17:00:00.000Z', 'tháng 12 năm 2026'],
    ['2026-Q1', '2025-12-31T17:00:00.000Z', '2026-03-31T17:00:00.000Z', 'quý I năm 2026'],
    ['2026-Q4', '2026-09-30T17:00:00.000Z', '2026-12-31T17:00:00.000Z', 'quý IV năm 2026'],
    ['2026', '2025-12-31T17:00:00.000Z', '2026-12-31T17:00:00.000Z', 'năm 2026'],
  ];
  for (const [of, from, to, name] of named) {
    it(`${of} is ${name}, in Vietnam's time`, () => {
      const period = periodOf({ of });
      assert.deepEqual([period.from.toISOString(), period.to.toISOString()], [from, to]);
      assert.equal(nameOf(period, 'vi'), name);
    });
  }
  it('any other span is named by its days', () => {
    const period = periodOf({ from: new Date('2026-05-12T17:00:00Z'), to: new Date('2026-05-20T17:00:00Z') });
    assert.equal(nameOf(period, 'vi'), 'từ ngày 13/05/2026 đến ngày 20/05/2026');
  });
  for (const asked of [
    { of: '2026-13' },
    { of: '2026-Q5' },
    { of: '26' },
    {},
    { from: new Date(1), to: new Date(0) },
  ]) {
    it(`${JSON.stringify(asked)} is refused`, () => assert.throws(() => periodOf(asked), Fault));
  }
});

describe('the periods of a trend', () => {
  const wanted: [of: string, count: number, periods: string[]][] = [
    ['2026-02', 4, ['2025-11', '2025-12', '2026-01', '2026-02']],
    ['2026-Q2', 3, ['2025-Q4', '2026-Q1', '2026-Q2']],
    ['2026', 2, ['2025', '2026']],
    ['2026-05', 1, ['2026-05']],
  ];
  for (const [of, count, periods] of wanted) {
    it(`${count} up to ${of}, each beginning where the one before ends`, () => {
      const found = periodsUpTo(of, count);
      assert.deepEqual(
        found.map((one) => one.of),
        periods,
      );
      for (const [at, one] of found.entries()) {
        assert.deepEqual(one, periodOf({ of: one.of }));
        if (at > 0) assert.deepEqual(found[at - 1]?.to, one.from);
      }
    });
  }
  it('none of these is refused', () => assert.throws(() => periodsUpTo('2026-13', 6), Fault));
});

describe('a report as CSV', () => {
  it('is read back as it was, and holds no formula', () => {
    const cells = [{ value: 3, unit: 'count' as const }];
    const report: Report = {
      title: 'Báo cáo',
      period: { name: '', from: new Date(0), to: new Date(1) },
      sections: [
        {
          key: 'a',
          title: 'Mục, một',
          columns: ['Nội dung', 'Số'],
          rows: [{ key: 'x', label: '=HYPERLINK("x")', cells }],
        },
      ],
    };
    const text = reportCsv(report);
    assert.ok(text.startsWith('\ufeff') && text.includes('\r\n'));
    const rows = parse(text, { bom: true, relax_column_count: true }) as string[][];
    assert.deepEqual(
      rows.find(([first]) => first === 'Mục, một'),
      ['Mục, một'],
    );
    assert.deepEqual(rows.at(-2), ['\'=HYPERLINK("x")', '3']);
  });
  it('figures are written as in Vietnam', () => {
    assert.equal(written({ value: 12345, unit: 'count' }, 'vi'), '12.345');
    assert.equal(written({ value: 4.21, unit: 'score' }, 'vi'), '4,21');
    assert.equal(written({ value: 0.5, unit: 'percent' }, 'en'), '0.5 %');
  });
});
