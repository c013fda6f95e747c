import { ask, type Body } from '../../client/http.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { TextArea, TextField } from '../../parts/field.tsx';
import { Form, Group, useForm } from '../../parts/form.tsx';
import { toast } from '../../parts/toast.tsx';
import { say } from '../../words/words.ts';
import type { Case } from './state.ts';

export type Step = Body<'POST /cases/{id}/steps'>['step'];

/** Takes a case one step on; asks for what that step needs. */
export function StepDialog({ one, step, onClose }: { one: Case; step: Step; onClose: () => void }) {
  const decides = step === 'accept' || step === 'refuse';
  const form = useForm({
    reason: '',
    decidedBy: decides ? say(one.authority === 'commune' ? 'decision.chair-commune' : 'decision.chair-province') : '',
    document: '',
    outcome: one.outcome ?? '',
  });
  const { value } = form;
  return (
    <Dialog title={say(`step.${step}`)} onClose={onClose}>
      <Form
        form={form}
        send={say(`step.${step}`)}
        sendKind={step === 'refuse' || step === 'withdraw' ? 'danger' : 'primary'}
        onCancel={onClose}
        onSend={async () => {
          const given = Object.fromEntries(Object.entries(value).filter(([, text]) => text.trim() !== ''));
          if (step !== 'hold') delete given.outcome;
          await ask('POST /cases/{id}/steps', { path: { id: one.id }, body: { ...given, step } });
          toast(say('case.went-on'));
          onClose();
        }}
      >
        <p class="lead">{say(`step.about.${step}`)}</p>
        <Group>
          {decides && (
            <>
              <TextField
                label={say('decision.by')}
                required
                value={value.decidedBy}
                error={form.wrong('decidedBy')}
                onInput={(decidedBy) => form.set({ decidedBy })}
              />
              <TextField
                label={say('decision.document')}
                hint={say('decision.document-hint')}
                value={value.document}
                error={form.wrong('document')}
                onInput={(document) => form.set({ document })}
              />
            </>
          )}
          {step === 'hold' && (
            <TextArea
              label={say('decision.outcome')}
              value={value.outcome}
              error={form.wrong('outcome')}
              onInput={(outcome) => form.set({ outcome })}
            />
          )}
          {(decides || step === 'withdraw') && (
            <TextArea
              label={say('decision.reason')}
              required
              rows={3}
              value={value.reason}
              error={form.wrong('reason')}
              onInput={(reason) => form.set({ reason })}
            />
          )}
        </Group>
      </Form>
    </Dialog>
  );
}
