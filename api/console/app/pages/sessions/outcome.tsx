import { useData } from '../../client/data.ts';
import { ask } from '../../client/http.ts';
import type { Session } from '../../client/live.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { TextArea } from '../../parts/field.tsx';
import { Form, Group, useForm } from '../../parts/form.tsx';
import { toast } from '../../parts/toast.tsx';
import { say } from '../../words/words.ts';

/** How a session ended, and what came of each of its cases. */
export function OutcomeDialog({ session, onClose }: { session: Session; onClose: () => void }) {
  const cases = useData('GET /cases', { query: { sessionId: session.id, limit: 200 } });
  const form = useForm({ text: session.outcome?.text ?? '', cases: {} as Record<string, string> });
  const { text } = form.value;
  const outcomeOf = (id: string, before: string | undefined): string => form.value.cases[id] ?? before ?? '';
  return (
    <Dialog title={say('session.outcome')} onClose={onClose} wide>
      <Form
        form={form}
        send={say('action.save')}
        onCancel={onClose}
        onSend={async () => {
          const told = (cases.value?.items ?? []).map(({ id, outcome }) => {
            const words = outcomeOf(id, outcome).trim();
            return { caseId: id, ...(words === '' ? {} : { outcome: words }) };
          });
          await ask('PUT /sessions/{id}/outcome', { path: { id: session.id }, body: { text, cases: told } });
          toast(say('action.saved'));
          onClose();
        }}
      >
        <Group>
          <TextArea
            label={say('session.outcome-text')}
            hint={say('session.outcome-hint')}
            required
            value={text}
            error={form.wrong('text')}
            onInput={(value) => form.set({ text: value })}
          />
          {(cases.value?.items ?? []).map((one) => (
            <TextArea
              key={one.id}
              label={say('session.outcome-case', { code: one.code, title: one.title })}
              rows={3}
              value={outcomeOf(one.id, one.outcome)}
              onInput={(value) => form.set({ cases: { ...form.value.cases, [one.id]: value } })}
            />
          ))}
        </Group>
      </Form>
    </Dialog>
  );
}
