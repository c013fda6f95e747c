import { useSignal } from '@preact/signals';
import { useData } from '../client/data.ts';
import { sendFile } from '../client/files.ts';
import { addressOf, ask } from '../client/http.ts';
import { bytes, dateTime } from '../words/format.ts';
import { say } from '../words/words.ts';
import { Button } from './button.tsx';
import { confirm } from './confirm.tsx';
import { Icon } from './icon.tsx';
import { Waiting } from './notice.tsx';
import { toast, toastError } from './toast.tsx';

/** The files of a case or a session: listed, uploaded, taken away. */
export function Files({ owner, id, mayAct }: { owner: 'case' | 'session'; id: string; mayAct: boolean }) {
  const files = useData(owner === 'case' ? 'GET /cases/{id}/files' : 'GET /sessions/{id}/files', { path: { id } }, [
    'change:file',
  ]);
  const busy = useSignal(false);
  const upload = async (list: FileList | null): Promise<void> => {
    busy.value = true;
    try {
      for (const file of list ?? []) await send(owner, id, file);
      files.reload();
      toast(say('files.uploaded'));
    } catch (error) {
      toastError(error);
    } finally {
      busy.value = false;
    }
  };
  if (files.value === undefined) return <Waiting error={files.error} reload={files.reload} />;
  return (
    <>
      {files.value.items.length === 0 ? (
        <p class="soft">{say('files.none')}</p>
      ) : (
        <ul class="file-list">
          {files.value.items.map((file) => (
            <li key={file.id}>
              <a href={addressOf('GET /files/{id}', { path: { id: file.id } })} download={file.name}>
                {file.name}
              </a>
              <span class="soft">
                {bytes(file.bytes)} · {dateTime(file.createdAt)}
              </span>
              {mayAct && (
                <Button
                  small
                  iconOnly
                  kind="danger"
                  icon="remove"
                  onClick={() => remove(file.id, file.name, files.reload)}
                >
                  {say('remove.of', { name: file.name })}
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
      {mayAct && (
        <label class="upload">
          <input
            type="file"
            multiple
            disabled={busy.value}
            onChange={(event) => {
              void upload(event.currentTarget.files);
              event.currentTarget.value = '';
            }}
          />
          <span class="button button-secondary">
            <Icon name="upload" />
            {busy.value ? say('files.uploading') : say('files.add')}
          </span>
        </label>
      )}
    </>
  );
}

function remove(id: string, name: string, done: () => void): void {
  confirm({
    title: say('remove.title'),
    text: say('remove.text', { name }),
    deed: say('action.remove'),
    danger: true,
    act: async () => {
      await ask('DELETE /files/{id}', { path: { id } });
      done();
    },
  });
}

const send = (owner: 'case' | 'session', id: string, file: File): Promise<unknown> =>
  sendFile(owner === 'case' ? 'POST /cases/{id}/files' : 'POST /sessions/{id}/files', { path: { id } }, file);
