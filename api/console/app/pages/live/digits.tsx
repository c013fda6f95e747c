import { ask } from '../../client/http.ts';
import type { Leg, Session } from '../../client/live.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { TextField } from '../../parts/field.tsx';
import { Form, useForm } from '../../parts/form.tsx';
import { toast } from '../../parts/toast.tsx';
import { say } from '../../words/words.ts';

const keys = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'];

/** Keys that are sent to a far end's voice menu. */
export function DigitsDialog({ session, leg, onClose }: { session: Session; leg: Leg; onClose: () => void }) {
  const form = useForm({ digits: '' });
  return (
    <Dialog title={say('digits.title', { name: leg.name })} onClose={onClose}>
      <Form
        form={form}
        send={say('digits.send')}
        onCancel={onClose}
        onSend={async () => {
          await ask('POST /sessions/{id}/legs/{leg}/digits', {
            path: { id: session.id, leg: leg.id },
            body: { digits: form.value.digits },
          });
          toast(say('digits.sent'));
          onClose();
        }}
      >
        <TextField
          label={say('digits.label')}
          hint={say('digits.hint')}
          inputMode="tel"
          value={form.value.digits}
          error={form.wrong('digits')}
          onInput={(digits) => form.set({ digits })}
        />
        <div class="keypad">
          {keys.map((key) => (
            <button key={key} type="button" onClick={() => form.set({ digits: form.value.digits + key })}>
              {key}
            </button>
          ))}
        </div>
      </Form>
    </Dialog>
  );
}
