import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { useData } from '../../client/data.ts';
import { type Answer, addressOf, ask } from '../../client/http.ts';
import { Button, LinkButton } from '../../parts/button.tsx';
import { Clock } from '../../parts/clock.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { RemoveButton } from '../../parts/editor.tsx';
import { CheckField, TextField } from '../../parts/field.tsx';
import { Form, useForm } from '../../parts/form.tsx';
import { List } from '../../parts/list.tsx';
import { Notice, Waiting } from '../../parts/notice.tsx';
import { Badge, Facts, PageHead, Panel } from '../../parts/page.tsx';
import { toast } from '../../parts/toast.tsx';
import { bytes, dateTime, number } from '../../words/format.ts';
import { say } from '../../words/words.ts';
import { SystemTabs } from './tabs.tsx';

type State = Answer<'GET /backups'>;

const lookEveryMs = 5_000;

/** Everything in one file: made now, taken away to another place, and how it comes back. */
export default function Backups() {
  const found = useData('GET /backups', {}, ['event:backup', 'change:backup']);
  const asking = useSignal(false);
  const state = found.value;
  const running = state?.running;
  useEffect(() => {
    if (running === undefined) return;
    const timer = setInterval(found.reload, lookEveryMs);
    return () => clearInterval(timer);
  }, [running?.name]);
  const items = state?.items.map((item) => ({ ...item, id: item.name }));
  return (
    <>
      <PageHead
        title={say('backups.title')}
        about={say('backups.about')}
        actions={
          <Button
            kind="primary"
            icon="shield"
            disabled={state === undefined || running !== undefined}
            onClick={() => {
              asking.value = true;
            }}
          >
            {say('backups.now')}
          </Button>
        }
      />
      <SystemTabs current="/system/backups" />
      {state === undefined ? (
        <Waiting error={found.error} reload={found.reload} />
      ) : (
        <>
          {running !== undefined && (
            <Notice kind="info">
              {say('backups.running')} <Clock since={running.startedAt} />
            </Notice>
          )}
          <Last last={state.last} />
          <Panel title={say('backups.list')}>
            <p class="soft">{say('backups.folder', { folder: state.folder })}</p>
            <List
              found={{ value: { items: items ?? [] }, error: undefined, reload: found.reload }}
              caption={say('backups.list')}
              icon="shield"
              none={say('backups.none')}
              columns={[
                { title: say('backups.name'), main: true, cell: ({ name }) => <span class="code">{name}</span> },
                { title: say('backups.made-at'), cell: ({ madeAt }) => <span class="number">{dateTime(madeAt)}</span> },
                { title: say('recordings.size'), right: true, cell: (one) => bytes(one.bytes) },
                { title: say('backups.keys'), cell: ({ keys }) => say(keys ? 'backups.with-keys' : 'backups.no-keys') },
                {
                  title: say('table.actions'),
                  right: true,
                  cell: ({ name }) => (
                    <div class="row-actions">
                      <LinkButton
                        small
                        download
                        icon="download"
                        href={addressOf('GET /backups/{name}', { path: { name } })}
                      >
                        {say('recordings.download')}
                      </LinkButton>
                      <RemoveButton name={name} remove="DELETE /backups/{name}" path={{ name }} />
                    </div>
                  ),
                },
              ]}
            />
          </Panel>
          <Panel title={say('backups.restore')}>
            <ol class="numbered">
              {(['stop', 'empty', 'run', 'start'] as const).map((step) => (
                <li key={step}>{say(`backups.restore.${step}`)}</li>
              ))}
            </ol>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reached by the keyboard */}
            <pre class="preview" tabIndex={0}>
              {'BACKUP_PASSPHRASE=… npm run restore -- '}
              {state.items[0]?.name ?? 'diemcau-….zip'}
            </pre>
          </Panel>
        </>
      )}
      {asking.value && (
        <NowDialog
          onBegun={found.reload}
          onClose={() => {
            asking.value = false;
          }}
        />
      )}
    </>
  );
}

/** How the last one went, in full: a back-up that nobody looks at is none. */
function Last({ last }: { last: State['last'] }) {
  if (last === undefined) return <Notice kind="care">{say('backups.never')}</Notice>;
  const { damaged = [] } = last;
  const good = last.state === 'made' && damaged.length === 0;
  return (
    <Panel title={say('backups.last')} tone={good ? 'plain' : 'care'}>
      <Facts
        items={[
          [
            say('backups.result'),
            <Badge tone={good ? 'good' : 'bad'}>
              {say(good ? 'backups.made' : `backups.${last.state}-not-whole`)}
            </Badge>,
          ],
          [say('backups.made-at'), dateTime(last.at)],
          [say('backups.by'), last.by],
          [say('recordings.size'), last.bytes === undefined ? undefined : bytes(last.bytes)],
          [say('backups.files'), last.files === undefined ? undefined : number(last.files)],
          [say('backups.documents'), last.documents === undefined ? undefined : number(last.documents)],
        ]}
      />
      {last.error !== undefined && <Notice kind="bad">{last.error}</Notice>}
      {last.oneMoment === false && <Notice kind="info">{say('backups.not-one-moment')}</Notice>}
      {damaged.length > 0 && (
        <Notice kind="bad">
          {say('backups.damaged')} <span class="code">{damaged.join(', ')}</span>
        </Notice>
      )}
    </Panel>
  );
}

function NowDialog({ onBegun, onClose }: { onBegun: () => void; onClose: () => void }) {
  const form = useForm({ recordings: true, withKeys: false, passphrase: '' });
  const { passphrase, recordings, withKeys } = form.value;
  return (
    <Dialog title={say('backups.now')} onClose={onClose}>
      <Form
        form={form}
        send={say('backups.begin')}
        onCancel={onClose}
        onSend={async () => {
          await ask('POST /backups', { body: { recordings, ...(withKeys ? { passphrase } : {}) } });
          toast(say('backups.begun'));
          onBegun();
          onClose();
        }}
      >
        <p class="lead">{say('backups.now-text')}</p>
        <CheckField
          label={say('backups.recordings')}
          hint={say('backups.recordings-hint')}
          value={recordings}
          onInput={(on) => form.set({ recordings: on })}
        />
        <CheckField
          label={say('backups.put-keys')}
          hint={say('backups.put-keys-hint')}
          value={withKeys}
          onInput={(on) => form.set({ withKeys: on })}
        />
        {withKeys && (
          <TextField
            label={say('backups.passphrase')}
            hint={say('backups.passphrase-hint')}
            type="password"
            autocomplete="new-password"
            required
            value={passphrase}
            error={form.wrong('passphrase')}
            onInput={(text) => form.set({ passphrase: text })}
          />
        )}
      </Form>
    </Dialog>
  );
}
