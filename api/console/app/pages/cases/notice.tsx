import { ask, Refusal } from '../../client/http.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { DayField, TextArea, TextField } from '../../parts/field.tsx';
import { Form, Group, useForm } from '../../parts/form.tsx';
import { toast } from '../../parts/toast.tsx';
import { date, readDateTime } from '../../words/format.ts';
import { say } from '../../words/words.ts';
import type { Case } from './state.ts';

/** Writes the notice of the result; until it is issued it is a draft. */
export function NoticeDialog({ one, onClose }: { one: Case; onClose: () => void }) {
  const { notice } = one;
  const form = useForm({
    number: notice?.number ?? '',
    day: date(notice?.date ?? Date.now()),
    request: notice?.request || one.summary,
    content: notice?.content ?? '',
    conclusion: notice?.conclusion || (one.outcome ?? ''),
    signer: notice?.signer ?? '',
  });
  const { value } = form;
  return (
    <Dialog title={say('notice.title')} onClose={onClose} wide>
      <Form
        form={form}
        send={say('action.save')}
        onCancel={onClose}
        onSend={async () => {
          const moment = readDateTime(value.day, '00:00');
          if (moment === undefined) throw new Refusal(400, 'field-time', say('field.bad-time'), 'date');
          const { day: _day, number, signer, ...texts } = value;
          const kept = notice === undefined ? {} : { recipients: notice.recipients };
          await ask('PUT /cases/{id}/notice', {
            path: { id: one.id },
            body: {
              ...kept,
              ...texts,
              date: moment,
              ...(number.trim() === '' ? {} : { number }),
              ...(signer.trim() === '' ? {} : { signer }),
            },
          });
          toast(say('action.saved'));
          onClose();
        }}
      >
        <Group>
          <TextField
            label={say('notice.number')}
            inputMode="numeric"
            value={value.number}
            error={form.wrong('number')}
            onInput={(number) => form.set({ number })}
          />
          <DayField
            label={say('notice.date')}
            value={value.day}
            error={form.wrong('date')}
            onInput={(day) => form.set({ day })}
          />
          <TextField
            label={say('notice.signer')}
            hint={say('notice.signer-hint')}
            value={value.signer}
            error={form.wrong('signer')}
            onInput={(signer) => form.set({ signer })}
          />
          <TextArea
            label={say('notice.request')}
            value={value.request}
            error={form.wrong('request')}
            onInput={(request) => form.set({ request })}
          />
          <TextArea
            label={say('notice.content')}
            rows={6}
            value={value.content}
            error={form.wrong('content')}
            onInput={(content) => form.set({ content })}
          />
          <TextArea
            label={say('notice.conclusion')}
            rows={6}
            value={value.conclusion}
            error={form.wrong('conclusion')}
            onInput={(conclusion) => form.set({ conclusion })}
          />
        </Group>
      </Form>
    </Dialog>
  );
}
