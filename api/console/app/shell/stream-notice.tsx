import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { streamState } from '../client/live.ts';
import { Notice } from '../parts/notice.tsx';
import { say } from '../words/words.ts';

/** A blink of the network is nobody's business, in ms. */
const patienceMs = 1_500;

/** Says when what is shown may be old. */
export function StreamNotice() {
  const shown = useSignal(false);
  const broken = streamState.value === 'broken';
  useEffect(() => {
    if (!broken) {
      shown.value = false;
      return;
    }
    const timer = setTimeout(() => {
      shown.value = true;
    }, patienceMs);
    return () => clearTimeout(timer);
  }, [broken]);
  return shown.value ? (
    <div class="stream-notice">
      <Notice kind="care">{say('stream.broken')}</Notice>
    </div>
  ) : null;
}
