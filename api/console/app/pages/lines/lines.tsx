import { useSignal } from '@preact/signals';
import { useData } from '../../client/data.ts';
import { type Item, user } from '../../client/http.ts';
import { Button } from '../../parts/button.tsx';
import { RowActions } from '../../parts/editor.tsx';
import { List } from '../../parts/list.tsx';
import { Badge, PageHead, Panel, type Tone } from '../../parts/page.tsx';
import { say } from '../../words/words.ts';
import { mayAs } from '../pages.ts';
import { SiteDialog } from './site-dialog.tsx';
import { TrunkDialog } from './trunk-dialog.tsx';

type Site = Item<'GET /sites'>;
type Trunk = Item<'GET /trunks'>;
type State = 'none' | 'registered' | 'refused' | 'unreachable';

const tones: Record<State, Tone> = { none: 'plain', registered: 'good', refused: 'bad', unreachable: 'bad' };

/** How the house reaches others: sites with their far rooms, and telephone lines. */
export default function Lines() {
  const mayAct = mayAs(user.value?.role ?? 'viewer', 'admin');
  const sites = useData('GET /sites', { query: { limit: 200, sort: 'name' } }, ['change:site']);
  const trunks = useData('GET /trunks', { query: { limit: 200, sort: 'name' } }, ['change:trunk']);
  const health = useData('GET /health', {}, ['event:trunk', 'event:gatekeeper', 'incident']);
  const site = useSignal<Site | 'new' | undefined>(undefined);
  const trunk = useSignal<Trunk | 'new' | undefined>(undefined);
  const stateOf = (state: State | undefined, text: string | undefined) => (
    <>
      <Badge tone={tones[state ?? 'none']}>{say(`line.${state ?? 'none'}`)}</Badge>
      {text !== undefined && text !== '' && <small>{text}</small>}
    </>
  );
  return (
    <>
      <PageHead title={say('lines.title')} about={say('lines.about')} />
      <Panel
        title={say('lines.sites')}
        actions={
          mayAct && (
            <Button
              icon="add"
              kind="primary"
              onClick={() => {
                site.value = 'new';
              }}
            >
              {say('lines.add-site')}
            </Button>
          )
        }
      >
        <List
          found={sites}
          caption={say('lines.sites')}
          icon="site"
          none={say('lines.no-sites')}
          help={<p>{say('lines.first-site')}</p>}
          columns={[
            {
              title: say('lines.site'),
              main: true,
              cell: ({ name, kind }) => (
                <>
                  {name}
                  <small>{say(`site.${kind}`)}</small>
                </>
              ),
            },
            {
              title: say('lines.uplink'),
              cell: ({ uplink }) =>
                uplink === undefined ? (
                  <span class="soft">{say('lines.no-uplink')}</span>
                ) : (
                  <>
                    {uplink.protocol === 'h323' ? 'H.323' : 'SIP'} <small class="code">{uplink.address}</small>
                  </>
                ),
            },
            {
              title: say('lines.state'),
              cell: ({ id, uplink }) => {
                if (uplink?.gatekeeper === undefined) return '';
                const found = health.value?.details?.gatekeepers?.find(({ siteId }) => siteId === id);
                return stateOf(found?.state, found?.text);
              },
            },
            {
              title: say('table.actions'),
              right: true,
              cell: (one) =>
                mayAct && (
                  <RowActions
                    name={one.name}
                    onEdit={() => {
                      site.value = one;
                    }}
                    remove="DELETE /sites/{id}"
                    path={{ id: one.id }}
                  />
                ),
            },
          ]}
        />
      </Panel>
      <Panel
        title={say('lines.trunks')}
        actions={
          mayAct && (
            <Button
              icon="add"
              kind="primary"
              onClick={() => {
                trunk.value = 'new';
              }}
            >
              {say('lines.add-trunk')}
            </Button>
          )
        }
      >
        <List
          found={trunks}
          caption={say('lines.trunks')}
          icon="lines"
          none={say('lines.no-trunks')}
          help={<p>{say('lines.first-trunk')}</p>}
          columns={[
            {
              title: say('lines.trunk'),
              main: true,
              cell: ({ name, callerId }) => (
                <>
                  {name}
                  {callerId !== undefined && <small>{say('lines.shows', { number: callerId })}</small>}
                </>
              ),
            },
            { title: say('lines.host'), cell: ({ host }) => <span class="code">{host}</span> },
            {
              title: say('lines.state'),
              cell: ({ id, enabled }) => {
                if (!enabled) return <Badge tone="plain">{say('line.off')}</Badge>;
                const found = health.value?.details?.trunks.find(({ trunkId }) => trunkId === id);
                return stateOf(found?.state, found?.text);
              },
            },
            {
              title: say('table.actions'),
              right: true,
              cell: (one) =>
                mayAct && (
                  <RowActions
                    name={one.name}
                    onEdit={() => {
                      trunk.value = one;
                    }}
                    remove="DELETE /trunks/{id}"
                    path={{ id: one.id }}
                  />
                ),
            },
          ]}
        />
      </Panel>
      {site.value !== undefined && (
        <SiteDialog
          site={site.value === 'new' ? undefined : site.value}
          onClose={() => {
            site.value = undefined;
          }}
        />
      )}
      {trunk.value !== undefined && (
        <TrunkDialog
          trunk={trunk.value === 'new' ? undefined : trunk.value}
          onClose={() => {
            trunk.value = undefined;
          }}
        />
      )}
    </>
  );
}
