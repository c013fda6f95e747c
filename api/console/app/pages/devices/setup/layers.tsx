import { useSignal } from '@preact/signals';
import { useData } from '../../../client/data.ts';
import { Button, LinkButton } from '../../../parts/button.tsx';
import { SelectField } from '../../../parts/field.tsx';
import { List } from '../../../parts/list.tsx';
import { Panel } from '../../../parts/page.tsx';
import { go } from '../../../shell/route.ts';
import { say } from '../../../words/words.ts';
import { flat } from '../settings/draft.ts';
import { settingTitle, valueText } from '../settings/words.ts';

const pathOf = (scope: string, of: string): string => `/devices/settings/${scope}/${encodeURIComponent(of)}`;

/** Models and sites whose devices are set otherwise, and a way to set another. */
export function Layers({ mayAct }: { mayAct: boolean }) {
  const found = useData('GET /provisioning/overrides', {}, ['change:device-overrides']);
  const models = useData('GET /provisioning/models', {});
  const sites = useData('GET /sites', { query: { limit: 200, sort: 'name' } });
  const chosen = useSignal('');
  const nameOf = (scope: string, of: string): string =>
    scope === 'site' ? (sites.value?.items.find(({ id }) => id === of)?.name ?? of) : of;
  return (
    <Panel title={say('layers.title')}>
      <List
        found={found}
        caption={say('layers.title')}
        none={say('layers.none')}
        icon="devices"
        columns={[
          {
            title: say('layers.whose'),
            main: true,
            cell: ({ scope, of }) => (
              <>
                {nameOf(scope, of)}
                <small>{say(`layers.${scope}`)}</small>
              </>
            ),
          },
          {
            title: say('layers.what'),
            cell: ({ overrides }) =>
              Object.entries(flat(overrides))
                .map(([name, value]) => `${settingTitle(name)}: ${valueText(name, value)}`)
                .join('; '),
          },
          {
            title: say('table.actions'),
            right: true,
            cell: ({ scope, of }) =>
              mayAct && (
                <LinkButton small icon="edit" href={pathOf(scope, of)}>
                  {say('action.edit')}
                </LinkButton>
              ),
          },
        ]}
      />
      {mayAct && (
        <div class="with-button setting-add">
          <SelectField
            label={say('layers.add')}
            empty={say('field.choose')}
            value={chosen.value}
            onInput={(value) => {
              chosen.value = value;
            }}
            choices={[
              ...(sites.value?.items ?? []).map(({ id, name }) => ({
                value: pathOf('site', id),
                label: say('layers.of-site', { name }),
              })),
              ...(models.value?.items ?? []).map(({ model, vendor }) => ({
                value: pathOf('model', model),
                label: `${vendor} ${model}`,
              })),
            ]}
          />
          <Button icon="forward" disabled={chosen.value === ''} onClick={() => go(chosen.value)}>
            {say('layers.set')}
          </Button>
        </div>
      )}
    </Panel>
  );
}
