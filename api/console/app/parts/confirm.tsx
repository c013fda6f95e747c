import { signal } from '@preact/signals';
import { say } from '../words/words.ts';
import { Dialog } from './dialog.tsx';
import { TextArea } from './field.tsx';
import { Form, useForm } from './form.tsx';

/* Asks before something that cannot be taken back. */

interface Question {
  title: string;
  text: string;
  /** What the button says: the deed itself. */
  deed: string;
  danger?: boolean;
  /** Asks for a reason too, which goes on record. */
  reason?: boolean;
  act(reason: string | undefined): Promise<unknown>;
}

const question = signal<Question | undefined>(undefined);

export function confirm(asked: Question): void {
  question.value = asked;
}

const close = (): void => {
  question.value = undefined;
};

function ConfirmDialog({ asked }: { asked: Question }) {
  const form = useForm({ reason: '' });
  return (
    <Dialog title={asked.title} onClose={close}>
      <Form
        form={form}
        send={asked.deed}
        sendKind={asked.danger === true ? 'danger' : 'primary'}
        onCancel={close}
        onSend={async () => {
          const reason = form.value.reason.trim();
          await asked.act(reason === '' ? undefined : reason);
          close();
        }}
      >
        <p class="lead">{asked.text}</p>
        {asked.reason === true && (
          <TextArea
            label={say('field.reason')}
            value={form.value.reason}
            error={form.wrong('reason')}
            onInput={(reason) => form.set({ reason })}
          />
        )}
      </Form>
    </Dialog>
  );
}

export function Confirm() {
  return question.value === undefined ? null : <ConfirmDialog asked={question.value} />;
}
