import { ask, user } from '../../client/http.ts';
import { TextField } from '../../parts/field.tsx';
import { Form, Group, useForm } from '../../parts/form.tsx';
import { Facts, PageHead, Panel } from '../../parts/page.tsx';
import { toast } from '../../parts/toast.tsx';
import { say } from '../../words/words.ts';
import { MakeToken, Tokens } from '../users/tokens.tsx';

/** The own account: name and password. */
export default function Account() {
  const known = user.value;
  const name = useForm({ name: known?.name ?? '' });
  const password = useForm({ present: '', next: '' });
  if (known === null || known === undefined) return null;
  return (
    <>
      <PageHead title={say('account.title')} about={say('account.about')} />
      <Panel title={say('account.who')}>
        <Facts
          items={[
            [say('login.username'), known.username],
            [say('users.role'), say(`role.${known.role}`)],
          ]}
        />
        <br />
        <Form
          form={name}
          send={say('action.save')}
          onSend={async () => {
            user.value = await ask('PATCH /me', { body: { name: name.value.name } });
            toast(say('action.saved'));
          }}
        >
          <Group>
            <TextField
              label={say('users.name')}
              value={name.value.name}
              error={name.wrong('name')}
              onInput={(text) => name.set({ name: text })}
            />
          </Group>
        </Form>
      </Panel>
      <Panel title={say('account.password')}>
        <Form
          form={password}
          send={say('account.change-password')}
          onSend={async () => {
            await ask('POST /me/password', { body: password.value });
            password.set({ present: '', next: '' });
            toast(say('account.password-changed'));
          }}
        >
          <Group>
            <TextField
              label={say('account.present')}
              type="password"
              autocomplete="current-password"
              value={password.value.present}
              error={password.wrong('present')}
              onInput={(present) => password.set({ present })}
            />
            <TextField
              label={say('account.next')}
              hint={say('users.password-hint')}
              type="password"
              autocomplete="new-password"
              value={password.value.next}
              error={password.wrong('next')}
              onInput={(next) => password.set({ next })}
            />
          </Group>
        </Form>
      </Panel>
      <Panel title={say('account.tokens')} actions={<MakeToken />}>
        <p class="soft">{say('account.tokens-text')}</p>
        <br />
        <Tokens userId={known.id} />
      </Panel>
    </>
  );
}
