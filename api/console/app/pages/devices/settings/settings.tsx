import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { useData } from '../../../client/data.ts';
import { type Answer, ask, type Item, Refusal } from '../../../client/http.ts';
import { Button } from '../../../parts/button.tsx';
import { SelectField } from '../../../parts/field.tsx';
import { Empty, Notice, Waiting } from '../../../parts/notice.tsx';
import { PageHead, Panel } from '../../../parts/page.tsx';
import { sentenceOf, toast } from '../../../parts/toast.tsx';
import { go } from '../../../shell/route.ts';
import { say } from '../../../words/words.ts';
import { Changes, Files, NotCarried } from './changes.tsx';
import { beginning, concerns, type Draft, flat, nested, type Scope, type Setting } from './draft.ts';
import { SettingField } from './setting-field.tsx';
import { settingTitle, valueText } from './words.ts';

type Device = Item<'GET /endpoints'>;

/**
 * Single settings of one device, of all devices of a model, or of all at a site that are to be other than the template
 * has them: chosen one by one, shown as the difference that they make, then kept and sent.
 */
export default function Settings({ params }: { params: Record<string, string> }) {
  const scope = (params.scope ?? 'device') as Scope;
  const of = params.of ?? '';
  const devices = useData('GET /endpoints', { query: { limit: 200, sort: 'name' } }, ['change:endpoint']);
  const sites = useData('GET /sites', { query: { limit: 200, sort: 'name' } });
  const layers = useData('GET /provisioning/overrides', {}, ['change:device-overrides']);
  if (devices.value === undefined || layers.value === undefined)
    return <Waiting error={devices.error ?? layers.error} reload={devices.reload} />;
  const concerned = devices.value.items.filter(
    (one) =>
      one.device !== undefined &&
      (scope === 'device' ? one.id === of : scope === 'site' ? one.siteId === of : one.device.model === of),
  );
  const name =
    scope === 'site'
      ? (sites.value?.items.find(({ id }) => id === of)?.name ?? of)
      : scope === 'device'
        ? (concerned[0]?.name ?? of)
        : of;
  const kept =
    scope === 'device'
      ? concerned[0]?.device?.overrides
      : layers.value.items.find((one) => one.scope === scope && one.of === of)?.overrides;
  return (
    <>
      <PageHead
        title={say(`settings.title.${scope}`, { name })}
        about={say(`settings.about.${scope}`)}
        back={
          scope === 'device'
            ? { href: '/devices', text: say('devices.title') }
            : { href: '/devices/setup', text: say('setup.title') }
        }
      />
      {scope === 'device' && concerned.length === 0 ? (
        <Empty icon="devices" title={say('settings.no-device')} />
      ) : (
        <Editor key={`${scope} ${of}`} scope={scope} of={of} kept={kept ?? {}} examples={concerned} />
      )}
    </>
  );
}

