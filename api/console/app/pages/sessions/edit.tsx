import { useSignal } from '@preact/signals';
import { useData } from '../../client/data.ts';
import { ask, Refusal } from '../../client/http.ts';
import type { Session } from '../../client/live.ts';
import { CheckField, DateTimeField, SelectField, TextArea, TextField } from '../../parts/field.tsx';
import { Form, Group, useForm } from '../../parts/form.tsx';
import { Notice, Waiting } from '../../parts/notice.tsx';
import { PageHead, Panel } from '../../parts/page.tsx';
import { toast } from '../../parts/toast.tsx';
import { go, queryOf } from '../../shell/route.ts';
import { dateTime } from '../../words/format.ts';
import { say } from '../../words/words.ts';
import { bodyOf, type Draft, draftOf, wrongMoment } from './draft.ts';
import { Attendees, CasesOf, RunningOrder } from './edit-lists.tsx';
import { Participants } from './edit-participants.tsx';

/** Plans a session, or changes a plan. */
export default function EditSession({ params }: { params: Record<string, string> }) {
  const { id } = params;
  const found = useData('GET /sessions/{id}', id === undefined ? undefined : { path: { id } });
  if (id !== undefined && found.value === undefined) return <Waiting error={found.error} reload={found.reload} />;
  return <Editor session={found.value} tag={found.tag} />;
}

function Editor({ session, tag }: { session: Session | undefined; tag: string | undefined }) {
  const caseId = queryOf('case');
  const form = useForm<Draft>(draftOf(session, caseId === '' ? [] : [caseId]));
  const clashes = useSignal<{ text: string }[]>([]);
  const despite = useSignal(false);
  const { value } = form;
  const send = async (): Promise<void> => {
    const wrong = wrongMoment(value);
    if (wrong !== undefined) throw new Refusal(400, 'field-time', say('field.bad-time'), wrong);
    const body = bodyOf(value);
    const allow = despite.value ? { allowClash: true } : {};
    try {
      const kept =
        session === undefined
          ? await ask('POST /sessions', { body: { ...body, ...allow } })
          : await ask('PATCH /sessions/{id}', {
              path: { id: session.id },
              body: { ...withNull(body), ...allow },
              ...(tag === undefined ? {} : { ifMatch: tag }),
            });
      toast(say('action.saved'));
      go(`/sessions/${kept.id}`);
    } catch (error) {
      if (error instanceof Refusal && error.code.includes('clash') && body.plannedStart !== undefined) {
        clashes.value = await clashesOf(body, session?.id);
      }
      throw error;
    }
  };
  return (
    <>
      <PageHead
        title={session === undefined ? say('session.plan') : say('session.change')}
        back={
          session === undefined
            ? { href: '/sessions', text: say('sessions.title') }
            : { href: `/sessions/${session.id}`, text: session.title }
        }
      />
      <Form
        form={form}
        send={say('action.save')}
        onSend={send}
        onCancel={() => go(session === undefined ? '/sessions' : `/sessions/${session.id}`)}
      >
        <Panel title={say('session.what')}>
          <Group>
            <div class="field-wide">
              <TextField
                label={say('session.title')}
                required
                value={value.title}
                error={form.wrong('title')}
                onInput={(title) => form.set({ title })}
              />
            </div>
            <DateTimeField
              label={say('session.start')}
              value={value.start}
              error={form.wrong('plannedStart')}
              onInput={(start) => form.set({ start })}
            />
            <DateTimeField
              label={say('session.end')}
              value={value.end}
              error={form.wrong('plannedEnd')}
              onInput={(end) => form.set({ end })}
            />
            <TextField
              label={say('session.chair')}
              value={value.chairName}
              error={form.wrong('chair.name')}
              onInput={(chairName) => form.set({ chairName })}
            />
            <TextField
              label={say('session.chair-position')}
              value={value.chairPosition}
              error={form.wrong('chair.position')}
              onInput={(chairPosition) => form.set({ chairPosition })}
            />
          </Group>
        </Panel>
        <CasesOf caseIds={value.caseIds} onChange={(caseIds) => form.set({ caseIds })} />
        <Participants
          items={value.participants}
          wrong={form.wrong}
          onChange={(participants) => form.set({ participants })}
        />
        <Attendees items={value.attendees} onChange={(attendees) => form.set({ attendees })} />
        <RunningOrder items={value.runningOrder} onChange={(runningOrder) => form.set({ runningOrder })} />
        <Panel title={say('session.room-settings')}>
          <Group>
            <TextField
              label={say('session.room')}
              hint={say('session.room-hint')}
              inputMode="numeric"
              value={value.room}
              error={form.wrong('room')}
              onInput={(room) => form.set({ room })}
            />
            <TextField
              label={say('session.pin')}
              hint={say('session.pin-hint')}
              inputMode="numeric"
              value={value.pin}
              error={form.wrong('pin')}
              onInput={(pin) => form.set({ pin })}
            />
            <SelectField
              label={say('session.rehearsal')}
              hint={say('session.rehearsal-hint')}
              empty={say('session.no-rehearsal')}
              value={value.rehearsal}
              onInput={(rehearsal) => form.set({ rehearsal })}
              choices={['15', '30', '60', '120', '1440'].map((minutes) => ({
                value: minutes,
                label: say(minutes === '1440' ? 'session.day-before' : 'session.minutes-before', { minutes }),
              }))}
            />
            <CheckField
              label={say('session.open-by-time')}
              value={value.openByTime}
              onInput={(openByTime) => form.set({ openByTime })}
            />
            <CheckField
              label={say('session.open-on-arrival')}
              value={value.openOnArrival}
              onInput={(openOnArrival) => form.set({ openOnArrival })}
            />
            <CheckField label={say('session.record')} value={value.record} onInput={(record) => form.set({ record })} />
            <TextArea
              label={say('field.note')}
              rows={3}
              value={value.note}
              error={form.wrong('note')}
              onInput={(note) => form.set({ note })}
            />
          </Group>
        </Panel>
        {clashes.value.length > 0 && (
          <div>
            <Notice kind="care">
              <b>{say('clash.title')}</b>
              <ul>
                {clashes.value.map(({ text }) => (
                  <li key={text}>{text}</li>
                ))}
              </ul>
            </Notice>
            <br />
            <CheckField
              label={say('clash.despite')}
              value={despite.value}
              onInput={(on) => {
                despite.value = on;
              }}
            />
          </div>
        )}
      </Form>
    </>
  );
}

/** In a change, `null` takes a field away. */
function withNull<T extends object>(body: T) {
  const fields = Object.entries(body).map(([name, value]) => [name, value === undefined ? null : value]);
  const { room, ...rest } = Object.fromEntries(fields) as T & { room?: string | null };
  // A session always has a room: an empty field keeps the one it has.
  return room === null || room === undefined ? rest : { ...rest, room };
}

async function clashesOf(body: ReturnType<typeof bodyOf>, sessionId: string | undefined): Promise<{ text: string }[]> {
  const { participants, chair, plannedStart, plannedEnd } = body;
  const { items } = await ask('POST /sessions/clashes', {
    body: {
      ...(participants === undefined ? {} : { participants }),
      ...(chair === undefined ? {} : { chair }),
      plannedStart: plannedStart ?? '',
      ...(plannedEnd === undefined ? {} : { plannedEnd }),
      ...(sessionId === undefined ? {} : { sessionId }),
    },
  });
  return items.map((one) => ({
    text: say(`clash.${one.kind}`, {
      name: one.name,
      session: one.sessionTitle,
      from: dateTime(one.from),
      to: dateTime(one.to),
    }),
  }));
}
