import { useData } from '../../client/data.ts';
import { ask } from '../../client/http.ts';
import { Button } from '../../parts/button.tsx';
import { SelectField, TextArea, TextField } from '../../parts/field.tsx';
import { Form, Group, useForm } from '../../parts/form.tsx';
import { Waiting } from '../../parts/notice.tsx';
import { PageHead, Panel } from '../../parts/page.tsx';
import { toast } from '../../parts/toast.tsx';
import { go } from '../../shell/route.ts';
import { say } from '../../words/words.ts';
import { authorities, type Case, caseKinds } from './state.ts';

/** What is written of one citizen; empty fields are left out when it is sent. */
interface CitizenText {
  name: string;
  birthYear: string;
  phone: string;
  address: string;
  idNumber: string;
}

const nobody: CitizenText = { name: '', birthYear: '', phone: '', address: '', idNumber: '' };

/** Registers a case, or changes one. */
export default function EditCase({ params }: { params: Record<string, string> }) {
  const { id } = params;
  const found = useData('GET /cases/{id}', id === undefined ? undefined : { path: { id } });
  if (id !== undefined && found.value === undefined) return <Waiting error={found.error} reload={found.reload} />;
  return <Editor one={found.value} tag={found.tag} />;
}

function Editor({ one, tag }: { one: Case | undefined; tag: string | undefined }) {
  const form = useForm({
    title: one?.title ?? '',
    kind: one?.kind ?? ('remote' as Case['kind']),
    authority: one?.authority ?? ('commune' as Case['authority']),
    citizens: one === undefined ? [nobody] : one.citizens.map(textOf),
    people: one?.people === undefined ? '' : String(one.people),
    summary: one?.summary ?? '',
    note: one?.note ?? '',
  });
  const { value } = form;
  const send = async (): Promise<void> => {
    const { people, note, citizens, ...rest } = value;
    const fields = { ...rest, citizens: citizens.map(citizenOf) };
    const count = people.trim() === '' ? undefined : Number(people);
    const written = note.trim() === '' ? undefined : note.trim();
    const kept =
      one === undefined
        ? await ask('POST /cases', {
            body: {
              ...fields,
              ...(count === undefined ? {} : { people: count }),
              ...(written === undefined ? {} : { note: written }),
            },
          })
        : await ask('PATCH /cases/{id}', {
            path: { id: one.id },
            body: { ...fields, people: count ?? null, note: written ?? null },
            ...(tag === undefined ? {} : { ifMatch: tag }),
          });
    toast(say('action.saved'));
    go(`/cases/${kept.id}`);
  };
  const change = (place: number, fields: Partial<CitizenText>): void =>
    form.set({ citizens: value.citizens.map((citizen, at) => (at === place ? { ...citizen, ...fields } : citizen)) });
  const cancel = (): void => go(one === undefined ? '/cases' : `/cases/${one.id}`);
  return (
    <>
      <PageHead
        title={one === undefined ? say('case.register') : say('case.change')}
        back={
          one === undefined
            ? { href: '/cases', text: say('cases.title') }
            : { href: `/cases/${one.id}`, text: one.code }
        }
      />
      <Form form={form} send={say('action.save')} onSend={send} onCancel={cancel}>
        <Panel title={say('case.what')}>
          <Group>
            <div class="field-wide">
              <TextField
                label={say('case.title')}
                hint={say('case.title-hint')}
                required
                value={value.title}
                error={form.wrong('title')}
                onInput={(title) => form.set({ title })}
              />
            </div>
            <SelectField
              label={say('case.kind')}
              hint={say(`kind.hint.${value.kind}`)}
              value={value.kind}
              onInput={(kind) => form.set({ kind: kind as Case['kind'] })}
              choices={caseKinds.map((kind) => ({ value: kind, label: say(`kind.${kind}`) }))}
            />
            <SelectField
              label={say('case.authority')}
              hint={say('case.authority-hint')}
              value={value.authority}
              onInput={(authority) => form.set({ authority: authority as Case['authority'] })}
              choices={authorities.map((authority) => ({ value: authority, label: say(`site.${authority}`) }))}
            />
            <TextArea
              label={say('case.summary')}
              rows={6}
              value={value.summary}
              error={form.wrong('summary')}
              onInput={(summary) => form.set({ summary })}
            />
          </Group>
        </Panel>
        {value.citizens.map((citizen, place) => (
          <Panel key={place} title={say('case.citizen', { place: place + 1 })}>
            <Group>
              <TextField
                label={say('person.name')}
                required
                value={citizen.name}
                error={form.wrong(`citizens.${place}.name`)}
                onInput={(name) => change(place, { name })}
              />
              <TextField
                label={say('citizen.birth-year')}
                inputMode="numeric"
                value={citizen.birthYear}
                error={form.wrong(`citizens.${place}.birthYear`)}
                onInput={(birthYear) => change(place, { birthYear })}
              />
              <TextField
                label={say('citizen.phone')}
                inputMode="tel"
                value={citizen.phone}
                error={form.wrong(`citizens.${place}.phone`)}
                onInput={(phone) => change(place, { phone })}
              />
              <TextField
                label={say('citizen.id-number')}
                inputMode="numeric"
                value={citizen.idNumber}
                error={form.wrong(`citizens.${place}.idNumber`)}
                onInput={(idNumber) => change(place, { idNumber })}
              />
              <div class="field-wide">
                <TextField
                  label={say('citizen.address')}
                  value={citizen.address}
                  error={form.wrong(`citizens.${place}.address`)}
                  onInput={(address) => change(place, { address })}
                />
              </div>
            </Group>
            {value.citizens.length > 1 && (
              <div class="row-actions">
                <Button
                  small
                  kind="danger"
                  icon="remove"
                  onClick={() => form.set({ citizens: value.citizens.filter((_other, at) => at !== place) })}
                >
                  {say('remove.of', { name: citizen.name })}
                </Button>
              </div>
            )}
          </Panel>
        ))}
        <div>
          <Button icon="add" onClick={() => form.set({ citizens: [...value.citizens, nobody] })}>
            {say('case.add-citizen')}
          </Button>
        </div>
        <Panel title={say('case.more')}>
          <Group>
            <TextField
              label={say('case.people')}
              hint={say('case.people-hint')}
              inputMode="numeric"
              value={value.people}
              error={form.wrong('people')}
              onInput={(people) => form.set({ people })}
            />
            <TextArea
              label={say('field.note')}
              rows={3}
              value={value.note}
              error={form.wrong('note')}
              onInput={(note) => form.set({ note })}
            />
          </Group>
        </Panel>
      </Form>
    </>
  );
}

function textOf({ name, birthYear, phone, address, idNumber }: Case['citizens'][number]): CitizenText {
  return {
    name,
    birthYear: birthYear === undefined ? '' : String(birthYear),
    phone: phone ?? '',
    address: address ?? '',
    idNumber: idNumber ?? '',
  };
}

function citizenOf({ name, birthYear, ...rest }: CitizenText): Case['citizens'][number] {
  const given = Object.entries(rest).filter(([, text]) => text.trim() !== '');
  return {
    name,
    ...Object.fromEntries(given),
    ...(birthYear.trim() === '' ? {} : { birthYear: Number(birthYear) }),
  };
}
