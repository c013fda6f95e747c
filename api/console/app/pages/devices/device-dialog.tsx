import { ask } from '../../client/http.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { orNull } from '../../parts/editor.tsx';
import { CheckField, SelectField, TextField } from '../../parts/field.tsx';
import { Form, Group, useForm } from '../../parts/form.tsx';
import { toast } from '../../parts/toast.tsx';
import { say } from '../../words/words.ts';
import type { Device } from './devices.tsx';

const kinds = ['sip', 'h323', 'sip-address', 'h323-address'] as const;

/** A device of an office. */
export function DeviceDialog({
  device,
  sites,
  onClose,
}: {
  device: Device | undefined;
  sites: { id: string; name: string }[];
  onClose: () => void;
}) {
  const form = useForm({
    name: device?.name ?? '',
    kind: device?.kind ?? ('sip' as Device['kind']),
    siteId: device?.siteId ?? '',
    number: device?.number ?? '',
    username: device?.username ?? '',
    secret: '',
    address: device?.address ?? '',
    srtp: device?.srtp ?? ('preferred' as Device['srtp']),
    enabled: device?.enabled ?? true,
  });
  const { value } = form;
  const registers = value.kind === 'sip' || value.kind === 'h323';
  const send = async (): Promise<void> => {
    const { name, kind, srtp, enabled, secret, siteId, number, username, address } = value;
    const own = { name, kind, srtp, enabled, ...(secret === '' ? {} : { secret }) };
    if (device === undefined) {
      const given = Object.entries({ siteId, number, username, address }).filter(([, text]) => text.trim() !== '');
      await ask('POST /endpoints', { body: { ...own, ...Object.fromEntries(given) } });
    } else {
      await ask('PATCH /endpoints/{id}', {
        path: { id: device.id },
        body: {
          ...own,
          siteId: orNull(siteId),
          number: orNull(number),
          username: orNull(username),
          address: orNull(address),
        },
      });
    }
    toast(say('action.saved'));
    onClose();
  };
  return (
    <Dialog title={device?.name ?? say('devices.add')} onClose={onClose} wide>
      <Form form={form} send={say('action.save')} onSend={send} onCancel={onClose}>
        <Group>
          <TextField
            label={say('devices.device')}
            hint={say('devices.name-hint')}
            required
            value={value.name}
            error={form.wrong('name')}
            onInput={(name) => form.set({ name })}
          />
          <SelectField
            label={say('devices.kind')}
            hint={say(`devices.hint.${value.kind}`)}
            value={value.kind}
            onInput={(kind) => form.set({ kind: kind as Device['kind'] })}
            choices={kinds.map((kind) => ({ value: kind, label: say(`devices.kind.${kind}`) }))}
          />
          <SelectField
            label={say('devices.site')}
            empty={say('field.none')}
            value={value.siteId}
            error={form.wrong('siteId')}
            onInput={(siteId) => form.set({ siteId })}
            choices={sites.map(({ id, name }) => ({ value: id, label: name }))}
          />
          <TextField
            label={say('devices.number')}
            hint={say('devices.number-hint')}
            inputMode="numeric"
            value={value.number}
            error={form.wrong('number')}
            onInput={(number) => form.set({ number })}
          />
          {registers && (
            <>
              <TextField
                label={value.kind === 'h323' ? say('devices.h323-id') : say('login.username')}
                required
                value={value.username}
                error={form.wrong('username')}
                onInput={(username) => form.set({ username })}
              />
              <TextField
                label={say('login.password')}
                hint={device?.hasSecret === true ? say('secret.kept') : undefined}
                type="password"
                autocomplete="new-password"
                value={value.secret}
                error={form.wrong('secret')}
                onInput={(secret) => form.set({ secret })}
              />
            </>
          )}
          {value.kind !== 'sip' && (
            <TextField
              label={say('devices.address')}
              hint={say(value.kind === 'h323' ? 'devices.address-range' : 'devices.address-hint')}
              required={!registers}
              value={value.address}
              error={form.wrong('address')}
              onInput={(address) => form.set({ address })}
            />
          )}
          {value.kind.startsWith('sip') && (
            <SelectField
              label={say('devices.srtp')}
              value={value.srtp}
              onInput={(srtp) => form.set({ srtp: srtp as Device['srtp'] })}
              choices={(['preferred', 'required', 'off'] as const).map((srtp) => ({
                value: srtp,
                label: say(`srtp.${srtp}`),
              }))}
            />
          )}
          <CheckField
            label={say('devices.enabled')}
            value={value.enabled}
            onInput={(enabled) => form.set({ enabled })}
          />
        </Group>
      </Form>
    </Dialog>
  );
}
