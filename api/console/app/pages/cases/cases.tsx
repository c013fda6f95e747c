import { useSignal } from '@preact/signals';
import { useData } from '../../client/data.ts';
import { user } from '../../client/http.ts';
import { Button, LinkButton } from '../../parts/button.tsx';
import { SelectField, TextField } from '../../parts/field.tsx';
import { List } from '../../parts/list.tsx';
import { nothing } from '../../parts/none.tsx';
import { Badge, PageHead, Panel } from '../../parts/page.tsx';
import { queryOf, setQuery } from '../../shell/route.ts';
import { date } from '../../words/format.ts';
import { say } from '../../words/words.ts';
import { mayAs } from '../pages.ts';
import { caseKinds, caseStates, caseTone } from './state.ts';

const limit = 25;

/** Cases of citizens who ask to be received online. */
export default function Cases() {
  const mayAct = mayAs(user.value?.role ?? 'viewer', 'operator');
  const [q, state, kind, offset] = [queryOf('q'), queryOf('state'), queryOf('kind'), Number(queryOf('offset') || 0)];
  const words = useSignal(q);
  const given = Object.fromEntries(Object.entries({ q, state, kind }).filter(([, value]) => value !== ''));
  const found = useData('GET /cases', { query: { limit, offset, ...given } }, ['change:case']);
  return (
    <>
      <PageHead
        title={say('cases.title')}
        about={say('cases.about')}
        actions={
          mayAct && (
            <LinkButton href="/cases/new" kind="primary" icon="add">
              {say('case.register')}
            </LinkButton>
          )
        }
      />
      <form
        class="filters"
        onSubmit={(event) => {
          event.preventDefault();
          setQuery({ q: words.value, offset: undefined });
        }}
      >
        <TextField
          label={say('filter.words')}
          hint={say('cases.search-hint')}
          type="search"
          value={words.value}
          onInput={(text) => {
            words.value = text;
          }}
        />
        <SelectField
          label={say('filter.state')}
          empty={say('filter.all')}
          value={state}
          onInput={(value) => setQuery({ state: value, offset: undefined })}
          choices={caseStates.map((value) => ({ value, label: say(`case.${value}`) }))}
        />
        <SelectField
          label={say('case.kind')}
          empty={say('filter.all')}
          value={kind}
          onInput={(value) => setQuery({ kind: value, offset: undefined })}
          choices={caseKinds.map((value) => ({ value, label: say(`kind.${value}`) }))}
        />
        <Button type="submit" icon="search">
          {say('filter.search')}
        </Button>
      </form>
      <Panel title={say('cases.list')}>
        <List
          found={found}
          caption={say('cases.list')}
          icon="cases"
          {...nothing({
            sought: { q, state, kind },
            none: say('cases.none'),
            first: say('cases.first'),
            next: say('cases.first-next'),
            clear: () => {
              words.value = '';
              setQuery({ q: undefined, state: undefined, kind: undefined, offset: undefined });
            },
          })}
          limit={limit}
          columns={[
            {
              title: say('case.title'),
              main: true,
              cell: ({ id, title, citizens }) => (
                <>
                  <a href={`/cases/${id}`}>{title}</a>
                  <small>{citizens.map(({ name }) => name).join(', ')}</small>
                </>
              ),
            },
            { title: say('case.code'), cell: ({ code }) => <span class="code">{code}</span> },
            {
              title: say('case.authority'),
              cell: ({ authority }) => say(`site.${authority}`),
            },
            {
              title: say('case.registered-on'),
              cell: ({ registeredAt }) => <span class="number">{date(registeredAt)}</span>,
            },
            {
              title: say('filter.state'),
              cell: (one) => <Badge tone={caseTone[one.state]}>{say(`case.${one.state}`)}</Badge>,
            },
          ]}
        />
      </Panel>
    </>
  );
}
