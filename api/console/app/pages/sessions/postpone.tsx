import { ask, Refusal } from '../../client/http.ts';
import type { Session } from '../../client/live.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { CheckField, DateTimeField, dateTimeText, momentOf, TextArea } from '../../parts/field.tsx';
import { Form, Group, useForm } from '../../parts/form.tsx';
import { toast } from '../../parts/toast.tsx';
import { say } from '../../words/words.ts';

/** Puts a planned session off, with the reason. */
export function PostponeDialog({ session, onClose }: { session: Session; onClose: () => void }) {
  const form = useForm({
    start: dateTimeText(session.plannedStart),
    end: dateTimeText(session.plannedEnd),
    reason: '',
    despite: false,
  });
  const { start, end, reason, despite } = form.value;
  return (
    <Dialog title={say('session.postpone')} onClose={onClose}>
      <Form
        form={form}
        send={say('session.postpone')}
        onCancel={onClose}
        onSend={async () => {
          const [plannedStart, plannedEnd] = [momentOf(start), momentOf(end)];
          if (plannedStart === false || plannedStart === undefined || plannedEnd === false) {
            throw new Refusal(
              400,
              'field-time',
              say('field.bad-time'),
              plannedEnd === false ? 'plannedEnd' : 'plannedStart',
            );
          }
          await ask('POST /sessions/{id}/postpone', {
            path: { id: session.id },
            body: {
              plannedStart,
              ...(plannedEnd === undefined ? {} : { plannedEnd }),
              reason,
              ...(despite ? { allowClash: true } : {}),
            },
          });
          toast(say('session.postponed'));
          onClose();
        }}
      >
        <Group>
          <div class="field-wide">
            <DateTimeField
              label={say('session.start')}
              value={start}
              error={form.wrong('plannedStart')}
              onInput={(value) => form.set({ start: value })}
            />
          </div>
          <div class="field-wide">
            <DateTimeField
              label={say('session.end')}
              value={end}
              error={form.wrong('plannedEnd')}
              onInput={(value) => form.set({ end: value })}
            />
          </div>
          <TextArea
            label={say('field.reason')}
            required
            rows={3}
            value={reason}
            error={form.wrong('reason')}
            onInput={(value) => form.set({ reason: value })}
          />
          {form.failure instanceof Refusal && form.failure.code.includes('clash') && (
            <CheckField
              label={say('clash.despite')}
              value={despite}
              onInput={(value) => form.set({ despite: value })}
            />
          )}
        </Group>
      </Form>
    </Dialog>
  );
}
