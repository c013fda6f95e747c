import { useEffect } from 'preact/hooks';
import { ask, user } from '../client/http.ts';
import { TextField } from '../parts/field.tsx';
import { Form, useForm } from '../parts/form.tsx';
import mark from '../style/mark.svg';
import { say, useLanguage } from '../words/words.ts';
import { LanguageSwitch } from './language-switch.tsx';

export function LogIn() {
  const form = useForm({ username: '', password: '' });
  useEffect(() => {
    document.title = `${say('login.title')} · ${say('product')}`;
  });
  return (
    <div class="log-in">
      <div class="log-in-side">
        <img src={mark} alt="" width="72" height="72" />
        <p class="log-in-name">{say('product')}</p>
        <p>{say('product.long')}</p>
      </div>
      <main class="log-in-main">
        <LanguageSwitch />
        <h1>{say('login.title')}</h1>
        <p class="about">{say('login.about')}</p>
        <Form
          form={form}
          send={say('login.send')}
          onSend={async () => {
            const { user: known } = await ask('POST /login', { body: form.value });
            useLanguage(known.language);
            user.value = known;
          }}
        >
          <TextField
            label={say('login.username')}
            value={form.value.username}
            autocomplete="username"
            error={form.wrong('username')}
            onInput={(username) => form.set({ username })}
          />
          <TextField
            label={say('login.password')}
            type="password"
            value={form.value.password}
            autocomplete="current-password"
            error={form.wrong('password')}
            onInput={(password) => form.set({ password })}
          />
        </Form>
      </main>
    </div>
  );
}
