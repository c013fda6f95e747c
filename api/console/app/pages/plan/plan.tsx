import { useSignal } from '@preact/signals';
import { useData } from '../../client/data.ts';
import { type Item, user } from '../../client/http.ts';
import { Button } from '../../parts/button.tsx';
import { RowActions } from '../../parts/editor.tsx';
import { List } from '../../parts/list.tsx';
import { Badge, PageHead, Panel } from '../../parts/page.tsx';
import { say } from '../../words/words.ts';
import { mayAs } from '../pages.ts';
import { RuleDialog } from './rule-dialog.tsx';
import { Tester } from './tester.tsx';

type Rule = Item<'GET /dial-plan/rules'>;

/** Where dialled numbers go, and the answer to “why did this number go there?”. */
export default function Plan() {
  const mayAct = mayAs(user.value?.role ?? 'viewer', 'admin');
  const rules = useData('GET /dial-plan/rules', { query: { limit: 200, sort: 'priority' } }, ['change:rule']);
  const sites = useData('GET /sites', { query: { limit: 200 } }, ['change:site']);
  const trunks = useData('GET /trunks', { query: { limit: 200 } }, ['change:trunk']);
  const devices = useData('GET /endpoints', { query: { limit: 200 } }, ['change:endpoint']);
  const editing = useSignal<Rule | 'new' | undefined>(undefined);
  const named = (id: string | undefined): string =>
    [...(sites.value?.items ?? []), ...(trunks.value?.items ?? []), ...(devices.value?.items ?? [])].find(
      (one) => one.id === id,
    )?.name ?? '';
  const targetOf = ({ destination }: Rule): string => {
    if (destination.kind === 'uplink') return named(destination.siteId);
    if (destination.kind === 'trunk') return named(destination.trunkId);
    if (destination.kind === 'device') return named(destination.endpointId);
    return destination.kind === 'room' ? (destination.room ?? '') : '';
  };
  return (
    <>
      <PageHead title={say('plan.title')} about={say('plan.about')} />
      <Tester devices={devices.value?.items ?? []} trunks={trunks.value?.items ?? []} />
      <Panel
        title={say('plan.rules')}
        actions={
          mayAct && (
            <Button
              icon="add"
              kind="primary"
              onClick={() => {
                editing.value = 'new';
              }}
            >
              {say('plan.add')}
            </Button>
          )
        }
      >
        <List
          found={rules}
          caption={say('plan.rules')}
          icon="plan"
          none={say('plan.none')}
          help={<p>{say('plan.first-next')}</p>}
          columns={[
            { title: say('plan.priority'), right: true, cell: ({ priority }) => priority },
            {
              title: say('plan.rule'),
              main: true,
              cell: ({ name, enabled }) => (
                <>
                  {name} {!enabled && <Badge tone="plain">{say('line.off')}</Badge>}
                </>
              ),
            },
            {
              title: say('plan.number'),
              cell: ({ pattern }) => (
                <>
                  <small>{say(`pattern.${pattern.type}`)}</small>
                  <span class="code">{pattern.value}</span>
                </>
              ),
            },
            {
              title: say('plan.destination'),
              cell: (rule) => (
                <>
                  {say(`to.${rule.destination.kind}`)}
                  <small>{targetOf(rule)}</small>
                </>
              ),
            },
            {
              title: say('table.actions'),
              right: true,
              cell: (one) =>
                mayAct && (
                  <RowActions
                    name={one.name}
                    onEdit={() => {
                      editing.value = one;
                    }}
                    remove="DELETE /dial-plan/rules/{id}"
                    path={{ id: one.id }}
                  />
                ),
            },
          ]}
        />
      </Panel>
      {editing.value !== undefined && (
        <RuleDialog
          rule={editing.value === 'new' ? undefined : editing.value}
          sites={sites.value?.items ?? []}
          trunks={trunks.value?.items ?? []}
          devices={devices.value?.items ?? []}
          onClose={() => {
            editing.value = undefined;
          }}
        />
      )}
    </>
  );
}