function Editor({
  scope,
  of,
  kept,
  examples,
}: {
  scope: Scope;
  of: string;
  kept: object;
  examples: readonly Device[];
}) {
  const draft = useSignal<Draft>(flat(kept));
  const example = useSignal(examples[0]?.id ?? '');
  const adding = useSignal('');
  const failure = useSignal<unknown>(undefined);
  const preview = useSignal<Answer<'POST /provisioning/preview'> | undefined>(undefined);
  const device = examples.find(({ id }) => id === example.value);
  const found = useData('GET /provisioning/settings', {
    query: device === undefined ? {} : { endpointId: device.id },
  });
  // What was looked at is no longer what would be kept.
  useEffect(() => {
    preview.value = undefined;
  }, [draft.value, example.value]);
  if (found.value === undefined) return <Waiting error={found.error} reload={found.reload} />;
  const protocol = device?.kind === 'h323' ? 'h323' : device === undefined ? undefined : 'sip';
  const known = found.value.items.filter((one) => concerns(one, protocol));
  const set = known.filter(({ name }) => name in draft.value);
  const free = known.filter(({ name }) => !(name in draft.value));
  const put = (name: string, value: Draft[string]): void => {
    draft.value = { ...draft.value, [name]: value };
  };
  const wrong = (name: string): string | undefined => {
    const error = failure.value;
    return error instanceof Refusal && error.field?.includes(`.${name}`) === true ? error.message : undefined;
  };
  const attempt = async (deed: () => Promise<void>): Promise<void> => {
    failure.value = undefined;
    try {
      await deed();
    } catch (error) {
      failure.value = error;
    }
  };
  const unchanged = JSON.stringify(draft.value) === JSON.stringify(flat(kept));
  return (
    <>
      <Panel title={say('settings.own')}>
        {set.length === 0 ? (
          <p class="soft">{say('settings.none')}</p>
        ) : (
          <ul class="setting-list">
            {set.map((setting) => (
              <li key={setting.name}>
                <SettingField
                  setting={setting}
                  value={draft.value[setting.name] ?? ''}
                  error={wrong(setting.name)}
                  onInput={(value) => put(setting.name, value)}
                />
                <div class="setting-side">
                  {device !== undefined && <Now setting={setting} />}
                  <Button
                    small
                    icon="remove"
                    onClick={() => {
                      const { [setting.name]: _gone, ...rest } = draft.value;
                      draft.value = rest;
                    }}
                  >
                    {say('settings.drop', { name: settingTitle(setting.name) })}
                  </Button>
                </div>
              </li>
            ))}
          </ul>
        )}
        <div class="with-button setting-add">
          <SelectField
            label={say('settings.add')}
            empty={say('field.choose')}
            value={adding.value}
            onInput={(name) => {
              adding.value = name;
            }}
            choices={free.map((setting) => ({
              value: setting.name,
              label:
                setting.value === undefined
                  ? settingTitle(setting.name)
                  : `${settingTitle(setting.name)} (${valueText(setting.name, setting.value)})`,
            }))}
          />
          <Button
            icon="add"
            disabled={adding.value === ''}
            onClick={() => {
              const setting = free.find(({ name }) => name === adding.value);
              if (setting !== undefined) put(setting.name, beginning(setting));
              adding.value = '';
            }}
          >
            {say('action.add')}
          </Button>
        </div>
      </Panel>
      <Panel title={say('settings.changes')}>
        {scope !== 'device' && examples.length > 0 && (
          <SelectField
            label={say('settings.example')}
            hint={say('settings.example-hint', { count: examples.length })}
            value={example.value}
            onInput={(id) => {
              example.value = id;
            }}
            choices={examples.map(({ id, name }) => ({ value: id, label: name }))}
          />
        )}
        {failure.value !== undefined && <Notice kind="bad">{sentenceOf(failure.value)}</Notice>}
        {device === undefined && <Notice kind="info">{say('settings.no-example')}</Notice>}
        {preview.value !== undefined && (
          <>
            <Changes differences={preview.value.differences} />
            <NotCarried names={preview.value.notCarried} />
            <details>
              <summary>{say('settings.whole')}</summary>
              <Files files={preview.value.files} />
            </details>
          </>
        )}
        <div class="row-actions">
          {device !== undefined && (
            <Button
              icon="search"
              kind={preview.value === undefined ? 'primary' : 'secondary'}
              onClick={() =>
                attempt(async () => {
                  preview.value = await ask('POST /provisioning/preview', {
                    body: { endpointId: device.id, overrides: { [scope]: nested(draft.value) } },
                  });
                })
              }
            >
              {say('settings.look')}
            </Button>
          )}
          <Button
            icon="ok"
            kind={device === undefined || preview.value !== undefined ? 'primary' : 'secondary'}
            disabled={unchanged || (device !== undefined && preview.value === undefined)}
            onClick={() =>
              attempt(async () => {
                await keep(scope, of, device, nested(draft.value));
                toast(say('settings.kept'));
                go(scope === 'device' ? `/devices?device=${of}` : '/devices/setup');
              })
            }
          >
            {say('settings.keep')}
          </Button>
        </div>
      </Panel>
    </>
  );
}

/** What the device has now, and whose word that is. */
function Now({ setting }: { setting: Setting }) {
  if (setting.value === undefined) return <small class="soft">{say('settings.now-unset')}</small>;
  return (
    <small class="soft">
      {say('settings.now', {
        value: valueText(setting.name, setting.value),
        origin: say(`settings.origin.${setting.origin ?? 'template'}`),
      })}
    </small>
  );
}

async function keep(
  scope: Scope,
  of: string,
  device: Device | undefined,
  overrides: Record<string, unknown>,
): Promise<void> {
  if (scope === 'device') {
    if (device?.device === undefined) return;
    await ask('PATCH /endpoints/{id}', { path: { id: of }, body: { device: { ...device.device, overrides } } });
  } else if (Object.keys(overrides).length === 0) {
    await ask('DELETE /provisioning/overrides/{scope}/{of}', { path: { scope, of } });
  } else {
    await ask('PUT /provisioning/overrides/{scope}/{of}', { path: { scope, of }, body: { overrides } });
  }
}
