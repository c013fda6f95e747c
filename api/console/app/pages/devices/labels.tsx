import { takeDocument } from '../../client/files.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { SelectField, TextField } from '../../parts/field.tsx';
import { Form, Group, useForm } from '../../parts/form.tsx';
import { say } from '../../words/words.ts';

/** Labels with QR codes for the devices of a site, or for all: sheets of 24 to print and stick on. */
export function LabelsDialog({
  site,
  sites,
  onClose,
}: {
  /** The site that the list shows now. */
  site: string;
  sites: readonly { id: string; name: string }[];
  onClose: () => void;
}) {
  const form = useForm({ site, skip: '0' });
  const { value } = form;
  return (
    <Dialog title={say('labels.open')} onClose={onClose}>
      <Form
        form={form}
        send={say('labels.take')}
        onCancel={onClose}
        onSend={async () => {
          const body = { skip: Number(value.skip), ...(value.site === '' ? {} : { siteId: value.site }) };
          await takeDocument('POST /endpoints/labels', { body }, 'nhan-thiet-bi.pdf');
          onClose();
        }}
      >
        <p class="lead">{say('labels.text')}</p>
        <Group>
          <SelectField
            label={say('devices.site')}
            empty={say('filter.all')}
            value={value.site}
            onInput={(id) => form.set({ site: id })}
            choices={sites.map(({ id, name }) => ({ value: id, label: name }))}
          />
          <TextField
            label={say('labels.skip')}
            hint={say('labels.skip-hint')}
            type="number"
            inputMode="numeric"
            error={form.wrong('skip')}
            value={value.skip}
            onInput={(skip) => form.set({ skip })}
          />
        </Group>
      </Form>
    </Dialog>
  );
}
