import { useSignal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { user } from '../client/http.ts';
import { mayAs, type Page } from '../pages/pages.ts';
import { Confirm } from '../parts/confirm.tsx';
import { Empty, Notice, Waiting } from '../parts/notice.tsx';
import { forgetFailures, sentenceOf, Toasts } from '../parts/toast.tsx';
import { language, say } from '../words/words.ts';
import { LogIn } from './log-in.tsx';
import { Menu } from './menu.tsx';
import { here, route } from './route.ts';
import { StreamNotice } from './stream-notice.tsx';

type PageComponent = ComponentType<{ params: Record<string, string> }>;

/** The whole console: log-in, or menu and page. */
export function App() {
  if (user.value === undefined) return <div class="splash" aria-busy="true" />;
  if (user.value === null) {
    return (
      <>
        <LogIn />
        <Toasts />
      </>
    );
  }
  return (
    <div class="frame" lang={language.value}>
      <button type="button" class="skip" onClick={skip}>
        {say('skip')}
      </button>
      <Menu />
      <main id="content" tabIndex={-1}>
        <StreamNotice />
        <Shown />
      </main>
      <Toasts />
      <Confirm />
    </div>
  );
}

function skip(): void {
  document.getElementById('content')?.focus();
}

/** The page of the path; its code is loaded when it is first asked for. */
function Shown() {
  const found = route.value;
  const loaded = useSignal<{ page: Page; component: PageComponent } | undefined>(undefined);
  const failed = useSignal<unknown>(undefined);
  const first = useRef(true);
  useEffect(() => {
    const page = found?.page;
    if (page === undefined) return;
    failed.value = undefined;
    page.load().then(
      (module) => {
        loaded.value = { page, component: module.default };
      },
      (error: unknown) => {
        failed.value = error;
      },
    );
  }, [found?.page]);
  useEffect(forgetFailures, [here.value.split('?')[0]]);
  useEffect(() => {
    // Who moves by keyboard or listens begins each new page at its heading.
    if (!first.current) requestAnimationFrame(() => document.querySelector<HTMLElement>('main h1')?.focus());
    first.current = loaded.value === undefined;
  }, [loaded.value, here.value.split('?')[0]]);

  const known = user.value;
  if (found === undefined || known === null || known === undefined) {
    return <Empty icon="search" title={say('page.unknown')} />;
  }
  if (!mayAs(known.role, found.page.role)) return <Notice kind="care">{say('page.not-yours')}</Notice>;
  if (failed.value !== undefined) return <Notice kind="bad">{sentenceOf(failed.value)}</Notice>;
  if (loaded.value?.page !== found.page) return <Waiting error={undefined} />;
  const Component = loaded.value.component;
  return <Component key={`${found.page.path} ${Object.values(found.params).join(' ')}`} params={found.params} />;
}
