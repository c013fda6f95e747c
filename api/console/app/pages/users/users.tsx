import { useSignal } from '@preact/signals';
import { useData } from '../../client/data.ts';
import { ask, type Item } from '../../client/http.ts';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { RowActions } from '../../parts/editor.tsx';
import { CheckField, SelectField, TextField } from '../../parts/field.tsx';
import { Form, Group, useForm } from '../../parts/form.tsx';
import { List } from '../../parts/list.tsx';
import { Badge, PageHead, Panel } from '../../parts/page.tsx';
import { toast } from '../../parts/toast.tsx';
import { date } from '../../words/format.ts';
import { say } from '../../words/words.ts';
import { UserTabs } from './tokens.tsx';

type Person = Item<'GET /users'>;

/** Who may log in, and what they may do. */
export default function Users() {
  const people = useData('GET /users', { query: { limit: 200, sort: 'username' } }, ['change:user']);
  const editing = useSignal<Person | 'new' | undefined>(undefined);
  const open = (one: Person | 'new') => {
    editing.value = one;
  };
  return (
    <>
      <PageHead
        title={say('users.title')}
        about={say('users.about')}
        actions={
          <Button kind="primary" icon="add" onClick={() => open('new')}>
            {say('users.add')}
          </Button>
        }
      />
      <UserTabs current="/users" />
      <Panel title={say('users.list')}>
        <List
          found={people}
          caption={say('users.list')}
          icon="users"
          none={say('users.none')}
          columns={[
            {
              title: say('users.name'),
              main: true,
              cell: ({ name, username }) => (
                <>
                  {name}
                  <small>{username}</small>
                </>
              ),
            },
            { title: say('users.role'), cell: ({ role }) => say(`role.${role}`) },
            {
              title: say('users.state'),
              cell: ({ enabled }) => (
                <Badge tone={enabled ? 'good' : 'plain'}>{enabled ? say('users.on') : say('users.off')}</Badge>
              ),
            },
            { title: say('users.since'), cell: ({ createdAt }) => date(createdAt) },
            {
              title: say('table.actions'),
              right: true,
              cell: (one) => (
                <RowActions
                  name={one.name}
                  onEdit={() => open(one)}
                  remove="DELETE /users/{id}"
                  path={{ id: one.id }}
                />
              ),
            },
          ]}
        />
      </Panel>
      {editing.value !== undefined && (
        <PersonDialog
          person={editing.value === 'new' ? undefined : editing.value}
          onClose={() => {
            editing.value = undefined;
          }}
        />
      )}
    </>
  );
}

function PersonDialog({ person, onClose }: { person: Person | undefined; onClose: () => void }) {
  const form = useForm({
    name: person?.name ?? '',
    username: person?.username ?? '',
    role: person?.role ?? ('operator' as Person['role']),
    enabled: person?.enabled ?? true,
    language: person?.language ?? ('vi' as Person['language']),
    password: '',
  });
  const { password, ...fields } = form.value;
  const send = async (): Promise<void> => {
    if (person === undefined) await ask('POST /users', { body: form.value });
    else {
      await ask('PATCH /users/{id}', {
        path: { id: person.id },
        body: { ...fields, ...(password === '' ? {} : { password }) },
      });
    }
    toast(say('action.saved'));
    onClose();
  };
  return (
    <Dialog title={person === undefined ? say('users.add') : person.name} onClose={onClose}>
      <Form form={form} send={say('action.save')} onSend={send} onCancel={onClose}>
        <Group>
          <TextField
            label={say('users.name')}
            required
            value={fields.name}
            error={form.wrong('name')}
            onInput={(name) => form.set({ name })}
          />
          <TextField
            label={say('login.username')}
            hint={say('users.username-hint')}
            required
            value={fields.username}
            error={form.wrong('username')}
            onInput={(username) => form.set({ username })}
          />
          <SelectField
            label={say('users.role')}
            hint={say(`role.hint.${fields.role}`)}
            value={fields.role}
            onInput={(role) => form.set({ role: role as Person['role'] })}
            choices={(['viewer', 'operator', 'admin'] as const).map((value) => ({
              value,
              label: say(`role.${value}`),
            }))}
          />
          <SelectField
            label={say('language')}
            value={fields.language}
            onInput={(language) => form.set({ language: language as Person['language'] })}
            choices={[
              { value: 'vi', label: 'Tiếng Việt' },
              { value: 'en', label: 'English' },
            ]}
          />
          <TextField
            label={person === undefined ? say('login.password') : say('users.new-password')}
            hint={person === undefined ? say('users.password-hint') : say('users.new-password-hint')}
            type="password"
            autocomplete="new-password"
            required={person === undefined}
            value={password}
            error={form.wrong('password')}
            onInput={(text) => form.set({ password: text })}
          />
          <CheckField
            label={say('users.may-log-in')}
            value={fields.enabled}
            onInput={(enabled) => form.set({ enabled })}
          />
        </Group>
      </Form>
    </Dialog>
  );
}
