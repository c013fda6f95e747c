import { useSignal } from '@preact/signals';
import { type Answer, ask, type Item } from '../../client/http.ts';
import { SelectField, TextField } from '../../parts/field.tsx';
import { Form, Group, useForm } from '../../parts/form.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Panel } from '../../parts/page.tsx';
import { say } from '../../words/words.ts';

/** Asks where a number would go, dialled by whom, and shows each rule that was looked at. */
export function Tester({ devices, trunks }: { devices: Item<'GET /endpoints'>[]; trunks: Item<'GET /trunks'>[] }) {
  const form = useForm({ called: '', from: '', protocol: 'sip' as 'sip' | 'h323' });
  const found = useSignal<Answer<'POST /dial-plan/test'> | undefined>(undefined);
  const { called, from, protocol } = form.value;
  const callers = [
    ...devices.map(({ id, name }) => ({ value: `endpointId ${id}`, label: name })),
    ...trunks.map(({ id, name }) => ({ value: `trunkId ${id}`, label: say('tester.by-trunk', { name }) })),
  ];
  const [kind, id] = from.split(' ');
  return (
    <Panel title={say('tester.title')}>
      <Form
        form={form}
        send={say('tester.send')}
        onSend={async () => {
          const caller = kind === 'endpointId' ? { endpointId: id } : kind === 'trunkId' ? { trunkId: id } : {};
          found.value = await ask('POST /dial-plan/test', { body: { called: called.trim(), protocol, ...caller } });
        }}
      >
        <Group>
          <TextField
            label={say('tester.number')}
            hint={say('tester.number-hint')}
            inputMode="tel"
            value={called}
            error={form.wrong('called')}
            onInput={(text) => form.set({ called: text })}
          />
          <SelectField
            label={say('tester.from')}
            empty={say('tester.anybody')}
            value={from}
            onInput={(text) => form.set({ from: text })}
            choices={callers}
          />
          <SelectField
            label={say('uplink.protocol')}
            value={protocol}
            onInput={(text) => form.set({ protocol: text as 'sip' | 'h323' })}
            choices={[
              { value: 'sip', label: 'SIP' },
              { value: 'h323', label: 'H.323' },
            ]}
          />
        </Group>
      </Form>
      {found.value !== undefined && <Decision decision={found.value} />}
    </Panel>
  );
}

function Decision({ decision }: { decision: Answer<'POST /dial-plan/test'> }) {
  const { rule, number, steps } = decision;
  return (
    <div class="decision" aria-live="polite">
      <Notice kind={rule === undefined ? 'care' : 'good'}>
        <span class="answer">
          {rule === undefined
            ? say('tester.nowhere')
            : say('tester.goes', { to: say(`to.${rule.destination.kind}`), rule: rule.name, number })}
        </span>
      </Notice>
      <h3>{say('tester.looked-at')}</h3>
      <ol class="steps">
        {steps.map((step) => (
          <li key={step.ruleId} class={step.matched ? 'step-hit' : undefined}>
            <Icon name={step.matched ? 'ok' : 'close'} />
            <b>{step.name}</b>
            <span>{step.why}</span>
          </li>
        ))}
      </ol>
    </div>
  );
}
