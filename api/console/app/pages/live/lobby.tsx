import { ask } from '../../client/http.ts';
import type { Leg, Session } from '../../client/live.ts';
import { Button } from '../../parts/button.tsx';
import { Clock } from '../../parts/clock.tsx';
import { Panel } from '../../parts/page.tsx';
import { say } from '../../words/words.ts';

/** Callers who wait to be let in. */
export function Lobby({ session, callers, mayAct }: { session: Session; callers: readonly Leg[]; mayAct: boolean }) {
  return (
    <Panel title={say('lobby.title', { count: callers.length })} tone="care">
      <ul class="waiting-callers">
        {callers.map((leg) => {
          const path = { id: session.id, leg: leg.id };
          return (
            <li key={leg.id}>
              <div>
                <b>{leg.name === '' ? leg.number : leg.name}</b>
                <span class="soft">
                  {leg.number} · {say('lobby.waits')} <Clock since={leg.createdAt} />
                </span>
              </div>
              {mayAct && (
                <div class="row-actions">
                  <Button
                    kind="primary"
                    icon="door"
                    onClick={() => ask('PATCH /sessions/{id}/legs/{leg}', { path, body: { admitted: true } })}
                  >
                    {say('leg.admit')}
                  </Button>
                  <Button
                    kind="danger"
                    icon="hang-up"
                    onClick={() => ask('DELETE /sessions/{id}/legs/{leg}', { path })}
                  >
                    {say('leg.refuse')}
                  </Button>
                </div>
              )}
            </li>
          );
        })}
      </ul>
    </Panel>
  );
}
