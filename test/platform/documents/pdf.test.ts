import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { pdf } from '../../../platform/documents/pdf.ts';

describe('PDF files', function () {
  this.timeout(20_000);
  it('carry Vietnamese letters, A4, and a number on the second page', async () => {
    const file = await pdf({
      content: [{ text: 'CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM', bold: true, pageBreak: 'after' }, 'Độc lập – Tự do'],
      compress: false,
    });
    const text = file.toString('latin1');
    assert.match(text, /^%PDF-1\.\d/);
    assert.equal(text.match(/\/Type \/Page\b/g)?.length, 2);
    assert.match(text, /\/MediaBox \[0 0 595\.28 841\.89\]/);
    assert.match(text, /Tinos-Bold/);
  });
  it('never read a file or an address that a text names', async () => {
    await assert.rejects(pdf({ content: [{ image: '/etc/passwd' }] }));
    await assert.rejects(pdf({ content: [{ image: 'http://127.0.0.1:1/x.png' }] }));
  });
});
