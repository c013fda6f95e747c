import type { Answer } from '../../../client/http.ts';
import { Notice } from '../../../parts/notice.tsx';
import { Table } from '../../../parts/table.tsx';
import { say } from '../../../words/words.ts';
import { settingName } from './words.ts';

type Preview = Answer<'POST /provisioning/preview'>;

/** What would become different in a device's files, name by name; passwords stay hidden. */
export function Changes({ differences }: { differences: Preview['differences'] }) {
  if (differences.length === 0) return <Notice kind="info">{say('settings.no-change')}</Notice>;
  return (
    <Table
      caption={say('settings.changes')}
      items={differences}
      keyOf={({ name }) => name}
      columns={[
        { title: say('settings.parameter'), main: true, cell: ({ name }) => <span class="code">{name}</span> },
        { title: say('settings.before'), cell: ({ before }) => <span class="code">{before ?? '–'}</span> },
        { title: say('settings.after'), cell: ({ after }) => <span class="code">{after ?? '–'}</span> },
      ]}
    />
  );
}

/** The files as the device would get them. */
export function Files({ files }: { files: Preview['files'] }) {
  return (
    <>
      {files.map((file) => (
        <div key={file.paths.join(' ')}>
          <h3 class="code">{file.paths.join(', ')}</h3>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reached by the keyboard */}
          <pre class="preview code" tabIndex={0}>
            {file.text}
          </pre>
        </div>
      ))}
    </>
  );
}

/** What a device does not get from its file; of its language it is said what that means. */
export function NotCarried({ names }: { names: readonly string[] }) {
  const others = names.filter((name) => name !== 'language').map(settingName);
  return (
    <>
      {names.includes('language') && <Notice kind="info">{say('provisioning.no-vietnamese')}</Notice>}
      {others.length > 0 && (
        <Notice kind="care">{say('provisioning.not-carried', { names: others.join(', ') })}</Notice>
      )}
    </>
  );
}
