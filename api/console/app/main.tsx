import './style/fonts.css';
import './style/base.css';
import './style/shell.css';
import './style/parts.css';
import './style/pages.css';
import { render } from 'preact';
import { ask, Refusal, user } from './client/http.ts';
import { startFollowing } from './client/live.ts';
import { rememberLogIns, wasLoggedIn } from './client/log-in.ts';
import { App } from './shell/app.tsx';
import { route, startRouting } from './shell/route.ts';
import { startLanguage, useLanguage } from './words/words.ts';

startLanguage();
startRouting();
startFollowing();
render(<App />, document.getElementById('console') ?? document.body);
// The page's code comes while it is asked who is logged in.
void route.value?.page.load().catch(() => {});
if (wasLoggedIn()) {
  try {
    const known = await ask('GET /me');
    useLanguage(known.language);
    user.value = known;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    user.value = null;
  }
} else user.value = null;
rememberLogIns();
