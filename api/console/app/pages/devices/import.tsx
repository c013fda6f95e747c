import { useSignal } from '@preact/signals';
import { sendFile } from '../../client/files.ts';
import { type Answer, addressOf } from '../../client/http.ts';
import { Button, LinkButton } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Badge } from '../../parts/page.tsx';
import { toast, toastError } from '../../parts/toast.tsx';
import { say } from '../../words/words.ts';

type Look = Answer<'POST /endpoints/import'>;

/** Many devices from one file: looked at first, row by row; then all of it or nothing. */
export function ImportDialog({ onClose }: { onClose: () => void }) {
  const file = useSignal<File | undefined>(undefined);
  const look = useSignal<Look | undefined>(undefined);
  const show = async (chosen: File | undefined): Promise<void> => {
    file.value = chosen;
    look.value = undefined;
    if (chosen !== undefined) look.value = await send(chosen);
  };
  const found = look.value;
  return (
    <Dialog title={say('import.open')} onClose={onClose} wide>
      <p class="lead">{say('import.text')}</p>
      <br />
      <div class="row-actions">
        <label class="upload">
          <input
            type="file"
            accept=".csv,.xlsx"
            onChange={(event) => {
              void show(event.currentTarget.files?.[0]).catch(toastError);
              event.currentTarget.value = '';
            }}
          />
          <span class="button button-primary">
            <Icon name="upload" />
            {say('import.choose')}
          </span>
        </label>
        <LinkButton
          icon="download"
          download
          href={addressOf('GET /endpoints/export', { query: { format: 'xlsx', empty: 'true' } })}
        >
          {say('import.form')}
        </LinkButton>
        <LinkButton icon="download" download href={addressOf('GET /endpoints/export', { query: { format: 'xlsx' } })}>
          {say('import.export')}
        </LinkButton>
      </div>
      {found !== undefined && (
        <div class="decision">
          <h3>{file.value?.name}</h3>
          <Notice kind={found.problems.length > 0 ? 'bad' : 'info'}>
            {found.problems.length > 0
              ? say('import.problems', { count: found.problems.length })
              : say('import.would', { create: found.create, change: found.change, same: found.same })}
          </Notice>
          {found.problems.length > 0 ? (
            <ul class="log-list">
              {found.problems.map((problem) => (
                <li key={`${problem.row} ${problem.column} ${problem.code}`}>
                  <time>{say('import.row', { row: problem.row })}</time>
                  <span>
                    {problem.column !== undefined && <b>{problem.column}: </b>}
                    {problem.text}
                  </span>
                </li>
              ))}
            </ul>
          ) : (
            <ul class="log-list">
              {found.rows
                .filter(({ action }) => action !== 'same')
                .map((row) => (
                  <li key={row.row}>
                    <time>{say('import.row', { row: row.row })}</time>
                    <span>
                      <b>{row.name}</b>{' '}
                      <Badge tone={row.action === 'create' ? 'good' : 'info'}>
                        {say(row.action === 'create' ? 'import.create' : 'import.change')}
                      </Badge>{' '}
                      <span class="soft">
                        {(row.changes ?? [])
                          .map(({ label, before, after }) => `${label}: ${before || '–'} → ${after || '–'}`)
                          .join('; ')}
                      </span>
                    </span>
                  </li>
                ))}
            </ul>
          )}
          {found.token !== undefined && found.create + found.change > 0 && (
            <div>
              <Button
                kind="primary"
                icon="ok"
                onClick={async () => {
                  if (file.value === undefined) return;
                  await send(file.value, found.token);
                  toast(say('import.done'));
                  onClose();
                }}
              >
                {say('import.apply')}
              </Button>
            </div>
          )}
        </div>
      )}
    </Dialog>
  );
}

/** Without a token it is only looked at; with the token of that look it is done. @throws Refusal */
async function send(file: File, token?: string): Promise<Look> {
  return (await sendFile('POST /endpoints/import', { query: token === undefined ? {} : { token } }, file)) as Look;
}
