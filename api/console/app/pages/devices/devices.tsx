import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { withoutMarks } from '../../../../../platform/search.ts';
import { useData } from '../../client/data.ts';
import { type Item, user } from '../../client/http.ts';
import { Button, LinkButton } from '../../parts/button.tsx';
import { RowActions } from '../../parts/editor.tsx';
import { SelectField, TextField } from '../../parts/field.tsx';
import { Nothing, nothing } from '../../parts/none.tsx';
import { Waiting } from '../../parts/notice.tsx';
import { Badge, PageHead, Panel } from '../../parts/page.tsx';
import { Table } from '../../parts/table.tsx';
import { queryOf } from '../../shell/route.ts';
import { say } from '../../words/words.ts';
import { mayAs } from '../pages.ts';
import { DeviceDialog } from './device-dialog.tsx';
import { Discovered } from './discovered.tsx';
import { ImportDialog } from './import.tsx';
import { LabelsDialog } from './labels.tsx';
import { ProvisioningDialog } from './provisioning.tsx';

export type Device = Item<'GET /endpoints'>;

/** The devices of the offices: who is there, with which number, and how each is set up. */
export default function Devices() {
  const mayAct = mayAs(user.value?.role ?? 'viewer', 'admin');
  const devices = useData('GET /endpoints', { query: { limit: 200, sort: 'name' } }, ['change:endpoint']);
  const sites = useData('GET /sites', { query: { limit: 200, sort: 'name' } }, ['change:site']);
  const registrations = useData('GET /registrations', { query: { limit: 200 } }, ['registration']);
  const editing = useSignal<Device | 'new' | undefined>(undefined);
  const setting = useSignal<Device | undefined>(undefined);
  const importing = useSignal(false);
  const labelling = useSignal(false);
  // A label's QR code leads to one device.
  const labelled = queryOf('device');
  const led = useSignal('');
  const found = devices.value?.items.find(({ id }) => id === labelled);
  useEffect(() => {
    if (found === undefined || led.value === labelled) return;
    led.value = labelled;
    setting.value = found;
  }, [found?.id]);
  const words = useSignal('');
  const site = useSignal('');
  const there = new Map((registrations.value?.items ?? []).map((one) => [one.endpointId, one]));
  const siteName = (id: string | undefined): string => sites.value?.items.find((one) => one.id === id)?.name ?? '';
  const shown = (devices.value?.items ?? []).filter(
    (one) =>
      (site.value === '' || one.siteId === site.value) &&
      withoutMarks([one.name, one.number, one.username, siteName(one.siteId)].join(' ')).includes(
        withoutMarks(words.value),
      ),
  );
  return (
    <>
      <PageHead
        title={say('devices.title')}
        about={say('devices.about')}
        actions={
          mayAct && (
            <>
              <LinkButton icon="system" href="/devices/setup">
                {say('setup.title')}
              </LinkButton>
              <Button
                icon="download"
                onClick={() => {
                  labelling.value = true;
                }}
              >
                {say('labels.open')}
              </Button>
              <Button
                icon="upload"
                onClick={() => {
                  importing.value = true;
                }}
              >
                {say('import.open')}
              </Button>
              <Button
                kind="primary"
                icon="add"
                onClick={() => {
                  editing.value = 'new';
                }}
              >
                {say('devices.add')}
              </Button>
            </>
          )
        }
      />
      {mayAct && <Discovered sites={sites.value?.items ?? []} />}
      <div class="filters">
        <TextField
          label={say('filter.words')}
          type="search"
          value={words.value}
          onInput={(text) => {
            words.value = text;
          }}
        />
        <SelectField
          label={say('devices.site')}
          empty={say('filter.all')}
          value={site.value}
          onInput={(id) => {
            site.value = id;
          }}
          choices={(sites.value?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))}
        />
      </div>
      <Panel title={say('devices.list')}>
        {devices.value === undefined ? (
          <Waiting error={devices.error} reload={devices.reload} />
        ) : shown.length === 0 ? (
          <Nothing
            icon="devices"
            {...nothing({
              sought: { words: words.value, site: site.value },
              none: say('devices.none'),
              first: say('devices.first'),
              next: say('devices.first-next'),
              clear: () => {
                words.value = '';
                site.value = '';
              },
            })}
          />
        ) : (
          <Table
            caption={say('devices.list')}
            items={shown}
            keyOf={({ id }) => id}
            columns={[
              {
                title: say('devices.device'),
                main: true,
                cell: (one) => (
                  <>
                    {one.name}
                    <small>{siteName(one.siteId)}</small>
                  </>
                ),
              },
              { title: say('devices.number'), cell: ({ number }) => <span class="code">{number ?? '–'}</span> },
              {
                title: say('devices.kind'),
                cell: ({ kind, device }) => (
                  <>
                    {kind.startsWith('h323') ? 'H.323' : 'SIP'}
                    <small>{device?.model}</small>
                  </>
                ),
              },
              {
                title: say('filter.state'),
                cell: (one) => {
                  if (!one.enabled) return <Badge tone="plain">{say('line.off')}</Badge>;
                  if (one.kind.endsWith('address')) return <Badge tone="plain">{say('devices.by-address')}</Badge>;
                  const contact = there.get(one.id);
                  return contact === undefined ? (
                    <Badge tone="bad">{say('devices.away')}</Badge>
                  ) : (
                    <>
                      <Badge tone="good">{say('devices.there')}</Badge>
                      <small>{contact.userAgent ?? contact.source}</small>
                    </>
                  );
                },
              },
              {
                title: say('table.actions'),
                right: true,
                cell: (one) =>
                  mayAct && (
                    <div class="row-actions">
                      <Button
                        small
                        icon="system"
                        onClick={() => {
                          setting.value = one;
                        }}
                      >
                        {say('provisioning.open')}
                      </Button>
                      <RowActions
                        name={one.name}
                        onEdit={() => {
                          editing.value = one;
                        }}
                        remove="DELETE /endpoints/{id}"
                        path={{ id: one.id }}
                      />
                    </div>
                  ),
              },
            ]}
          />
        )}
      </Panel>
      {editing.value !== undefined && (
        <DeviceDialog
          device={editing.value === 'new' ? undefined : editing.value}
          sites={sites.value?.items ?? []}
          onClose={() => {
            editing.value = undefined;
          }}
        />
      )}
      {labelling.value && (
        <LabelsDialog
          site={site.value}
          sites={sites.value?.items ?? []}
          onClose={() => {
            labelling.value = false;
          }}
        />
      )}
      {importing.value && (
        <ImportDialog
          onClose={() => {
            importing.value = false;
          }}
        />
      )}
      {setting.value !== undefined && (
        <ProvisioningDialog
          device={setting.value}
          onClose={() => {
            setting.value = undefined;
          }}
        />
      )}
    </>
  );
}
