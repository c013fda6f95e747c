import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'mocha';
import yazl from 'yazl';
import { harmless, meant } from '../../../provisioning/bulk/cells.ts';
import { columns, fieldOf, meaningOf, wordFor } from '../../../provisioning/bulk/columns.ts';
import { readSheetRows } from '../../../provisioning/bulk/rows.ts';
import { limits, readTable, writeCsv, writeXlsx } from '../../../provisioning/bulk/table.ts';

const rows = [
  ['Tên', 'Số máy', 'Ghi chú'],
  ['Lễ tân; tầng 1', '0214001', '=HYPERLINK("http://x")'],
  ['Ông "A"', '+84214', '-1'],
];

const code = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'read',
    (error: { code: string }) => error.code,
  );

/** An archive of these files. */
async function zip(files: Record<string, Buffer>): Promise<Buffer> {
  const archive = new yazl.ZipFile();
  for (const [name, content] of Object.entries(files)) archive.addBuffer(content, name);
  archive.end();
  const chunks: Buffer[] = [];
  for await (const chunk of archive.outputStream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

describe('sheets', () => {
  it('CSV comes back as it was; what a spreadsheet would work out is text', async () => {
    const file = writeCsv(rows);
    assert.deepEqual([...file.subarray(0, 3)], [0xef, 0xbb, 0xbf]);
    assert.match(file.toString(), /"'=HYPERLINK\(""http:\/\/x""\)"\r\n/);
    assert.match(file.toString(), /,'\+84214,'-1\r\n/);
    assert.deepEqual(await readTable(file), rows);
  });
  it('XLSX comes back as it was, leading zeros too', async () => {
    const file = await writeXlsx(rows, [20, 20, 20]);
    assert.deepEqual(await readTable(file), rows);
    assert.ok(!file.includes('<f>'));
  });
  it('CSV as programs write it: semicolons, tabs, UTF-16, no mark, CR LF or LF, empty rows at the end', async () => {
    const wanted = [
      ['Tên', 'Số máy'],
      ['Máy, 1', '101'],
    ];
    for (const text of [
      'Tên;Số máy\r\n"Máy, 1";101\r\n;\r\n\r\n',
      'Tên\tSố máy\nMáy, 1\t101\n',
      'Tên,Số máy\n"Máy, 1",101',
    ])
      assert.deepEqual(await readTable(Buffer.from(text)), wanted, JSON.stringify(text));
    const sixteen = Buffer.concat([
      Buffer.from([0xff, 0xfe]),
      Buffer.from('Tên\tSố máy\r\nMáy, 1\t101\r\n', 'utf16le'),
    ]);
    assert.deepEqual(await readTable(sixteen), wanted);
  });
  it('what is no sheet, or too much of one, is refused', async () => {
    assert.equal(await code(readTable(Buffer.from('Tên\n'))), 'import.empty');
    assert.equal(await code(readTable(Buffer.alloc(0))), 'import.empty');
    assert.equal(await code(readTable(Buffer.from([0x54, 0xea, 0x6e, 0x0a, 0xe0, 0x0a]))), 'import.encoding');
    assert.equal(await code(readTable(Buffer.from('a,b\n"x'))), 'import.unreadable');
    assert.equal(await code(readTable(Buffer.from(`a\n${'x\n'.repeat(limits.rows + 1)}`))), 'import.too-many-rows');
    assert.equal(await code(readTable(Buffer.from(`a\n${'x,'.repeat(limits.columns)}x\n`))), 'import.too-wide');
    assert.equal(await code(readTable(await zip({ 'a.txt': Buffer.from('no sheet') }))), 'import.unreadable');
    const whole = await writeXlsx(rows, [1, 1, 1]);
    assert.equal(await code(readTable(whole.subarray(0, whole.length - 30))), 'import.unreadable');
  });
  it('an archive that unpacks to gigabytes is not unpacked', async () => {
    const bomb = await zip({ 'xl/worksheets/sheet1.xml': Buffer.alloc(limits.unpacked + 1) });
    assert.ok(bomb.length < limits.bytes);
    assert.equal(await code(readTable(bomb)), 'import.unreadable');
    // The same, with a size that the archive lies about (local header and directory).
    const lie = Buffer.from(bomb);
    for (let at = lie.indexOf('PK\x01\x02'); at >= 0; at = lie.indexOf('PK\x01\x02', at + 1))
      lie.writeUInt32LE(1_000, at + 24);
    assert.equal(await code(readTable(lie)), 'import.unreadable');
  });
  it('the line by which Excel is told the delimiter is none of the sheet, and keeps its place', async () => {
    const read = await readTable(Buffer.from('\ufeffsep=;\r\nTên;Số máy\r\n"Máy; 1";0101\r\n'));
    assert.deepEqual(read, [[''], ['Tên', 'Số máy'], ['Máy; 1', '0101']]);
  });
  it('signs that nobody sees are left out, letters typed on other systems are the same letters', async () => {
    const decomposed = 'Máy tiếp dân'.normalize('NFD');
    const read = await readTable(Buffer.from(`Tên,MAC\n${decomposed},\u202a00:15:65:aa:bb:01\u202c\u00a0\n`));
    assert.deepEqual(read[1], ['Máy tiếp dân', '00:15:65:aa:bb:01']);
  });
  it('a sheet that LibreOffice wrote: a title over all columns, numbers too long, a date where a name was meant', async () => {
    const table = await readTable(readFileSync('fixtures/provisioning/sheets/libreoffice.xlsx'));
    assert.equal(table[0]?.[0], 'DANH SÁCH THIẾT BỊ XÃ TẢ PHÌN');
    const { headingRow, problems, rows: read } = readSheetRows(table, 'vi');
    assert.equal(headingRow, 3);
    assert.deepEqual(read[0], {
      row: 4,
      cells: {
        name: 'Máy tiếp dân',
        number: '9101',
        model: 'SIP-T46S',
        mac: '00:15:65:AA:BB:01',
        serial: '\u00023106018120123460',
        enabled: 'true',
      },
    });
    assert.deepEqual(
      problems.map(({ code, column, row, values }) => [row, column, code, values]),
      [
        [4, 'Số sê-ri', 'import.digits-lost', { number: '3106018120123460' }],
        [5, 'Tên', 'import.date', { date: '10/12/2026' }],
      ],
    );
  });
  it('harmless is undone, and nothing else is', () => {
    for (const cell of ['=1', '+84', '-', '@x', 'plain', "'quoted'", '']) assert.equal(meant(harmless(cell)), cell);
  });
});

describe('columns', () => {
  it('are known by their headings in either language, with and without marks', () => {
    for (const { also, en, field, vi } of columns)
      for (const heading of [vi, en, ...also, vi.toUpperCase(), ` ${en} `])
        assert.equal(fieldOf(heading), field, heading);
    assert.equal(fieldOf('Số_máy:'), 'number');
    assert.equal(fieldOf('Ghi chú'), undefined);
  });
  it('take words, and write them', () => {
    assert.equal(meaningOf('enabled', 'không'), 'false');
    assert.equal(meaningOf('kind', 'h323'), 'h323');
    assert.equal(meaningOf('kind', 'fax'), undefined);
    for (const kind of ['sip', 'sip-address', 'h323', 'h323-address'])
      for (const language of ['vi', 'en'] as const)
        assert.equal(meaningOf('kind', wordFor('kind', kind, language)), kind);
  });
});

describe('a sheet of devices', () => {
  const read = (...table: string[][]) => readSheetRows(table, 'vi');
  it('is put into form', () => {
    const { problems, rows } = read(
      ['Tên', 'Mẫu máy', 'MAC', 'Đang dùng'],
      ['Máy 1', 'gxp1760', '00:0B:82:AA:BB:CC', 'Có'],
      ['', '', '', ''],
      ['Máy 2', '', '', ''],
      ['Máy 3', 'SIP-T46S', '805e.c0aa.bbcc', 'x'],
    );
    assert.deepEqual(problems, []);
    assert.deepEqual(rows, [
      { row: 2, cells: { name: 'Máy 1', model: 'GXP1760', mac: '000b82aabbcc', enabled: 'true' } },
      { row: 4, cells: { name: 'Máy 2' } },
      { row: 5, cells: { name: 'Máy 3', model: 'SIP-T46S', mac: '805ec0aabbcc', enabled: 'true' } },
    ]);
  });
  it('takes MAC addresses as vendors print them', () => {
    for (const mac of [
      '00:15:65:AA:BB:01',
      '00-15-65-aa-bb-01',
      '0015.65aa.bb01',
      '0015-65aa-bb01',
      '001565-AABB01',
      '00.15.65.aa.bb.01',
      '00 15 65 AA BB 01',
      '001565AABB01',
      'MAC: 001565aabb01',
    ]) {
      const { problems, rows } = read(['Tên', 'Mẫu máy', 'MAC'], ['Máy', 'SIP-T46S', mac]);
      assert.deepEqual([problems, rows[0]?.cells.mac], [[], '001565aabb01'], mac);
    }
  });
  it('what a spreadsheet made of a MAC address is told as such', () => {
    const codeOf = (mac: string): string | undefined =>
      read(['Tên', 'Mẫu máy', 'MAC'], ['Máy', 'SIP-T46S', mac]).problems[0]?.code;
    for (const mac of ['1565112233', '8,05E+15', '8.05E+15', '12']) assert.equal(codeOf(mac), 'import.mac-number', mac);
    for (const mac of ['00:15:65:aa:bb', '01:15:65:aa:bb:01', 'không có', '001565aabb0g', '001565aabb0102'])
      assert.equal(codeOf(mac), 'import.mac-wrong', mac);
  });
  it('has its headings where they are, below a title; what stands under no heading is told', () => {
    const { headingRow, problems, rows } = read(
      ['Danh sách thiết bị, năm 2026', '', ''],
      ['', '', ''],
      ['STT', 'Tên', '', 'Ghi chú', 'Màu'],
      ['1', 'Máy 1', 'điều lạ', 'tầng 2', ''],
      ['2', 'Máy 2', '', '', ''],
    );
    assert.equal(headingRow, 3);
    assert.deepEqual(
      rows.map(({ cells, row }) => [row, cells.name]),
      [
        [4, 'Máy 1'],
        [5, 'Máy 2'],
      ],
    );
    assert.deepEqual(
      problems.map(({ code, column, row }) => [row, column, code]),
      [
        [3, 'Màu', 'import.column-unknown'],
        [4, undefined, 'import.column-unnamed'],
      ],
    );
  });
  it('tells everything that is wrong, by row and column', () => {
    const { problems } = read(
      ['Tên', 'Mẫu máy', 'MAC', 'Loại', 'Màu', 'tên'],
      ['', 'GXP1760', '12', 'fax', '', ''],
      ['A', 'X99', '000b82aabbcc', '', '', ''],
      ['B', 'GXP1760', '000B82AABBCC', '', '', ''],
      ['C', '', '000b82aabbdd', '', '', ''],
    );
    assert.deepEqual(
      problems.map(({ code, column, row }) => `${row} ${column ?? ''} ${code}`),
      [
        '1 Màu import.column-unknown',
        '1 tên import.column-twice',
        '2 Tên import.name-missing',
        '2 Loại import.word-unknown',
        '2 MAC import.mac-number',
        '3 Mẫu máy import.model-unknown',
        '5 Mẫu máy import.model-without-mac',
        '4 MAC import.twice',
      ],
    );
    assert.deepEqual(
      read(['Số máy'], ['1']).problems.map(({ code }) => code),
      ['import.no-name-column', 'import.name-missing'],
    );
  });
});
