import { type Asked, ask, type Operation } from '../client/http.ts';
import { say } from '../words/words.ts';
import { Button } from './button.tsx';
import { confirm } from './confirm.tsx';
import { toast } from './toast.tsx';

/** The two buttons at the end of a row that may be changed. */
export function RowActions<O extends Operation>({
  onEdit,
  ...removal
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
      <RemoveButton {...removal} />
    </div>
  );
}

/** Takes a thing away, when whoever presses it is sure. */
export function RemoveButton<O extends Operation>({
  name,
  remove,
  path,
  text,
}: {
  name: string;
  remove: O;
  path: Asked<O>['path'];
  /** What else happens when it is gone. */
  text?: string;
}) {
  return (
    <Button
      small
      iconOnly
      kind="danger"
      icon="remove"
      onClick={() =>
        confirm({
          title: say('remove.title'),
          text: text ?? say('remove.text', { name }),
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
  );
}

/** Leaves out of a change what is empty: with `null` where the field is to be taken away. */
export const orNull = (text: string): string | null => (text.trim() === '' ? null : text.trim());
export const orNothing = (text: string): string | undefined => (text.trim() === '' ? undefined : text.trim());
