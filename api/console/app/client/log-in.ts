import { effect } from '@preact/signals';
import { user } from './http.ts';

/* Whether this browser is logged in is the cookie's business, which no script may read; so a mark stands beside it. */

const kept = 'diemcau.in';

/** Whether it is worth asking who is logged in; so it is where a browser keeps nothing. */
export function wasLoggedIn(): boolean {
  try {
    return localStorage.getItem(kept) !== null;
  } catch {
    return true;
  }
}

/** Sets and takes away the mark with each log-in and log-out. */
export function rememberLogIns(): void {
  effect(() => {
    const known = user.value;
    try {
      if (known === null) localStorage.removeItem(kept);
      else if (known !== undefined) localStorage.setItem(kept, '1');
    } catch {
      // Then it is asked each time.
    }
  });
}
