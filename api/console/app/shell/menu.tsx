import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { ask, user } from '../client/http.ts';
import { mayAs, type Page, pages } from '../pages/pages.ts';
import { Icon } from '../parts/icon.tsx';
import { toastError } from '../parts/toast.tsx';
import mark from '../style/mark.svg';
import { say } from '../words/words.ts';
import { LanguageSwitch } from './language-switch.tsx';
import { here, route } from './route.ts';

/** The menu: at the side, or behind a button where the screen is narrow. */
export function Menu() {
  const open = useSignal(false);
  useEffect(() => {
    open.value = false;
  }, [here.value]);
  const known = user.value;
  if (known === null || known === undefined) return null;
  const current = route.value?.page;
  const shown = pages.filter(({ menu, role }) => menu !== undefined && mayAs(known.role, role));
  const entry = (page: Page) => (
    <li key={page.path}>
      <a href={page.path} aria-current={current === page || current?.under === page.path ? 'page' : undefined}>
        <Icon name={page.menu?.icon ?? 'info'} size={24} />
        <span>{say(page.title)}</span>
      </a>
    </li>
  );
  const groups = (['work', 'house'] as const).map((group) => shown.filter(({ menu }) => menu?.group === group));
  return (
    <div class={`side${open.value ? ' side-open' : ''}`}>
      <div class="side-head">
        <a class="brand" href="/">
          <img src={mark} alt="" width="40" height="40" />
          <span>{say('product')}</span>
        </a>
        <button
          type="button"
          class="menu-button"
          aria-expanded={open.value}
          aria-controls="menu"
          onClick={() => {
            open.value = !open.value;
          }}
        >
          <Icon name={open.value ? 'close' : 'menu'} size={26} />
          <span>{say('menu')}</span>
        </button>
      </div>
      <div class="side-body" id="menu">
        <nav aria-label={say('menu')}>
          {groups
            .filter((group) => group.length > 0)
            .map((group, place) => (
              <ul key={place === 0 ? 'work' : 'house'}>{group.map(entry)}</ul>
            ))}
        </nav>
        <div class="side-foot">
          <LanguageSwitch />
          <a class="me" href="/account" aria-current={current?.path === '/account' ? 'page' : undefined}>
            <Icon name="person" size={24} />
            <span>
              <b>{known.name}</b>
              <small>{say(`role.${known.role}`)}</small>
            </span>
          </a>
          <button type="button" class="log-out" onClick={() => void logOut()}>
            <Icon name="leave" size={24} />
            <span>{say('logout')}</span>
          </button>
        </div>
      </div>
    </div>
  );
}

async function logOut(): Promise<void> {
  try {
    await ask('POST /logout');
    user.value = null;
  } catch (error) {
    toastError(error);
  }
}
