import { ask } from '../../client/http.ts';
import type { Session } from '../../client/live.ts';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { toast } from '../../parts/toast.tsx';
import { say } from '../../words/words.ts';

const announcements = ['beginsSoon', 'oneByOne', 'pausing', 'endsSoon', 'recording'] as const;

/** Speaks one of the announcements to all in the room. */
export function AnnounceDialog({ session, onClose }: { session: Session; onClose: () => void }) {
  return (
    <Dialog title={say('live.announce')} onClose={onClose}>
      <p class="lead">{say('announce.text')}</p>
      <ul class="announcements">
        {announcements.map((what) => (
          <li key={what}>
            <Button
              icon="announce"
              onClick={async () => {
                await ask('POST /sessions/{id}/announcements', { path: { id: session.id }, body: { what } });
                toast(say('announce.spoken'));
                onClose();
              }}
            >
              {say(`announce.${what}`)}
            </Button>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
