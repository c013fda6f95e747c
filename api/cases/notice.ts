import { DateTime } from 'luxon';
import { say } from '../../platform/messages/messages.ts';
import type { Case, Citizen, Notice } from '../../store/schema/case.ts';
import type { Office } from '../../store/schema/office.ts';
import type { Session } from '../../store/schema/session.ts';
import { type Block, frameOf, type OfficialDocument, paragraphs } from '../documents/official.ts';
import { zone } from './cases.ts';

/** The notice of the result of a case (“Thông báo kết quả tiếp công dân trực tuyến”), from what is kept of it. Pure. */
export function noticeDocument(
  one: Case,
  { office, session, sites }: { office: Office; session: Session | undefined; sites: string[] },
): OfficialDocument {
  const notice: Notice = one.notice ?? { request: '', content: '', conclusion: '', recipients: [] };
  const frame = frameOf(office, {
    type: 'TB',
    number: notice.number,
    date: notice.date,
    zone,
    recipients: notice.recipients,
  });
  const part = (title: string, text: string): Block[] => [{ kind: 'heading', text: title }, ...paragraphs(text)];
  const texts = { request: notice.request || one.summary, conclusion: notice.conclusion || (one.outcome ?? '') };
  return {
    ...frame,
    ...(notice.signAs === undefined ? {} : { signAs: notice.signAs.split('\n') }),
    ...(notice.signer === undefined ? {} : { signer: notice.signer }),
    name: say('vi', 'notice.name'),
    subject: say('vi', 'notice.subject'),
    draft: notice.issuedAt === undefined,
    body: [
      { kind: 'paragraph', text: opening(one, session, sites) },
      ...(session === undefined || session.attendees.length === 0
        ? []
        : [
            { kind: 'paragraph', text: say('vi', 'notice.attendees') } as const,
            ...session.attendees.map((who) => ({ kind: 'item', text: personText(who) }) as const),
          ]),
      { kind: 'heading', text: say('vi', 'notice.citizens') },
      ...one.citizens.map((who) => ({ kind: 'item', text: citizenText(who) }) as const),
      ...part(say('vi', 'notice.request'), texts.request),
      ...part(say('vi', 'notice.content'), notice.content),
      ...part(say('vi', 'notice.conclusion'), texts.conclusion),
      { kind: 'paragraph', text: say('vi', 'notice.closing', { agency: sentenceCase(office.agency) }) },
    ],
  };
}

function opening(one: Case, session: Session | undefined, sites: string[]): string {
  const at = session?.startedAt ?? session?.plannedStart;
  const held = at === undefined ? undefined : DateTime.fromJSDate(at, { zone });
  return say('vi', 'notice.opening', {
    date: held === undefined ? '…' : held.toFormat('dd/MM/yyyy'),
    time: held === undefined ? '…' : held.toFormat("HH 'giờ' mm"),
    sites: sites.length === 0 ? '…' : sites.join(', '),
    chair: session?.chair === undefined ? '…' : personText(session.chair),
    code: one.code,
  });
}

const personText = ({
  name,
  position,
  agency,
}: {
  name: string;
  position?: string | undefined;
  agency?: string | undefined;
}): string => [name, position, agency].filter((part) => part !== undefined && part !== '').join(', ');

/** Who they are and where they live; neither phone nor card stands in a notice. */
function citizenText({ name, birthYear, address }: Citizen): string {
  const born = birthYear === undefined ? [] : [say('vi', 'notice.born', { year: birthYear })];
  const lives = address === undefined ? [] : [say('vi', 'notice.lives', { address })];
  return [name, ...born, ...lives].join(', ');
}

/** “ỦY BAN NHÂN DÂN XÃ LỤC NAM” as it stands in a sentence: names keep their capitals by hand, so all words get one. */
function sentenceCase(agency: string): string {
  const words = agency.toLocaleLowerCase('vi').split(' ');
  const proper = say('vi', 'document.agency-prefix').toLocaleLowerCase('vi').split(' ');
  const prefix = proper.every((word, at) => words[at] === word) ? proper.length : 0;
  const capital = (word: string) => word.charAt(0).toLocaleUpperCase('vi') + word.slice(1);
  return words.map((word, at) => (at === 0 || at >= prefix ? capital(word) : word)).join(' ');
}
