import type { Body } from '../../client/http.ts';
import type { Session } from '../../client/live.ts';
import { type DateTimeText, dateTimeText, momentOf } from '../../parts/field.tsx';

export type SessionBody = Body<'POST /sessions'>;
export type Participant = NonNullable<SessionBody['participants']>[number];
export type Person = NonNullable<SessionBody['chair']>;
export type Point = NonNullable<SessionBody['runningOrder']>[number];

/** A session while it is being planned: what the fields of the form hold. */
export interface Draft {
  title: string;
  room: string;
  pin: string;
  start: DateTimeText;
  end: DateTimeText;
  openByTime: boolean;
  openOnArrival: boolean;
  record: boolean;
  rehearsal: string;
  chairName: string;
  chairPosition: string;
  attendees: Person[];
  participants: Participant[];
  caseIds: string[];
  runningOrder: Point[];
  note: string;
}

/** The draft of a session that is there, or of a new one. */
export function draftOf(session: Session | undefined, caseIds: string[] = []): Draft {
  return {
    title: session?.title ?? '',
    room: session?.room ?? '',
    pin: session?.pin ?? '',
    start: dateTimeText(session?.plannedStart),
    end: dateTimeText(session?.plannedEnd),
    openByTime: session?.openByTime ?? true,
    openOnArrival: session?.openOnArrival ?? false,
    record: session?.record ?? true,
    rehearsal: session === undefined ? '30' : String(session.rehearsalMinutes ?? ''),
    chairName: session?.chair?.name ?? '',
    chairPosition: session?.chair?.position ?? '',
    attendees: session?.attendees ?? [],
    participants: session?.participants ?? [],
    caseIds: session?.caseIds ?? caseIds,
    runningOrder: session?.runningOrder ?? [],
    note: session?.note ?? '',
  };
}

/** Which of the two moments is written wrongly, if any. */
export function wrongMoment({ start, end }: Draft): 'plannedStart' | 'plannedEnd' | undefined {
  if (momentOf(start) === false) return 'plannedStart';
  return momentOf(end) === false ? 'plannedEnd' : undefined;
}

type Optional = 'room' | 'pin' | 'plannedStart' | 'plannedEnd' | 'chair' | 'note' | 'rehearsalMinutes';

/** What is sent: fields that are empty are `undefined`. */
export function bodyOf(
  draft: Draft,
): Omit<SessionBody, Optional> & Record<Optional, unknown> & Pick<SessionBody, Optional> {
  const text = (value: string): string | undefined => (value.trim() === '' ? undefined : value.trim());
  const moment = (value: DateTimeText): string | undefined => momentOf(value) || undefined;
  const chair = text(draft.chairName);
  const position = text(draft.chairPosition);
  return {
    title: draft.title,
    room: text(draft.room),
    pin: text(draft.pin),
    plannedStart: moment(draft.start),
    plannedEnd: moment(draft.end),
    openByTime: draft.openByTime,
    openOnArrival: draft.openOnArrival,
    record: draft.record,
    rehearsalMinutes: draft.rehearsal === '' ? undefined : Number(draft.rehearsal),
    chair: chair === undefined ? undefined : { name: chair, ...(position === undefined ? {} : { position }) },
    attendees: draft.attendees.filter(({ name }) => name.trim() !== ''),
    participants: draft.participants,
    caseIds: draft.caseIds,
    runningOrder: draft.runningOrder.filter(({ title }) => title.trim() !== ''),
    note: text(draft.note),
  };
}
