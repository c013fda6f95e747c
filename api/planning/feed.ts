import ical, { ICalCalendarMethod, ICalEventStatus } from 'ical-generator';
import { DateTime } from 'luxon';
import { type Language, say } from '../../platform/messages/messages.ts';
import type { Session } from '../../store/schema/session.ts';
import { zone } from '../cases/cases.ts';
import { usualLengthMs } from './clashes.ts';

/** The time of Vietnam as calendars that know no names of zones need it (RFC 5545, 3.6.5): no summer time since 1975. */
const zoneBlock = [
  'BEGIN:VTIMEZONE',
  `TZID:${zone}`,
  'BEGIN:STANDARD',
  'DTSTART:19750613T000000',
  'TZOFFSETFROM:+0700',
  'TZOFFSETTO:+0700',
  'TZNAME:+07',
  'END:STANDARD',
  'END:VTIMEZONE',
].join('\r\n');

/**
 * Planned sessions as a calendar (RFC 5545). A session keeps its UID for good; what was moved or cancelled comes with a
 * higher SEQUENCE, and a cancelled one stays in as such (STATUS), so that calendars take it out. Pure.
 */
export function calendarOf(
  sessions: readonly Session[],
  { language, sitesOf, host }: { language: Language; sitesOf: (session: Session) => string[]; host: string },
): string {
  const calendar = ical({
    name: say(language, 'calendar.name'),
    prodId: { company: 'diemcau', product: 'diemcau', language: language.toUpperCase() },
    method: ICalCalendarMethod.PUBLISH,
    // Of the events alone: the stamps of a calendar are in UTC (RFC 5545, 3.8.7).
    timezone: { name: null, generator: () => zoneBlock },
    ttl: 15 * 60,
  });
  for (const session of sessions) {
    const { plannedStart, plannedEnd } = session;
    if (plannedStart === undefined) continue;
    calendar.createEvent({
      id: `${session.id}@${host}`,
      sequence: session.sequence,
      stamp: session.updatedAt,
      created: session.createdAt,
      lastModified: session.updatedAt,
      timezone: zone,
      start: here(plannedStart),
      end: here(plannedEnd ?? new Date(plannedStart.getTime() + usualLengthMs)),
      status: session.state === 'cancelled' ? ICalEventStatus.CANCELLED : ICalEventStatus.CONFIRMED,
      summary: session.title,
      location: sitesOf(session).join(', '),
      description: description(session, language),
    });
  }
  return calendar.toString();
}

const here = (moment: Date): DateTime => DateTime.fromJSDate(moment, { zone });

/** Who presides, in what order, and what became of the plan; citizens' cases are not told in a calendar. */
function description(session: Session, language: Language): string {
  const { chair, runningOrder, postponed, cancelReason, room } = session;
  const day = (date: Date) => here(date).toFormat('dd/MM/yyyy HH:mm');
  const last = postponed.at(-1);
  return [
    ...(cancelReason === undefined ? [] : [say(language, 'calendar.cancelled', { reason: cancelReason })]),
    ...(last?.from === undefined
      ? []
      : [say(language, 'calendar.postponed', { from: day(last.from), reason: last.reason })]),
    ...(chair === undefined ? [] : [say(language, 'calendar.chair', { chair: chair.name })]),
    say(language, 'calendar.room', { room }),
    ...runningOrder.filter(({ caseId }) => caseId === undefined).map(({ title }) => `- ${title}`),
  ].join('\n');
}
