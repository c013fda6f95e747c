import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { en as pageEn } from '../../../api/console/app/words/en/index.ts';
import { vi as pageVi } from '../../../api/console/app/words/vi/index.ts';
import { sayIncident } from '../../../api/incident-words.ts';
import { en } from '../../../platform/messages/en.ts';
import { vi } from '../../../platform/messages/vi.ts';
import { type Incident, incidentKinds } from '../../../store/schema/incident.ts';
import { rehearsalResult } from '../../../store/schema/rehearsal.ts';

const languages = ['vi', 'en'] as const;
const sentences = { vi, en } as Record<string, Record<string, string>>;
const pages = { vi: pageVi, en: pageEn } as Record<string, Record<string, string>>;

describe('an incident says what happened and what to do about it', () => {
  const verdicts = rehearsalResult.shape.verdict.unwrap().options.filter((verdict) => verdict !== 'good');
  for (const language of languages) {
    const said = sentences[language]!;
    const page = pages[language]!;

    it(`every kind has a sentence and an advice (${language})`, () => {
      for (const kind of incidentKinds) {
        assert.ok((said[`incident.${kind}`] ?? '').length > 10, `no sentence: ${kind}`);
        assert.ok((page[`advice.${kind}`] ?? '').length > 30, `no advice: ${kind}`);
      }
      for (const verdict of verdicts) {
        assert.ok(`incident.rehearsal.failed.${verdict}` in said, `no sentence: ${verdict}`);
        assert.ok(`rehearsal.advice.${verdict}` in page, `no advice: ${verdict}`);
      }
    });

    it(`no advice is left of a kind that is not raised any more (${language})`, () => {
      const kinds = new Set<string>(incidentKinds);
      const left = Object.keys(page).filter((key) => key.startsWith('advice.') && !kinds.has(key.slice(7)));
      assert.deepEqual(left, []);
    });

    it(`what an advice bids to press stands on a page under these words (${language})`, () => {
      const labels = new Set(Object.entries(page).flatMap(([key, text]) => (key.startsWith('advice.') ? [] : [text])));
      const quoted = Object.entries(page)
        .filter(([key]) => key.startsWith('advice.') || key.startsWith('rehearsal.advice.'))
        .flatMap(([key, text]) => [...text.matchAll(/“([^”]+)”/g)].map(([, label = '']) => ({ key, label })));
      assert.ok(quoted.length > 5);
      assert.deepEqual(
        quoted.filter(({ label }) => !labels.has(label)),
        [],
      );
    });
  }

  it('both languages bid the same number of things to press', () => {
    for (const kind of incidentKinds) {
      const [inVi, inEn] = languages.map((language) => pages[language]![`advice.${kind}`]!.split('“').length);
      assert.equal(inVi, inEn, kind);
    }
  });

  const told: [incident: Incident, inVietnamese: string, inEnglish: string][] = [
    [
      { code: 'engine.lost', values: { engine: 'media' } },
      'Bộ phận âm thanh, hình ảnh ngừng chạy; hệ thống đang khởi động lại.',
      'The engine for sound and pictures is lost; it is started again.',
    ],
    [
      { code: 'uplink.lost', values: { name: 'Tỉnh', text: '192.0.2.1:1720 takes no calls', q850: 27 } },
      'Mất đường truyền tới Tỉnh (thiết bị không hoạt động); hệ thống đang gọi lại.',
      'The line to Tỉnh is lost (the device does not answer at its address); it is called again.',
    ],
    [
      { code: 'uplink.lost', values: { name: 'Tỉnh', text: 'media was lost' } },
      'Mất đường truyền tới Tỉnh (media was lost); hệ thống đang gọi lại.',
      'The line to Tỉnh is lost (media was lost); it is called again.',
    ],
    [
      { code: 'participant.cannot-be-called', values: { reason: 'line.full', name: 'VNPT', calls: 4 } },
      `Không gọi được một bên tham gia: ${vi['line.full'].replace('{name}', 'VNPT').replace('{calls}', '4')}`,
      `A participant cannot be called: ${en['line.full'].replace('{name}', 'VNPT').replace('{calls}', '4')}`,
    ],
    [
      { code: 'room.layout-fallback', values: { reason: 'overload', layout: 'grid' } },
      'Máy chủ không ghép được hình nữa (máy quá tải): phòng họp chuyển sang chiếu người đang nói.',
      'The machine could not compose the pictures any more (the machine is overloaded): the room shows the speaker.',
    ],
    [
      { code: 'room.layout-refused', values: { layout: 'grid-2x2' } },
      'Máy chủ hình ảnh không ghép được hình trong phiên này: phòng họp chiếu người đang nói, không theo bố cục “bốn ô”.',
      'The media engine cannot compose pictures in this session: the room shows the speaker, and not the layout “four”.',
    ],
    [
      { code: 'rehearsal.failed', values: { name: 'media', verdict: 'silent', text: '' } },
      'Micro của media im lặng khi kiểm tra trước phiên: bật micro.',
      'The microphone of media was silent in the check before the session: switch it on.',
    ],
  ];
  for (const [incident, inVietnamese, inEnglish] of told) {
    it(`in words: ${incident.code}`, () => {
      assert.equal(sayIncident('vi', incident), inVietnamese);
      assert.equal(sayIncident('en', incident), inEnglish);
    });
  }
});
