import { computed, signal } from '@preact/signals';
import { pages } from '../pages/pages.ts';

/* Which page is shown, from the browser's path; links and the back button work as everywhere on the web. */

/** The path and query of now. */
export const here = signal(location.pathname + location.search);

/** Goes to a page of the console. */
export function go(path: string, { replace = false } = {}): void {
  if (path === here.value) return;
  history[replace ? 'replaceState' : 'pushState'](null, '', path);
  here.value = path;
  if (!replace) window.scrollTo(0, 0);
}

export function startRouting(): void {
  window.addEventListener('popstate', () => {
    here.value = location.pathname + location.search;
  });
  document.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (link === null || event.defaultPrevented || event.button !== 0) return;
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    if (link.origin !== location.origin || link.target !== '' || link.hasAttribute('download')) return;
    if (link.pathname.startsWith('/api/') || link.hash !== '') return;
    event.preventDefault();
    go(link.pathname + link.search);
  });
}

const url = computed(() => new URL(here.value, location.origin));

/** The page that the path names, with the names in its path. */
export const route = computed(() => {
  const path = url.value.pathname;
  for (const page of pages) {
    const names: string[] = [];
    const pattern = page.path.replace(/:(\w+)/g, (_whole, name: string) => {
      names.push(name);
      return '([^/]+)';
    });
    const match = new RegExp(`^${pattern}/?$`).exec(path);
    if (match === null) continue;
    const params = Object.fromEntries(names.map((name, place) => [name, decodeURIComponent(match[place + 1] ?? '')]));
    return { page, params };
  }
  return undefined;
});

/** One field of the query. */
export const queryOf = (name: string): string => url.value.searchParams.get(name) ?? '';

/** Changes fields of the query of the page that is shown; the back button does not stop at each. */
export function setQuery(change: Record<string, string | undefined>): void {
  const next = new URL(url.value);
  for (const [name, value] of Object.entries(change)) {
    if (value === undefined || value === '') next.searchParams.delete(name);
    else next.searchParams.set(name, value);
  }
  go(next.pathname + next.search, { replace: true });
}
