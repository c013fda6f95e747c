import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Language, type Prompt, promptFile, prompts } from '../freeswitch/prompts/catalogue.ts';

/* Speaks every prompt with espeak-ng into freeswitch/prompts/{vi,en}: slow and clear, 8 kHz. Run when words change. */

const voices: Record<Language, string[]> = {
  vi: ['-v', 'vi', '-s', '125', '-p', '40', '-g', '4'],
  en: ['-v', 'en-gb', '-s', '130', '-p', '40', '-g', '4'],
};

for (const language of ['vi', 'en'] as const) {
  mkdirSync(join('freeswitch/prompts', language), { recursive: true });
  for (const [name, words] of Object.entries(prompts)) {
    const file = join('freeswitch/prompts', promptFile(name as Prompt, language));
    const spoken = spawnSync('espeak-ng', [...voices[language], '--stdout', words[language]], { maxBuffer: 64 << 20 });
    if (spoken.status !== 0) throw new Error(`espeak-ng: ${spoken.stderr}`);
    // The telephone's band, an even level, a short breath at both ends.
    const effects = ['highpass', '200', 'lowpass', '3400', 'norm', '-6', 'pad', '0.05', '0.25'];
    const shaped = spawnSync('sox', ['-t', 'wav', '-', '-r', '8000', '-c', '1', '-b', '16', file, ...effects], {
      input: spoken.stdout,
    });
    if (shaped.status !== 0) throw new Error(`sox: ${shaped.stderr}`);
  }
}
