import { useSignal } from '@preact/signals';
import { useData } from '../../../client/data.ts';
import { sendFile } from '../../../client/files.ts';
import { ask, type Item } from '../../../client/http.ts';
import { Button } from '../../../parts/button.tsx';
import { confirm } from '../../../parts/confirm.tsx';
import { TextField } from '../../../parts/field.tsx';
import { Icon } from '../../../parts/icon.tsx';
import { List } from '../../../parts/list.tsx';
import { Badge, Panel, type Tone } from '../../../parts/page.tsx';
import { toast, toastError } from '../../../parts/toast.tsx';
import { bytes } from '../../../words/format.ts';
import { say } from '../../../words/words.ts';

type File_ = Item<'GET /provisioning/firmware'>;

const tones: Record<File_['state'], Tone> = { good: 'good', altered: 'bad', unlisted: 'care', missing: 'bad' };

/** Firmware files that devices may fetch: only those are given out that are what their vendor published. */
export function Firmware({ mayAct }: { mayAct: boolean }) {
  const found = useData('GET /provisioning/firmware', {}, ['change:firmware']);
  const published = useSignal('');
  const busy = useSignal(false);
  const upload = async (file: File | undefined): Promise<void> => {
    if (file === undefined) return;
    busy.value = true;
    try {
      const sha256 = published.value.trim();
      await sendFile('POST /provisioning/firmware', { query: sha256 === '' ? {} : { sha256 } }, file);
      published.value = '';
      toast(say('firmware.kept'));
    } catch (error) {
      toastError(error);
    } finally {
      busy.value = false;
    }
  };
  const files = found.value && { ...found.value, items: found.value.items.map((one) => ({ ...one, id: one.name })) };
  return (
    <Panel title={say('firmware.title')}>
      <p class="hint">{say('firmware.text')}</p>
      <List
        found={{ ...found, value: files }}
        caption={say('firmware.title')}
        none={say('firmware.none')}
        icon="download"
        columns={[
          {
            title: say('firmware.file'),
            main: true,
            cell: ({ name, size }) => (
              <>
                {name}
                <small>{bytes(size)}</small>
              </>
            ),
          },
          {
            title: say('filter.state'),
            cell: ({ state }) => <Badge tone={tones[state]}>{say(`firmware.${state}`)}</Badge>,
          },
          { title: 'SHA-256', cell: ({ sha256 }) => <span class="code hash">{sha256}</span> },
          { title: say('firmware.path'), cell: ({ path }) => <span class="code">{path}</span> },
          {
            title: say('table.actions'),
            right: true,
            cell: ({ name }) =>
              mayAct && (
                <Button small iconOnly kind="danger" icon="remove" onClick={() => remove(name)}>
                  {say('remove.of', { name })}
                </Button>
              ),
          },
        ]}
      />
      {mayAct && (
        <div class="with-button setting-add">
          <TextField
            label={say('firmware.published')}
            hint={say('firmware.published-hint')}
            value={published.value}
            onInput={(text) => {
              published.value = text;
            }}
          />
          <label class="upload">
            <input
              type="file"
              disabled={busy.value}
              onChange={(event) => {
                void upload(event.currentTarget.files?.[0]);
                event.currentTarget.value = '';
              }}
            />
            <span class="button button-secondary">
              <Icon name="upload" />
              {busy.value ? say('files.uploading') : say('firmware.upload')}
            </span>
          </label>
        </div>
      )}
    </Panel>
  );
}

function remove(name: string): void {
  confirm({
    title: say('remove.title'),
    text: say('remove.text', { name }),
    deed: say('action.remove'),
    danger: true,
    act: async () => {
      await ask('DELETE /provisioning/firmware/{name}', { path: { name } });
      toast(say('action.removed'));
    },
  });
}
