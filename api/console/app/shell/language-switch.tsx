import { ask, user } from '../client/http.ts';
import { toastError } from '../parts/toast.tsx';
import { type Language, language, say, useLanguage } from '../words/words.ts';

const names: Record<Language, string> = { vi: 'Tiếng Việt', en: 'English' };

/** Changes the language, and keeps it with the account of who is logged in. */
export function LanguageSwitch() {
  const choose = async (wanted: Language): Promise<void> => {
    useLanguage(wanted);
    if (user.value === null || user.value === undefined) return;
    try {
      user.value = await ask('PATCH /me', { body: { language: wanted } });
    } catch (error) {
      toastError(error);
    }
  };
  return (
    <fieldset class="languages" aria-label={say('language')}>
      {(['vi', 'en'] as const).map((one) => (
        <button
          key={one}
          type="button"
          lang={one}
          aria-pressed={language.value === one}
          onClick={() => void choose(one)}
        >
          {names[one]}
        </button>
      ))}
    </fieldset>
  );
}
