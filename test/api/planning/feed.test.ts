import assert from 'node:assert/strict';
import ICAL from 'ical.js';
import { describe, it } from 'mocha';
import { calendarOf } from '../../../api/planning/feed.ts';
import { type Session, session } from '../../../store/schema/session.ts';

/* The calendar, read by a library that had no part in writing it. */

const made = (change: Partial<Session>): Session => {
  const stamp = new Date('2026-05-01T00:00:00Z');
  const parsed = session.omit({ createdAt: true, updatedAt: true }).parse({
    id: 'phien-1',
    title: 'Tiếp công dân; xã Lục Nam, “tháng 5”',
    room: '5001',
    plannedStart: new Date('2026-05-13T01:00:00Z'),
    ...change,
  });
  return { ...parsed, createdAt: stamp, updatedAt: stamp };
};

const read = (...sessions: Session[]) => {
  const text = calendarOf(sessions, { language: 'vi', host: 'diemcau.example', sitesOf: () => ['Xã', 'Tỉnh'] });
  const calendar = new ICAL.Component(ICAL.parse(text));
  for (const block of calendar.getAllSubcomponents('vtimezone')) {
    const zone = new ICAL.Timezone(block);
    if (!ICAL.TimezoneService.has(zone.tzid)) ICAL.TimezoneService.register(zone);
  }
  return { text, events: calendar.getAllSubcomponents('vevent').map((one) => new ICAL.Event(one)) };
};

describe('calendar feed', () => {
  it('says when a session is, in the time of Vietnam that the calendar itself explains', () => {
    const { events, text } = read(made({ plannedEnd: new Date('2026-05-13T04:30:00Z') }));
    const [event] = events;
    assert.equal(event?.startDate.zone?.tzid, 'Asia/Ho_Chi_Minh');
    assert.deepEqual(
      [event?.startDate.toString(), event?.endDate.toString()],
      ['2026-05-13T08:00:00', '2026-05-13T11:30:00'],
    );
    assert.equal(event?.startDate.toJSDate().toISOString(), '2026-05-13T01:00:00.000Z');
    assert.ok(
      text.split('\r\n').every((line) => Buffer.byteLength(line) <= 75),
      'lines are folded',
    );
  });

  it('keeps the words of a title whole, and names where', () => {
    const [event] = read(made({})).events;
    assert.equal(event?.summary, 'Tiếp công dân; xã Lục Nam, “tháng 5”');
    assert.equal(event?.location, 'Xã, Tỉnh');
    assert.equal(event?.uid, 'phien-1@diemcau.example');
  });

  it('tells of what was moved and cancelled, with the reason', () => {
    const moved = made({
      sequence: 2,
      postponed: [
        {
          at: new Date('2026-05-02T00:00:00Z'),
          by: 'lan',
          from: new Date('2026-05-12T01:00:00Z'),
          to: new Date('2026-05-13T01:00:00Z'),
          reason: 'Mất điện',
        },
      ],
    });
    const cancelled = made({ id: 'phien-2', state: 'cancelled', cancelReason: 'Công dân rút đơn', sequence: 1 });
    const [one, other] = read(moved, cancelled).events;
    assert.equal(one?.sequence, 2);
    assert.match(one?.description ?? '', /12\/05\/2026 08:00.*Mất điện/);
    assert.equal(other?.component.getFirstPropertyValue('status'), 'CANCELLED');
    assert.match(other?.description ?? '', /Công dân rút đơn/);
  });

  it('leaves out what has no time yet', () => {
    const { plannedStart: _none, ...rest } = made({});
    assert.equal(read(rest).events.length, 0);
  });
});
