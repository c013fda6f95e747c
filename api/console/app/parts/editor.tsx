import { type Asked, ask, type Operation } from '../client/http.ts';
import { say } from '../words/words.ts';
import { Button } from './button.tsx';
import { confirm } from './confirm.tsx';
import { toast } from './toast.tsx';

/** The two buttons at the end of a row that may be changed. */
export function RowActions<O extends Operation>({
  name,
  onEdit,
  remove,
  path,
}: {
  name: string;
  onEdit: () => void;
  remove: O;
  path: Asked<O>['path'];
}) {
  return (
    <div class="row-actions">
      <Button small icon="edit" onClick={onEdit}>
        {say('action.edit')}
      </Button>
      <Button
        small
        iconOnly
        kind="danger"
        icon="remove"
        onClick={() =>
          confirm({
            title: say('remove.title'),
            text: say('remove.text', { name }),
            deed: say('action.remove'),
            danger: true,
            act: async () => {
              const take = ask as (operation: O, asked: { path: Asked<O>['path'] }) => Promise<unknown>;
              await take(remove, { path });
              toast(say('action.removed'));
            },
          })
        }
      >
        {say('remove.of', { name })}
      </Button>
    </div>
  );
}

/** Leaves out of a change what is empty: with `null` where the field is to be taken away. */
export const orNull = (text: string): string | null => (text.trim() === '' ? null : text.trim());
export const orNothing = (text: string): string | undefined => (text.trim() === '' ? undefined : text.trim());
