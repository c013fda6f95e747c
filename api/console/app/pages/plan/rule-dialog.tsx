import { ask, type Body, type Item } from '../../client/http.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { orNull } from '../../parts/editor.tsx';
import { CheckField, SelectField, TextField } from '../../parts/field.tsx';
import { Form, Group, useForm } from '../../parts/form.tsx';
import { toast } from '../../parts/toast.tsx';
import { say } from '../../words/words.ts';

type Rule = Item<'GET /dial-plan/rules'>;
type Destination = Body<'POST /dial-plan/rules'>['destination'];
type Named = { id: string; name: string };

interface RuleDialogProps {
  rule: Rule | undefined;
  sites: Item<'GET /sites'>[];
  trunks: Named[];
  devices: Named[];
  onClose: () => void;
}

const choicesOf = (things: Named[]) => things.map(({ id, name }) => ({ value: id, label: name }));
const kinds = ['room', 'device', 'uplink', 'trunk', 'ivr', 'test', 'reject'] as const;

/** One rule of the dial plan. */
export function RuleDialog({ rule, sites, trunks, devices, onClose }: RuleDialogProps) {
  const to = rule?.destination;
  const form = useForm({
    name: rule?.name ?? '',
    priority: String(rule?.priority ?? 100),
    enabled: rule?.enabled ?? true,
    type: rule?.pattern.type ?? ('exact' as Rule['pattern']['type']),
    value: rule?.pattern.value ?? '',
    transform: rule?.transform ?? '',
    protocol: rule?.source.protocol ?? '',
    endpointId: rule?.source.endpointId ?? '',
    trunkId: rule?.source.trunkId ?? '',
    kind: to?.kind ?? ('room' as Destination['kind']),
    target: to === undefined ? '' : targetOf(to),
    openOnArrival: to?.kind === 'room' && to.openOnArrival,
  });
  const { value } = form;
  const send = async (): Promise<void> => {
    const { protocol, endpointId, trunkId } = value;
    const source = {
      ...(rule?.source.siteId === undefined ? {} : { siteId: rule.source.siteId }),
      ...(protocol === '' ? {} : { protocol: protocol as 'sip' | 'h323' }),
      ...(endpointId === '' ? {} : { endpointId }),
      ...(trunkId === '' ? {} : { trunkId }),
    };
    const fields = {
      name: value.name,
      priority: Number(value.priority),
      enabled: value.enabled,
      pattern: { type: value.type, value: value.value },
      source,
      destination: destinationOf(value),
    };
    if (rule === undefined) {
      const transform = value.transform === '' ? {} : { transform: value.transform };
      await ask('POST /dial-plan/rules', { body: { ...fields, ...transform } });
    } else {
      await ask('PATCH /dial-plan/rules/{id}', {
        path: { id: rule.id },
        body: { ...fields, transform: orNull(value.transform) },
      });
    }
    toast(say('action.saved'));
    onClose();
  };
  const target = (label: string, choices: { value: string; label: string }[], field: string, empty?: string) => (
    <SelectField
      label={label}
      empty={empty ?? say('field.choose')}
      value={value.target}
      error={form.wrong(`destination.${field}`)}
      onInput={(text) => form.set({ target: text })}
      choices={choices}
    />
  );
  return (
    <Dialog title={rule?.name ?? say('plan.add')} onClose={onClose} wide>
      <Form form={form} send={say('action.save')} onSend={send} onCancel={onClose}>
        <Group>
          <TextField
            label={say('plan.rule')}
            required
            value={value.name}
            error={form.wrong('name')}
            onInput={(name) => form.set({ name })}
          />
          <TextField
            label={say('plan.priority')}
            hint={say('plan.priority-hint')}
            inputMode="numeric"
            value={value.priority}
            error={form.wrong('priority')}
            onInput={(priority) => form.set({ priority })}
          />
          <CheckField label={say('plan.enabled')} value={value.enabled} onInput={(enabled) => form.set({ enabled })} />
        </Group>
        <Group title={say('plan.number')}>
          <SelectField
            label={say('plan.pattern')}
            value={value.type}
            onInput={(type) => form.set({ type: type as Rule['pattern']['type'] })}
            choices={(['exact', 'prefix', 'regex'] as const).map((type) => ({
              value: type,
              label: say(`pattern.${type}`),
            }))}
          />
          <TextField
            label={say('plan.value')}
            required
            value={value.value}
            error={form.wrong('pattern.value')}
            onInput={(text) => form.set({ value: text })}
          />
          <TextField
            label={say('plan.transform')}
            hint={say('plan.transform-hint')}
            value={value.transform}
            error={form.wrong('transform')}
            onInput={(transform) => form.set({ transform })}
          />
        </Group>
        <Group title={say('plan.source')}>
          <SelectField
            label={say('uplink.protocol')}
            empty={say('plan.any')}
            value={value.protocol}
            onInput={(protocol) => form.set({ protocol })}
            choices={[
              { value: 'sip', label: 'SIP' },
              { value: 'h323', label: 'H.323' },
            ]}
          />
          <SelectField
            label={say('call.endpoint')}
            empty={say('plan.any')}
            value={value.endpointId}
            error={form.wrong('source.endpointId')}
            onInput={(endpointId) => form.set({ endpointId })}
            choices={choicesOf(devices)}
          />
          <SelectField
            label={say('lines.trunk')}
            empty={say('plan.any')}
            value={value.trunkId}
            error={form.wrong('source.trunkId')}
            onInput={(trunkId) => form.set({ trunkId })}
            choices={choicesOf(trunks)}
          />
        </Group>
        <Group title={say('plan.destination')}>
          <SelectField
            label={say('plan.to')}
            value={value.kind}
            onInput={(kind) => form.set({ kind: kind as Destination['kind'], target: '' })}
            choices={kinds.map((kind) => ({ value: kind, label: say(`to.${kind}`) }))}
          />
          {value.kind === 'room' && (
            <>
              <TextField
                label={say('plan.room')}
                hint={say('plan.room-hint')}
                value={value.target}
                error={form.wrong('destination.room')}
                onInput={(text) => form.set({ target: text })}
              />
              <CheckField
                label={say('plan.open-on-arrival')}
                value={value.openOnArrival}
                onInput={(openOnArrival) => form.set({ openOnArrival })}
              />
            </>
          )}
          {value.kind === 'device' &&
            target(say('call.endpoint'), choicesOf(devices), 'endpointId', say('plan.dialled-device'))}
          {value.kind === 'uplink' &&
            target(say('call.uplink'), choicesOf(sites.filter(({ uplink }) => uplink !== undefined)), 'siteId')}
          {value.kind === 'trunk' && target(say('lines.trunk'), choicesOf(trunks), 'trunkId')}
        </Group>
      </Form>
    </Dialog>
  );
}

function targetOf(to: Rule['destination']): string {
  if (to.kind === 'room') return to.room ?? '';
  if (to.kind === 'device') return to.endpointId ?? '';
  if (to.kind === 'uplink') return to.siteId;
  return to.kind === 'trunk' ? to.trunkId : '';
}

function destinationOf({
  kind,
  target,
  openOnArrival,
}: {
  kind: Destination['kind'];
  target: string;
  openOnArrival: boolean;
}): Destination {
  switch (kind) {
    case 'room':
      return { kind, openOnArrival, ...(target.trim() === '' ? {} : { room: target.trim() }) };
    case 'device':
      return target === '' ? { kind } : { kind, endpointId: target };
    case 'uplink':
      return { kind, siteId: target };
    case 'trunk':
      return { kind, trunkId: target };
    default:
      return { kind };
  }
}
