import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { useData } from '../../client/data.ts';
import { addressOf, ask, user } from '../../client/http.ts';
import { useWholeLog } from '../../client/whole-log.ts';
import { Button, LinkButton } from '../../parts/button.tsx';
import { Empty, Notice, Waiting } from '../../parts/notice.tsx';
import { Badge, Facts, PageHead, Panel } from '../../parts/page.tsx';
import { toast } from '../../parts/toast.tsx';
import { bytes, dateTime, duration } from '../../words/format.ts';
import { say } from '../../words/words.ts';
import { mayAs } from '../pages.ts';
import { marksOf } from './marks.ts';
import { recordingTone } from './recordings.tsx';
import { lanesOf, TimeLine } from './time-line.tsx';

/** One recording: played, with what happened as marks on its time line. */
export default function RecordingPage({ params }: { params: Record<string, string> }) {
  const id = params.id ?? '';
  const found = useData('GET /recordings/{id}', { path: { id } }, ['recording']);
  const one = found.value;
  const session = useData('GET /sessions/{id}', one === undefined ? undefined : { path: { id: one.sessionId } });
  const log = useWholeLog(one?.sessionId);
  const tracks = useData(
    'GET /recordings',
    one === undefined ? undefined : { query: { sessionId: one.sessionId, kind: 'track', limit: 100 } },
  );
  const legs = useData(
    'GET /sessions/{id}/legs',
    one === undefined ? undefined : { path: { id: one.sessionId }, query: { limit: 200 } },
  );
  const spans = useData('GET /sessions/{id}/timeline', one === undefined ? undefined : { path: { id: one.sessionId } });
  const player = useRef<HTMLVideoElement>(null);
  const now = useSignal(0);
  if (one === undefined) return <Waiting error={found.error} reload={found.reload} />;

  const lengthMs = one.durationMs ?? 0;
  const playable = one.state === 'closed';
  const marks = marksOf(log.entries ?? [], one, lengthMs);
  const lanes = spans.value === undefined ? [] : lanesOf(spans.value, one, lengthMs);
  const jump = (ms: number): void => {
    const element = player.current;
    if (element === null) return;
    element.currentTime = ms / 1000;
    now.value = ms;
    void element.play().catch(() => {
      // A browser may want a press on the player itself first: the place is set all the same.
    });
  };
  const file = addressOf('GET /recordings/{id}/file', { path: { id } });
  return (
    <>
      <PageHead
        title={session.value?.title ?? say('recordings.untitled')}
        back={{ href: '/recordings', text: say('recordings.title') }}
        about={dateTime(one.startedAt)}
        actions={
          <>
            <Badge tone={recordingTone[one.state]}>{say(`recording.${one.state}`)}</Badge>
            {playable && mayAs(user.value?.role ?? 'viewer', 'operator') && <Verify id={id} />}
            {session.value?.state === 'ended' && mayAs(user.value?.role ?? 'viewer', 'operator') && (
              <LinkButton
                href={addressOf('GET /sessions/{id}/bundle.zip', { path: { id: one.sessionId } })}
                download
                icon="shield"
              >
                {say('keeping.bundle')}
              </LinkButton>
            )}
            {playable && (
              <LinkButton href={file} download icon="download">
                {say('recordings.download')}
              </LinkButton>
            )}
          </>
        }
      />
      <Panel title={say('recordings.play')}>
        {!playable ? (
          <Notice kind="info">{say(`recordings.why.${one.state}`)}</Notice>
        ) : (
          <>
            <video
              ref={player}
              class={`player${one.format === 'mp4' ? '' : ' player-sound'}`}
              controls
              preload="metadata"
              aria-label={session.value?.title ?? say('recordings.untitled')}
              src={file}
              onTimeUpdate={(event) => {
                now.value = event.currentTarget.currentTime * 1000;
              }}
            >
              <track kind="captions" />
            </video>
            {lengthMs > 0 && (
              <TimeLine lanes={lanes} marks={marks} lengthMs={lengthMs} nowMs={now.value} onJump={jump} />
            )}
          </>
        )}
      </Panel>
      <div class="columns columns-even">
        <Panel title={say('recordings.events')}>
          {log.entries === undefined ? (
            <Waiting error={log.error} reload={log.reload} />
          ) : marks.length === 0 ? (
            <Empty icon="clock" title={say('recordings.no-events')} />
          ) : (
            <ol class="marks">
              {marks.map((mark) => (
                <li key={mark.seq}>
                  <button type="button" onClick={() => jump(mark.atMs)}>
                    <time>{duration(mark.atMs)}</time>
                    <span>{mark.text}</span>
                  </button>
                </li>
              ))}
            </ol>
          )}
        </Panel>
        <div>
          <Panel title={say('recordings.facts')}>
            <Facts
              items={[
                [
                  say('recordings.session'),
                  <a href={`/sessions/${one.sessionId}`}>{session.value?.title ?? one.sessionId}</a>,
                ],
                [say('recordings.length'), duration(lengthMs)],
                [say('recordings.size'), bytes(one.bytes)],
                [say('recordings.form'), one.format.toUpperCase()],
                ['SHA-256', one.sha256 === undefined ? undefined : <span class="code">{one.sha256}</span>],
              ]}
            />
          </Panel>
          {(tracks.value?.items.length ?? 0) > 0 && (
            <Panel title={say('recordings.tracks')}>
              <ul class="builder">
                {tracks.value?.items.map((track) => {
                  const name = legs.value?.items.find((leg) => leg.id === track.legId)?.name ?? say('recordings.track');
                  return (
                    <li key={track.id}>
                      <span />
                      <span>
                        {name} <small class="soft">{bytes(track.bytes)}</small>
                      </span>
                      {track.state === 'closed' && (
                        <LinkButton
                          small
                          icon="download"
                          download
                          href={addressOf('GET /recordings/{id}/file', { path: { id: track.id } })}
                        >
                          {say('recordings.download')}
                        </LinkButton>
                      )}
                    </li>
                  );
                })}
              </ul>
            </Panel>
          )}
        </div>
      </div>
    </>
  );
}

/** One click: is the file still what was closed and written into the log? */
function Verify({ id }: { id: string }) {
  return (
    <Button
      icon="shield"
      onClick={async () => {
        const { intact, file } = await ask('POST /recordings/{id}/verify', { path: { id }, body: {} });
        toast(say(intact ? 'verify.file-intact' : `verify.file-${file.state}`), intact ? 'good' : 'bad');
      }}
    >
      {say('verify.file')}
    </Button>
  );
}
