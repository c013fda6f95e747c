import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { duration } from '../words/format.ts';

/** How long something has been going on, second by second. */
export function Clock({ since }: { since: string | undefined }) {
  const now = useSignal(Date.now());
  useEffect(() => {
    const timer = setInterval(() => {
      now.value = Date.now();
    }, 1000);
    return () => clearInterval(timer);
  }, []);
  if (since === undefined) return null;
  return <span class="number">{duration(now.value - new Date(since).getTime())}</span>;
}
