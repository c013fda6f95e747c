import { useSignal } from '@preact/signals';
import { useData } from '../../client/data.ts';
import { ask, type Item } from '../../client/http.ts';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { SelectField, TextField } from '../../parts/field.tsx';
import { Form, Group, useForm } from '../../parts/form.tsx';
import { Panel } from '../../parts/page.tsx';
import { Table } from '../../parts/table.tsx';
import { toast } from '../../parts/toast.tsx';
import { dateTime } from '../../words/format.ts';
import { say } from '../../words/words.ts';

type Unknown = Item<'GET /discovered'>;

/** What speaks on the network and is not known: entered as a device, or put aside. */
export function Discovered({ sites }: { sites: { id: string; name: string }[] }) {
  const found = useData('GET /discovered', { query: { dismissed: 'false', limit: 50, sort: '-lastAt' } }, [
    'change:endpoint',
    'change:discovered',
    'discovered',
    'registration',
  ]);
  const adopting = useSignal<Unknown | undefined>(undefined);
  if (found.value === undefined || found.value.items.length === 0) return null;
  return (
    <Panel title={say('discovered.title', { count: found.value.total })} tone="care">
      <Table
        caption={say('discovered.title', { count: found.value.total })}
        items={found.value.items}
        keyOf={({ id }) => id}
        columns={[
          {
            title: say('discovered.what'),
            main: true,
            cell: (one) => (
              <>
                {[one.vendor, one.model].filter(Boolean).join(' ') || one.name || say('discovered.unknown')}
                <small>{one.userAgent ?? one.mac}</small>
              </>
            ),
          },
          { title: say('discovered.from'), cell: ({ source }) => <span class="code">{source}</span> },
          { title: say('discovered.seen'), cell: ({ seen }) => say(`seen.${seen}`) },
          { title: say('discovered.last'), cell: ({ lastAt }) => <span class="number">{dateTime(lastAt)}</span> },
          {
            title: say('table.actions'),
            right: true,
            cell: (one) => (
              <div class="row-actions">
                <Button
                  small
                  kind="primary"
                  icon="add"
                  onClick={() => {
                    adopting.value = one;
                  }}
                >
                  {say('discovered.adopt')}
                </Button>
                <Button
                  small
                  onClick={async () => {
                    await ask('DELETE /discovered/{id}', { path: { id: one.id } });
                    found.reload();
                  }}
                >
                  {say('discovered.dismiss')}
                </Button>
              </div>
            ),
          },
        ]}
      />
      {adopting.value !== undefined && (
        <AdoptDialog
          one={adopting.value}
          sites={sites}
          onClose={() => {
            adopting.value = undefined;
            found.reload();
          }}
        />
      )}
    </Panel>
  );
}

function AdoptDialog({
  one,
  sites,
  onClose,
}: {
  one: Unknown;
  sites: { id: string; name: string }[];
  onClose: () => void;
}) {
  const form = useForm({
    name: '',
    siteId: '',
    number: '',
    username: one.seen === 'file' ? '' : (one.name ?? ''),
    secret: '',
  });
  const { value } = form;
  return (
    <Dialog title={say('discovered.adopt')} onClose={onClose}>
      <Form
        form={form}
        send={say('discovered.adopt')}
        onCancel={onClose}
        onSend={async () => {
          const { name, ...rest } = value;
          const given = Object.fromEntries(Object.entries(rest).filter(([, text]) => text.trim() !== ''));
          await ask('POST /discovered/{id}/adopt', { path: { id: one.id }, body: { name, ...given } });
          toast(say('action.saved'));
          onClose();
        }}
      >
        <Group>
          <TextField
            label={say('devices.device')}
            required
            value={value.name}
            error={form.wrong('name')}
            onInput={(name) => form.set({ name })}
          />
          <SelectField
            label={say('devices.site')}
            empty={say('field.none')}
            value={value.siteId}
            onInput={(siteId) => form.set({ siteId })}
            choices={sites.map(({ id, name }) => ({ value: id, label: name }))}
          />
          <TextField
            label={say('devices.number')}
            inputMode="numeric"
            value={value.number}
            error={form.wrong('number')}
            onInput={(number) => form.set({ number })}
          />
          <TextField
            label={say('login.username')}
            value={value.username}
            error={form.wrong('username')}
            onInput={(username) => form.set({ username })}
          />
          <TextField
            label={say('login.password')}
            type="password"
            autocomplete="new-password"
            value={value.secret}
            error={form.wrong('secret')}
            onInput={(secret) => form.set({ secret })}
          />
        </Group>
      </Form>
    </Dialog>
  );
}
