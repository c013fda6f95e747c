import { useData } from '../../../client/data.ts';
import { ask } from '../../../client/http.ts';
import { Button } from '../../../parts/button.tsx';
import { List } from '../../../parts/list.tsx';
import { Panel } from '../../../parts/page.tsx';
import { toast } from '../../../parts/toast.tsx';
import { dateTime } from '../../../words/format.ts';
import { say } from '../../../words/words.ts';

/** Addresses that asked for too much that is not theirs: not heard for a while, unless an admin lets them in again. */
export function Blocks({ mayAct }: { mayAct: boolean }) {
  const found = useData('GET /provisioning/blocks', {}, ['change:provisioning-block', 'incident']);
  const blocks = found.value && { ...found.value, items: found.value.items.map((one) => ({ ...one, id: one.source })) };
  return (
    <Panel title={say('blocks.title')}>
      <p class="hint">{say('blocks.text')}</p>
      <List
        found={{ ...found, value: blocks }}
        caption={say('blocks.title')}
        none={say('blocks.none')}
        icon="shield"
        columns={[
          { title: say('blocks.source'), main: true, cell: ({ source }) => <span class="code">{source}</span> },
          { title: say('blocks.since'), cell: ({ since }) => dateTime(since) },
          { title: say('blocks.until'), cell: ({ until }) => dateTime(until) },
          {
            title: say('table.actions'),
            right: true,
            cell: ({ source }) =>
              mayAct && (
                <Button
                  small
                  icon="unlock"
                  onClick={async () => {
                    await ask('POST /provisioning/blocks/lift', { body: { source } });
                    toast(say('blocks.lifted', { source }));
                  }}
                >
                  {say('blocks.lift')}
                </Button>
              ),
          },
        ]}
      />
    </Panel>
  );
}
