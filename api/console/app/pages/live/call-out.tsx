import { useData } from '../../client/data.ts';
import { ask } from '../../client/http.ts';
import type { Session } from '../../client/live.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { SelectField, TextField } from '../../parts/field.tsx';
import { Form, useForm } from '../../parts/form.tsx';
import { toast } from '../../parts/toast.tsx';
import { say } from '../../words/words.ts';

/** Calls somebody more into the session: a device, a far room, a telephone. */
export function CallOutDialog({ session, onClose }: { session: Session; onClose: () => void }) {
  const devices = useData('GET /endpoints', { query: { enabled: 'true', limit: 200 } }, ['change:endpoint']);
  const sites = useData('GET /sites', { query: { limit: 200 } }, ['change:site']);
  const form = useForm({ kind: 'endpoint', endpointId: '', siteId: '', number: '', name: '' });
  const { kind, endpointId, siteId, number, name } = form.value;
  const who = () => {
    if (kind === 'endpoint') return { kind: 'endpoint' as const, endpointId };
    if (kind === 'uplink') return { kind: 'uplink' as const, siteId };
    return { kind: 'phone' as const, number: number.replace(/[ .]/g, ''), ...(name === '' ? {} : { name }) };
  };
  return (
    <Dialog title={say('call.title')} onClose={onClose}>
      <Form
        form={form}
        send={say('call.send')}
        onCancel={onClose}
        onSend={async () => {
          await ask('POST /sessions/{id}/calls', { path: { id: session.id }, body: who() });
          toast(say('call.started'));
          onClose();
        }}
      >
        <SelectField
          label={say('call.whom')}
          value={kind}
          onInput={(value) => form.set({ kind: value })}
          choices={(['endpoint', 'uplink', 'phone'] as const).map((value) => ({ value, label: say(`call.${value}`) }))}
        />
        {kind === 'endpoint' && (
          <SelectField
            label={say('call.endpoint')}
            empty={say('field.choose')}
            value={endpointId}
            error={form.wrong('endpointId')}
            onInput={(value) => form.set({ endpointId: value })}
            choices={(devices.value?.items ?? []).map((device) => ({ value: device.id, label: device.name }))}
          />
        )}
        {kind === 'uplink' && (
          <SelectField
            label={say('call.uplink')}
            empty={say('field.choose')}
            value={siteId}
            error={form.wrong('siteId')}
            onInput={(value) => form.set({ siteId: value })}
            choices={(sites.value?.items ?? [])
              .filter(({ uplink }) => uplink !== undefined)
              .map((site) => ({ value: site.id, label: site.name }))}
          />
        )}
        {kind === 'phone' && (
          <>
            <TextField
              label={say('call.number')}
              inputMode="tel"
              value={number}
              error={form.wrong('number')}
              onInput={(value) => form.set({ number: value })}
            />
            <TextField
              label={say('call.name')}
              value={name}
              error={form.wrong('name')}
              onInput={(value) => form.set({ name: value })}
            />
          </>
        )}
      </Form>
    </Dialog>
  );
}
