import { useSignal } from '@preact/signals';
import { useData } from '../../client/data.ts';
import { ask, type Item, user } from '../../client/http.ts';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { RemoveButton } from '../../parts/editor.tsx';
import { DayField, TextField } from '../../parts/field.tsx';
import { Form, useForm } from '../../parts/form.tsx';
import { List, pageOffset } from '../../parts/list.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Badge, PageHead, Panel, Tabs } from '../../parts/page.tsx';
import { toast } from '../../parts/toast.tsx';
import { date, dateTime, readDateTime } from '../../words/format.ts';
import { say } from '../../words/words.ts';

type Token = Item<'GET /tokens'>;

const limit = 50;

/** Everybody's log-ins and programs' tokens: who holds a key to this house. */
export default function TokensPage() {
  const people = useData('GET /users', { query: { limit: 200 } }, ['change:user']);
  const nameOf = (id: string): string => people.value?.items.find((one) => one.id === id)?.name ?? '–';
  return (
    <>
      <PageHead title={say('tokens.title')} about={say('tokens.about')} actions={<MakeToken />} />
      <UserTabs current="/users/tokens" />
      <Panel title={say('tokens.list')}>
        <Tokens nameOf={nameOf} />
      </Panel>
    </>
  );
}

export function UserTabs({ current }: { current: string }) {
  const items = [
    { text: say('users.title'), href: '/users' },
    { text: say('tokens.title'), href: '/users/tokens' },
  ];
  return <Tabs label={say('users.title')} items={items.map((item) => ({ ...item, current: item.href === current }))} />;
}

/** @param userId of this person alone */
export function Tokens({ nameOf, userId }: { nameOf?: (id: string) => string; userId?: string }) {
  const query = { limit, offset: pageOffset(), ...(userId === undefined ? {} : { userId }) };
  const found = useData('GET /tokens', { query }, ['change:token', 'event:user']);
  const over = ({ expiresAt }: Token): boolean => expiresAt !== undefined && new Date(expiresAt).getTime() < Date.now();
  return (
    <List
      found={found}
      caption={say('tokens.list')}
      icon="lock"
      none={say('tokens.none')}
      limit={limit}
      columns={[
        {
          title: say('tokens.what'),
          main: true,
          cell: ({ kind, name }) => (
            <>
              {name === '' ? say(`tokens.${kind}`) : name}
              {name !== '' && <small>{say(`tokens.${kind}`)}</small>}
            </>
          ),
        },
        ...(nameOf === undefined ? [] : [{ title: say('tokens.whose'), cell: (token: Token) => nameOf(token.userId) }]),
        { title: say('tokens.made'), cell: ({ createdAt }) => <span class="number">{dateTime(createdAt)}</span> },
        {
          title: say('tokens.used'),
          cell: ({ lastUsedAt }) => (
            <span class="number">{lastUsedAt === undefined ? say('tokens.never') : dateTime(lastUsedAt)}</span>
          ),
        },
        {
          title: say('tokens.until'),
          cell: (token) =>
            over(token) ? (
              <Badge tone="plain">{say('tokens.over')}</Badge>
            ) : token.expiresAt === undefined ? (
              say('tokens.no-end')
            ) : (
              <span class="number">{dateTime(token.expiresAt)}</span>
            ),
        },
        {
          title: say('table.actions'),
          right: true,
          cell: (token) => (
            <RemoveButton
              name={token.name === '' ? say(`tokens.${token.kind}`) : token.name}
              remove="DELETE /tokens/{id}"
              path={{ id: token.id }}
              text={say('tokens.end-text')}
            />
          ),
        },
      ]}
    />
  );
}

/** Makes a token for a program; it is shown this once. */
export function MakeToken() {
  const making = useSignal(false);
  const made = useSignal<string | undefined>(undefined);
  const close = (): void => {
    making.value = false;
    made.value = undefined;
  };
  return (
    <>
      <Button
        kind="primary"
        icon="add"
        onClick={() => {
          making.value = true;
        }}
      >
        {say('tokens.make')}
      </Button>
      {making.value &&
        (made.value === undefined ? (
          <MakeDialog
            onClose={close}
            onMade={(token) => {
              made.value = token;
            }}
          />
        ) : (
          <ShownOnce token={made.value} onClose={close} />
        ))}
    </>
  );
}

function MakeDialog({ onClose, onMade }: { onClose: () => void; onMade: (token: string) => void }) {
  const form = useForm({ name: '', until: '' });
  const { name, until } = form.value;
  const send = async (): Promise<void> => {
    const expiresAt = until.trim() === '' ? undefined : readDateTime(until, '23:59');
    if (until.trim() !== '' && expiresAt === undefined) throw new Error(say('field.bad-time'));
    const { token } = await ask('POST /tokens', { body: { name, ...(expiresAt === undefined ? {} : { expiresAt }) } });
    onMade(token);
  };
  return (
    <Dialog title={say('tokens.make')} onClose={onClose}>
      <Form form={form} send={say('tokens.make')} onSend={send} onCancel={onClose}>
        <p class="lead">{say('tokens.make-text', { role: say(`role.${user.value?.role ?? 'viewer'}`) })}</p>
        <TextField
          label={say('tokens.name')}
          hint={say('tokens.name-hint')}
          required
          value={name}
          error={form.wrong('name')}
          onInput={(text) => form.set({ name: text })}
        />
        <DayField
          label={say('tokens.until')}
          hint={say('tokens.until-hint', { example: date(Date.now() + 365 * 86_400_000) })}
          value={until}
          error={form.wrong('expiresAt')}
          onInput={(text) => form.set({ until: text })}
        />
      </Form>
    </Dialog>
  );
}

function ShownOnce({ token, onClose }: { token: string; onClose: () => void }) {
  return (
    <Dialog title={say('tokens.made-title')} onClose={onClose}>
      <div class="form">
        <Notice kind="care">{say('tokens.once')}</Notice>
        <TextField label={say('tokens.token')} value={token} onInput={() => undefined} />
        <p class="hint">
          <span class="code">Authorization: Bearer …</span>
        </p>
        <div class="form-actions">
          {/* Browsers let a page copy only where it came by HTTPS or from this machine. */}
          {isSecureContext && (
            <Button
              kind="primary"
              icon="ok"
              onClick={async () => {
                await navigator.clipboard.writeText(token);
                toast(say('tokens.copied'));
              }}
            >
              {say('tokens.copy')}
            </Button>
          )}
          <Button onClick={onClose}>{say('action.close')}</Button>
        </div>
      </div>
    </Dialog>
  );
}
