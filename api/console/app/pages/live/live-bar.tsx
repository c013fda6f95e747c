import { useSignal } from '@preact/signals';
import { ask } from '../../client/http.ts';
import type { Session } from '../../client/live.ts';
import { Button } from '../../parts/button.tsx';
import { confirm } from '../../parts/confirm.tsx';
import { say } from '../../words/words.ts';
import { AnnounceDialog } from './announce.tsx';
import { LayoutDialog } from './layout.tsx';

/** What is done to the whole session. */
export function LiveBar({ session }: { session: Session }) {
  const layout = useSignal(false);
  const announcing = useSignal(false);
  const path = { id: session.id };
  return (
    <div class="live-bar">
      <Button
        icon={session.record ? 'stop' : 'record'}
        onClick={() =>
          session.record ? stopRecording(session) : ask('PUT /sessions/{id}/recording', { path, body: { on: true } })
        }
      >
        {session.record ? say('live.record-off') : say('live.record-on')}
      </Button>
      <Button
        icon={session.locked ? 'lock' : 'unlock'}
        pressed={session.locked}
        onClick={() => ask('PUT /sessions/{id}/lock', { path, body: { on: !session.locked } })}
      >
        {session.locked ? say('live.unlock') : say('live.lock')}
      </Button>
      <Button
        icon="layout"
        onClick={() => {
          layout.value = true;
        }}
      >
        {say('live.layout')}
      </Button>
      <Button
        icon="announce"
        onClick={() => {
          announcing.value = true;
        }}
      >
        {say('live.announce')}
      </Button>
      {announcing.value && (
        <AnnounceDialog
          session={session}
          onClose={() => {
            announcing.value = false;
          }}
        />
      )}
      {layout.value && (
        <LayoutDialog
          session={session}
          onClose={() => {
            layout.value = false;
          }}
        />
      )}
    </div>
  );
}

function stopRecording({ id }: Session): void {
  confirm({
    title: say('live.record-off'),
    text: say('live.record-off-text'),
    deed: say('live.record-off'),
    danger: true,
    act: () => ask('PUT /sessions/{id}/recording', { path: { id }, body: { on: false } }),
  });
}

/** Ends the session for all. */
export function EndButton({ session }: { session: Session }) {
  return (
    <Button kind="danger" icon="stop" onClick={() => end(session)}>
      {say('live.end')}
    </Button>
  );
}

function end({ id }: Session): void {
  confirm({
    title: say('live.end'),
    text: say('live.end-text'),
    deed: say('live.end'),
    danger: true,
    reason: true,
    act: (reason) => ask('POST /sessions/{id}/end', { path: { id }, body: reason === undefined ? {} : { reason } }),
  });
}
