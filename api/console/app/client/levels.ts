/* How loud everybody of one session is: a stream of its own, open only while somebody looks at the page. */

/** Loudness of a leg, dBov (RFC 6464: 0 loudest, -127 silence): what it sends, and what it hears. */
export interface Level {
  inDb: number;
  outDb?: number;
}

interface Told {
  levels: (Level & { legId: string })[];
}

/** Hears of a session's levels, about five times a second, until the function that it gives back is called. */
export function followLevels(sessionId: string, listener: (levels: Told['levels']) => void): () => void {
  let source: EventSource | undefined;
  const address = `/api/v1/events?${new URLSearchParams({ sessionId, only: 'leg.levels' })}`;
  // A browser has few connections to a server, and measuring is work: a hidden page needs neither.
  const turn = (): void => {
    if (document.hidden) {
      source?.close();
      source = undefined;
      listener([]);
    } else if (source === undefined) {
      source = new EventSource(address);
      source.addEventListener('leg.levels', (event) => {
        listener((JSON.parse((event as MessageEvent<string>).data) as Told).levels);
      });
    }
  };
  turn();
  document.addEventListener('visibilitychange', turn);
  return () => {
    document.removeEventListener('visibilitychange', turn);
    source?.close();
  };
}
