import { ask, type Item } from '../../client/http.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { orNothing, orNull } from '../../parts/editor.tsx';
import { CheckField, SelectField, TextArea, TextField } from '../../parts/field.tsx';
import { Form, Group, useForm } from '../../parts/form.tsx';
import { toast } from '../../parts/toast.tsx';
import { say } from '../../words/words.ts';

type Site = Item<'GET /sites'>;
type Uplink = NonNullable<Site['uplink']>;

/** A site, and how its far room is reached. */
export function SiteDialog({ site, onClose }: { site: Site | undefined; onClose: () => void }) {
  const line = site?.uplink;
  const form = useForm({
    name: site?.name ?? '',
    kind: site?.kind ?? ('commune' as Site['kind']),
    note: site?.note ?? '',
    far: line !== undefined,
    protocol: line?.protocol ?? ('sip' as Uplink['protocol']),
    address: line?.address ?? '',
    menuCode: line?.menuCode ?? '',
    maxCalls: line?.maxCalls === undefined ? '' : String(line.maxCalls),
    join: line?.join ?? ('cascade' as Uplink['join']),
    username: line?.username ?? '',
    secret: '',
    gatekeeper: line?.gatekeeper?.host ?? '',
  });
  const { value } = form;
  const uplink = () => ({
    protocol: value.protocol,
    address: value.address,
    join: value.join,
    menuCode: orNothing(value.menuCode),
    ...(value.maxCalls.trim() === '' ? {} : { maxCalls: Number(value.maxCalls) }),
    username: orNothing(value.username),
    ...(value.secret === '' ? {} : { secret: value.secret }),
    ...(value.gatekeeper.trim() === '' || value.protocol !== 'h323'
      ? {}
      : { gatekeeper: { ...line?.gatekeeper, host: value.gatekeeper.trim() } }),
  });
  const send = async (): Promise<void> => {
    const fields = { name: value.name, kind: value.kind };
    if (site === undefined) {
      const note = orNothing(value.note);
      await ask('POST /sites', {
        body: { ...fields, ...(note === undefined ? {} : { note }), ...(value.far ? { uplink: uplink() } : {}) },
      });
    } else {
      await ask('PATCH /sites/{id}', {
        path: { id: site.id },
        body: { ...fields, note: orNull(value.note), uplink: value.far ? uplink() : null },
      });
    }
    toast(say('action.saved'));
    onClose();
  };
  return (
    <Dialog title={site?.name ?? say('lines.add-site')} onClose={onClose} wide>
      <Form form={form} send={say('action.save')} onSend={send} onCancel={onClose}>
        <Group>
          <TextField
            label={say('lines.site')}
            required
            value={value.name}
            error={form.wrong('name')}
            onInput={(name) => form.set({ name })}
          />
          <SelectField
            label={say('lines.level')}
            value={value.kind}
            onInput={(kind) => form.set({ kind: kind as Site['kind'] })}
            choices={(['commune', 'province', 'central', 'other'] as const).map((kind) => ({
              value: kind,
              label: say(`site.${kind}`),
            }))}
          />
          <TextArea
            label={say('field.note')}
            rows={2}
            value={value.note}
            error={form.wrong('note')}
            onInput={(note) => form.set({ note })}
          />
          <CheckField
            label={say('uplink.has')}
            hint={say('uplink.has-hint')}
            value={value.far}
            onInput={(far) => form.set({ far })}
          />
        </Group>
        {value.far && (
          <Group title={say('lines.uplink')}>
            <SelectField
              label={say('uplink.protocol')}
              value={value.protocol}
              onInput={(protocol) => form.set({ protocol: protocol as Uplink['protocol'] })}
              choices={[
                { value: 'sip', label: 'SIP' },
                { value: 'h323', label: 'H.323' },
              ]}
            />
            <TextField
              label={say('uplink.address')}
              hint={say(value.protocol === 'sip' ? 'uplink.address-sip' : 'uplink.address-h323')}
              required
              value={value.address}
              error={form.wrong('uplink.address')}
              onInput={(address) => form.set({ address })}
            />
            <TextField
              label={say('uplink.menu-code')}
              hint={say('uplink.menu-code-hint')}
              value={value.menuCode}
              error={form.wrong('uplink.menuCode')}
              onInput={(menuCode) => form.set({ menuCode })}
            />
            <SelectField
              label={say('uplink.join')}
              value={value.join}
              onInput={(join) => form.set({ join: join as Uplink['join'] })}
              choices={[
                { value: 'cascade', label: say('uplink.cascade') },
                { value: 'bridge', label: say('uplink.bridge') },
              ]}
            />
            <TextField
              label={say('uplink.max-calls')}
              hint={say('uplink.max-calls-hint')}
              inputMode="numeric"
              value={value.maxCalls}
              error={form.wrong('uplink.maxCalls')}
              onInput={(maxCalls) => form.set({ maxCalls })}
            />
            {value.protocol === 'h323' && (
              <TextField
                label={say('uplink.gatekeeper')}
                hint={say('uplink.gatekeeper-hint')}
                value={value.gatekeeper}
                error={form.wrong('uplink.gatekeeper') ?? form.wrong('uplink.gatekeeper.host')}
                onInput={(gatekeeper) => form.set({ gatekeeper })}
              />
            )}
            <TextField
              label={say('login.username')}
              value={value.username}
              error={form.wrong('uplink.username')}
              onInput={(username) => form.set({ username })}
            />
            <TextField
              label={say('login.password')}
              hint={line?.hasSecret === true ? say('secret.kept') : undefined}
              type="password"
              autocomplete="new-password"
              value={value.secret}
              error={form.wrong('uplink.secret')}
              onInput={(secret) => form.set({ secret })}
            />
          </Group>
        )}
      </Form>
    </Dialog>
  );
}
