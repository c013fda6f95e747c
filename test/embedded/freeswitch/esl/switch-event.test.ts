import assert from 'node:assert/strict';
import { type Headers, plainHeaders, SwitchEvent } from '../../../../embedded/freeswitch/esl/switch-event.ts';

const told = (headers: [string, string][], body?: string): SwitchEvent => new SwitchEvent(new Map(headers), body);

/** The event within its envelope, whose length must be true. */
function inner(message: string): string {
  const [, length = '', type = '', text = ''] =
    /^Content-Length: (\d+)\nContent-Type: (\S+)\n\n(.*)$/s.exec(message) ?? [];
  assert.equal(Buffer.byteLength(text), Number(length));
  assert.ok(type.startsWith('text/event-'));
  return text;
}

const values = [
  'plain',
  '',
  'with "quotes" and \\',
  'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\n',
  'Xã Tân Lập',
  '\u2028 \u0000',
  '%41:{}',
];

describe('media engine: events as they are told', () => {
  for (const value of values) {
    it(`says ${JSON.stringify(value)} in both forms so that it is read as it was`, () => {
      const event = told([
        ['Event-Name', 'CUSTOM'],
        ['variable_x', value],
      ]);
      assert.deepEqual(JSON.parse(inner(event.message('json'))), { 'Event-Name': 'CUSTOM', variable_x: value });
      const line = inner(event.message('plain')).split('\n')[1] ?? '';
      assert.equal(decodeURIComponent(line.slice('variable_x: '.length)), value);
      assert.ok(!/[\r\n]/.test(line));
    });
  }

  it('keeps a header’s place when it is set again, and answers by name', () => {
    const headers: Headers = new Map([
      ['Event-Subclass', 'conference::maintenance'],
      ['Action', 'add-member'],
    ]);
    headers.set('Event-Subclass', 'conference::levels');
    assert.equal(new SwitchEvent(headers).get('Event-Subclass'), 'conference::levels');
    assert.equal(plainHeaders(headers), 'Event-Subclass: conference%3A%3Alevels\nAction: add-member\n');
  });

  it('carries a body: in JSON as a field, else behind the headers', () => {
    const event = told([['Event-Name', 'BACKGROUND_JOB']], '+OK đã xong\n');
    assert.deepEqual(JSON.parse(inner(event.message('json'))), {
      'Event-Name': 'BACKGROUND_JOB',
      'Content-Length': '14',
      _body: '+OK đã xong\n',
    });
    assert.equal(inner(event.message('plain')), 'Event-Name: BACKGROUND_JOB\nContent-Length: 14\n\n+OK đã xong\n');
  });
});
