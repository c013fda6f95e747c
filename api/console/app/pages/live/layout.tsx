import { ask } from '../../client/http.ts';
import type { Session } from '../../client/live.ts';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Notice } from '../../parts/notice.tsx';
import { toast, toastError } from '../../parts/toast.tsx';
import { say } from '../../words/words.ts';

/** Each layout with the boxes of its picture, in a frame of 48×27. */
const layouts: Record<Session['layout'], string> = {
  speaker: 'M1 1h46v25H1z',
  'side-by-side': 'M1 7h22v13H1zM25 7h22v13H25z',
  'grid-2x2': 'M1 1h22v12H1zM25 1h22v12H25zM1 14h22v12H1zM25 14h22v12H25z',
  'grid-3x3':
    'M1 1h14v7H1zM17 1h14v7H17zM33 1h14v7H33zM1 10h14v7H1zM17 10h14v7H17zM33 10h14v7H33zM1 19h14v7H1zM17 19h14v7H17zM33 19h14v7H33z',
  'one-and-five': 'M1 1h30v16H1zM33 1h14v7H33zM33 10h14v7H33zM33 19h14v7H33zM17 19h14v7H17zM1 19h14v7H1z',
  grid: 'M1 1h22v12H1zM25 1h22v12H25zM13 14h22v12H13z',
};

/** What those see who have a picture, and whom. */
export function LayoutDialog({ session, onClose }: { session: Session; onClose: () => void }) {
  const path = { id: session.id };
  const choose = async (layout: Session['layout']): Promise<void> => {
    await ask('PATCH /sessions/{id}', { path, body: { layout } });
    toast(say('layout.changed'));
    onClose();
  };
  return (
    <Dialog title={say('live.layout')} onClose={onClose} wide>
      <ul class="layouts">
        {(Object.keys(layouts) as Session['layout'][]).map((layout) => (
          <li key={layout}>
            <button
              type="button"
              class="layout-choice"
              aria-pressed={session.layout === layout}
              onClick={() => void choose(layout).catch(toastError)}
            >
              <svg viewBox="0 0 48 27" aria-hidden="true">
                <path d={layouts[layout]} />
              </svg>
              <span>{say(`layout.${layout}`)}</span>
            </button>
          </li>
        ))}
      </ul>
      {session.floor.kind !== 'automatic' && (
        <Notice
          kind="info"
          action={
            <Button small onClick={() => ask('PATCH /sessions/{id}', { path, body: { floor: { kind: 'automatic' } } })}>
              {say('layout.follow-voice')}
            </Button>
          }
        >
          {say('layout.fixed')}
        </Notice>
      )}
    </Dialog>
  );
}
