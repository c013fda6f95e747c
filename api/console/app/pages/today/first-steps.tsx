import { useData } from '../../client/data.ts';
import { user } from '../../client/http.ts';
import { Icon } from '../../parts/icon.tsx';
import { Panel } from '../../parts/page.tsx';
import { say } from '../../words/words.ts';
import { mayAs } from '../pages.ts';

/** Where documents are dated until an office has said where it is. */
const placeOfNobody = 'Xã';
const one = { query: { limit: 1 } } as const;

/** What to do on a fresh installation, in order, until the first session is planned. */
export function FirstSteps() {
  const mayAct = mayAs(user.value?.role ?? 'viewer', 'admin');
  const asked = mayAct ? one : undefined;
  const sessions = useData('GET /sessions', asked, ['session', 'change:session']);
  const sites = useData('GET /sites', asked, ['change:site']);
  const devices = useData('GET /endpoints', asked, ['change:endpoint']);
  const people = useData('GET /users', asked, ['change:user']);
  const office = useData('GET /office', mayAct ? {} : undefined, ['change:office']);
  if (sessions.value === undefined || sessions.value.total > 0 || office.value === undefined) return null;
  const steps = [
    { key: 'office', href: '/system/office', done: office.value.place !== placeOfNobody },
    { key: 'sites', href: '/lines', done: (sites.value?.total ?? 0) > 0 },
    { key: 'devices', href: '/devices', done: (devices.value?.total ?? 0) > 0 },
    { key: 'users', href: '/users', done: (people.value?.total ?? 0) > 1 },
    { key: 'session', href: '/sessions/new', done: false },
  ] as const;
  return (
    <Panel title={say('first.title')}>
      <ol class="steps">
        {steps.map(({ key, href, done }) => (
          <li key={key} class={done ? 'step-hit' : undefined}>
            <Icon name={done ? 'ok' : 'forward'} />
            <a href={href}>{say(`first.${key}`)}</a>
            <span>{done ? say('first.done') : say(`first.${key}.text`)}</span>
          </li>
        ))}
      </ol>
    </Panel>
  );
}
