import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { follow, type Leg, type Quality } from './live.ts';

/** A device, or the far room that is called. */
const whoOf = ({ endpointId, siteId }: Leg): string => endpointId ?? siteId ?? '';

/** How calls sound while they run, by the device or the site that is called: the last measures that the events told. */
export function useRunningMeasures(): ReadonlyMap<string, Quality> {
  const last = useSignal<ReadonlyMap<string, Quality>>(new Map());
  useEffect(() => {
    const who = new Map<string, string>();
    const ends = [
      follow('leg', (leg) => {
        if (leg.state !== 'ended') {
          who.set(leg.id, whoOf(leg));
          return;
        }
        who.delete(leg.id);
        const rest = new Map(last.value);
        if (rest.delete(whoOf(leg))) last.value = rest;
      }),
      follow('quality', (quality) => {
        const of = who.get(quality.legId);
        if (of !== undefined) last.value = new Map(last.value).set(of, quality);
      }),
    ];
    return () => {
      for (const end of ends) end();
    };
  }, []);
  return last.value;
}
