import { ask, type Item } from '../../client/http.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { orNull } from '../../parts/editor.tsx';
import { CheckField, SelectField, TextField } from '../../parts/field.tsx';
import { Form, Group, useForm } from '../../parts/form.tsx';
import { toast } from '../../parts/toast.tsx';
import { say } from '../../words/words.ts';

type Trunk = Item<'GET /trunks'>;

/** A telephone operator's line. */
export function TrunkDialog({ trunk, onClose }: { trunk: Trunk | undefined; onClose: () => void }) {
  const form = useForm({
    name: trunk?.name ?? '',
    host: trunk?.host ?? '',
    addresses: (trunk?.addresses ?? []).join(', '),
    transport: trunk?.transport ?? ('udp' as Trunk['transport']),
    register: trunk?.register ?? false,
    username: trunk?.username ?? '',
    secret: '',
    callerId: trunk?.callerId ?? '',
    maxCalls: String(trunk?.maxCalls ?? 30),
    enabled: trunk?.enabled ?? true,
  });
  const { value } = form;
  const send = async (): Promise<void> => {
    const { username, callerId, secret, addresses, maxCalls, ...rest } = value;
    const list = addresses.split(/[\s,;]+/).filter((one) => one !== '');
    const own = { ...rest, addresses: list, maxCalls: Number(maxCalls) };
    const kept = secret === '' ? {} : { secret };
    if (trunk === undefined) {
      const given = Object.fromEntries(Object.entries({ username, callerId }).filter(([, text]) => text.trim() !== ''));
      await ask('POST /trunks', { body: { ...own, ...given, ...kept } });
    } else {
      const changed = { username: orNull(username), callerId: orNull(callerId) };
      await ask('PATCH /trunks/{id}', { path: { id: trunk.id }, body: { ...own, ...changed, ...kept } });
    }
    toast(say('action.saved'));
    onClose();
  };
  return (
    <Dialog title={trunk?.name ?? say('lines.add-trunk')} onClose={onClose} wide>
      <Form form={form} send={say('action.save')} onSend={send} onCancel={onClose}>
        <Group>
          <TextField
            label={say('lines.trunk')}
            required
            value={value.name}
            error={form.wrong('name')}
            onInput={(name) => form.set({ name })}
          />
          <TextField
            label={say('lines.host')}
            hint={say('trunk.host-hint')}
            required
            value={value.host}
            error={form.wrong('host')}
            onInput={(host) => form.set({ host })}
          />
          <TextField
            label={say('trunk.addresses')}
            hint={say('trunk.addresses-hint')}
            value={value.addresses}
            error={form.wrong('addresses') ?? form.wrong('addresses.0') ?? form.wrong('addresses.1')}
            onInput={(addresses) => form.set({ addresses })}
          />
          <TextField
            label={say('trunk.caller-id')}
            value={value.callerId}
            error={form.wrong('callerId')}
            onInput={(callerId) => form.set({ callerId })}
          />
          <SelectField
            label={say('trunk.transport')}
            value={value.transport}
            onInput={(transport) => form.set({ transport: transport as Trunk['transport'] })}
            choices={[
              { value: 'udp', label: 'UDP' },
              { value: 'tcp', label: 'TCP' },
              { value: 'tls', label: 'TLS' },
            ]}
          />
          <TextField
            label={say('trunk.max-calls')}
            inputMode="numeric"
            value={value.maxCalls}
            error={form.wrong('maxCalls')}
            onInput={(maxCalls) => form.set({ maxCalls })}
          />
          <CheckField
            label={say('trunk.register')}
            value={value.register}
            onInput={(register) => form.set({ register })}
          />
          <TextField
            label={say('login.username')}
            value={value.username}
            error={form.wrong('username')}
            onInput={(username) => form.set({ username })}
          />
          <TextField
            label={say('login.password')}
            hint={trunk?.hasSecret === true ? say('secret.kept') : undefined}
            type="password"
            autocomplete="new-password"
            value={value.secret}
            error={form.wrong('secret')}
            onInput={(secret) => form.set({ secret })}
          />
          <CheckField label={say('trunk.enabled')} value={value.enabled} onInput={(enabled) => form.set({ enabled })} />
        </Group>
      </Form>
    </Dialog>
  );
}
