import { useData } from '../../../client/data.ts';
import { ask } from '../../../client/http.ts';
import { Button } from '../../../parts/button.tsx';
import { SelectField, TextField } from '../../../parts/field.tsx';
import { Form, Group, useForm } from '../../../parts/form.tsx';
import { List } from '../../../parts/list.tsx';
import { Badge, Panel } from '../../../parts/page.tsx';
import { toast } from '../../../parts/toast.tsx';
import { dateTime } from '../../../words/format.ts';
import { say } from '../../../words/words.ts';

/** Times in which new devices of a site are let in by their MAC address: for a day of unpacking. */
export function Windows({ mayAct }: { mayAct: boolean }) {
  const found = useData('GET /provisioning/windows', {}, ['change:contact-window']);
  const devices = useData('GET /endpoints', { query: { limit: 200, sort: 'name' } });
  const sites = useData('GET /sites', { query: { limit: 200, sort: 'name' } });
  const form = useForm({ siteId: '', minutes: '60', most: '10' });
  const { value } = form;
  const nameOf = (items: readonly { id: string; name: string }[] | undefined, id: string | undefined): string =>
    items?.find((one) => one.id === id)?.name ?? '';
  return (
    <Panel title={say('windows.title')}>
      <p class="hint">{say('windows.text')}</p>
      <List
        found={found}
        caption={say('windows.title')}
        none={say('windows.none')}
        icon="unlock"
        columns={[
          {
            title: say('windows.whose'),
            main: true,
            cell: (one) => nameOf(sites.value?.items, one.siteId) || nameOf(devices.value?.items, one.endpointId),
          },
          {
            title: say('filter.state'),
            cell: ({ closesAt }) =>
              new Date(closesAt) > new Date() ? (
                <Badge tone="care">{say('windows.open-until', { at: dateTime(closesAt) })}</Badge>
              ) : (
                <Badge tone="plain">{say('windows.closed')}</Badge>
              ),
          },
          { title: say('windows.came'), cell: ({ used, most }) => `${used.length} / ${most}` },
          {
            title: say('table.actions'),
            right: true,
            cell: ({ id, closesAt }) =>
              mayAct &&
              new Date(closesAt) > new Date() && (
                <Button small icon="lock" onClick={() => ask('DELETE /provisioning/windows/{id}', { path: { id } })}>
                  {say('windows.close')}
                </Button>
              ),
          },
        ]}
      />
      {mayAct && (
        <Form
          form={form}
          send={say('windows.open')}
          onSend={async () => {
            const { siteId, minutes, most } = value;
            const body = { siteId, minutes: Number(minutes), most: Number(most) };
            await ask('POST /provisioning/windows', { body });
            toast(say('device-state.window-open', { minutes: body.minutes }));
          }}
        >
          <Group>
            <SelectField
              label={say('devices.site')}
              empty={say('field.choose')}
              required
              value={value.siteId}
              error={form.wrong('siteId') ?? form.wrong('endpointId')}
              onInput={(siteId) => form.set({ siteId })}
              choices={(sites.value?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))}
            />
            <TextField
              label={say('windows.minutes')}
              type="number"
              inputMode="numeric"
              value={value.minutes}
              error={form.wrong('minutes')}
              onInput={(minutes) => form.set({ minutes })}
            />
            <TextField
              label={say('windows.most')}
              type="number"
              inputMode="numeric"
              value={value.most}
              error={form.wrong('most')}
              onInput={(most) => form.set({ most })}
            />
          </Group>
        </Form>
      )}
    </Panel>
  );
}
