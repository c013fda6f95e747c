import { useSignal } from '@preact/signals';
import { useData } from '../../client/data.ts';
import { type Answer, ask } from '../../client/http.ts';
import { Button, LinkButton } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { SelectField, TextField } from '../../parts/field.tsx';
import { Form, Group, useForm } from '../../parts/form.tsx';
import { Notice } from '../../parts/notice.tsx';
import { toast } from '../../parts/toast.tsx';
import { say, sayOf } from '../../words/words.ts';
import { DeviceState } from './device-state.tsx';
import type { Device } from './devices.tsx';
import { Files, NotCarried } from './settings/changes.tsx';
import { SheetPrint } from './sheet.tsx';

const bareMac = (text: string): string => text.replace(/[^0-9a-f]/gi, '').toLowerCase();

/** The hardware behind a device: model and address; what it is set to; telling it to fetch that. */
export function ProvisioningDialog({ device, onClose }: { device: Device; onClose: () => void }) {
  const models = useData('GET /provisioning/models', {});
  const form = useForm({ model: device.device?.model ?? '', mac: device.device?.mac ?? '' });
  const preview = useSignal<Answer<'POST /provisioning/preview'> | undefined>(undefined);
  const outcome = useSignal<Answer<'POST /endpoints/{id}/device/sync'> | undefined>(undefined);
  const { model, mac } = form.value;
  return (
    <Dialog title={say('provisioning.title', { name: device.name })} onClose={onClose} wide>
      <Form
        form={form}
        send={say('action.save')}
        onCancel={onClose}
        onSend={async () => {
          const hardware = { ...device.device, model, mac: bareMac(mac) };
          await ask('PATCH /endpoints/{id}', {
            path: { id: device.id },
            body: { device: model === '' ? null : hardware },
          });
          toast(say('action.saved'));
        }}
      >
        <Group>
          <SelectField
            label={say('provisioning.model')}
            hint={say('provisioning.model-hint')}
            empty={say('field.choose')}
            value={model}
            error={form.wrong('device.model') ?? form.wrong('model')}
            onInput={(value) => form.set({ model: value })}
            choices={(models.value?.items ?? []).map((one) => ({
              value: one.model,
              label: `${one.vendor} ${one.model}`,
            }))}
          />
          <TextField
            label={say('provisioning.mac')}
            hint={say('provisioning.mac-hint')}
            value={mac}
            error={form.wrong('device.mac') ?? form.wrong('mac')}
            onInput={(value) => form.set({ mac: value })}
          />
        </Group>
        <div class="row-actions">
          <Button
            icon="search"
            disabled={model === '' || bareMac(mac).length !== 12}
            onClick={async () => {
              preview.value = await ask('POST /provisioning/preview', {
                body: { endpointId: device.id, model, mac: bareMac(mac) },
              });
            }}
          >
            {say('provisioning.preview')}
          </Button>
          <Button
            icon="refresh"
            onClick={async () => {
              outcome.value = await ask('POST /endpoints/{id}/device/sync', { path: { id: device.id } });
            }}
          >
            {say('provisioning.sync')}
          </Button>
          {device.device !== undefined && (
            <LinkButton icon="edit" href={`/devices/settings/device/${device.id}`}>
              {say('settings.open')}
            </LinkButton>
          )}
        </div>
        {outcome.value !== undefined && (
          <Notice kind={outcome.value.result === 'accepted' ? 'good' : 'care'}>
            {sayOf('sync', outcome.value.result, outcome.value.result)}
          </Notice>
        )}
        {preview.value !== undefined && <Preview answer={preview.value} />}
      </Form>
      {device.device !== undefined && <DeviceState id={device.id} />}
      <SheetPrint device={device} />
    </Dialog>
  );
}

function Preview({ answer }: { answer: Answer<'POST /provisioning/preview'> }) {
  return (
    <section aria-label={say('provisioning.preview')}>
      <Files files={answer.files} />
      <NotCarried names={answer.notCarried} />
    </section>
  );
}
