import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { type Label, labelSheets } from '../../../provisioning/labels/labels.ts';

/* Labels as a printer prints them, read again by a program that reads QR codes (zbar), and as text (poppler). */

const label = (place: number): Label => ({
  name: place === 3 ? `Máy phòng họp trực tuyến Ủy ban nhân dân xã ${'rất dài '.repeat(20)}` : `Điện thoại ${place}`,
  site: 'Ủy ban nhân dân xã Tả Phìn, phòng tiếp công dân và hội nghị trực tuyến',
  number: `91${String(place).padStart(2, '0')}`,
  model: 'SIP-T46S',
  mac: `805ec0aabb${String(place).padStart(2, '0')}`,
  link: `https://gateway.example:8443/devices/0b6f2f8e-6f0e-4b53-a9fd-0a1d3c5e7f${String(place).padStart(2, '0')}`,
});

describe('labels', function () {
  this.timeout(60_000);
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'labels-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** The codes on a page, or in the part of it that one label takes. */
  const codesOn = (file: string, page: number, place?: number): string[] => {
    const image = join(folder, `page${page}`);
    const points = (mm: number): string => String(Math.round((mm / 25.4) * 150));
    const part =
      place === undefined
        ? []
        : [
            '-x',
            points((place % 3) * 70),
            '-y',
            points(Math.floor(place / 3) * 37),
            '-W',
            points(70),
            '-H',
            points(37),
          ];
    const pages = ['-f', `${page}`, '-l', `${page}`];
    const drawn = spawnSync('pdftoppm', ['-r', '150', '-png', ...pages, ...part, '-singlefile', file, image]);
    assert.equal(drawn.status, 0, String(drawn.stderr));
    const read = spawnSync('zbarimg', ['--quiet', '--raw', '-Sdisable', '-Sqrcode.enable', `${image}.png`], {
      encoding: 'utf8',
    });
    return read.stdout.split('\n').filter(Boolean);
  };

  it('fifty devices on three sheets; each code leads to its device, and stands on its own label', async () => {
    const labels = Array.from({ length: 50 }, (_none, place) => label(place));
    const file = join(folder, 'labels.pdf');
    writeFileSync(file, await labelSheets(labels, 'vi', 2));
    const info = spawnSync('pdfinfo', [file], { encoding: 'utf8' }).stdout;
    assert.match(info, /Pages:\s+3/);
    assert.match(info, /Page size:\s+595\.\d+ x 841\.\d+ pts \(A4\)/);
    for (const page of [1, 2, 3]) {
      // Two labels of the first sheet are used already.
      const from = page === 1 ? 0 : 22 + (page - 2) * 24;
      const wanted = labels.slice(from, page === 1 ? 22 : from + 24).map(({ link }) => link);
      assert.deepEqual(codesOn(file, page).sort(), [...wanted].sort());
    }
    // Each stands on its own label: corners and middle of the full sheet.
    for (const place of [0, 2, 10, 13, 21, 23]) assert.deepEqual(codesOn(file, 2, place), [labels[22 + place]?.link]);
    assert.deepEqual(codesOn(file, 1, 1), []);
    const text = spawnSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' }).stdout;
    assert.match(text, /Điện thoại 0/);
    assert.match(text, /Số máy 9149/);
    assert.match(text, /80:5E:C0:AA:BB:49/);
  });
});
