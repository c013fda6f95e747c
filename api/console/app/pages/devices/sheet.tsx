import { useSignal } from '@preact/signals';
import { useData } from '../../client/data.ts';
import { takeDocument } from '../../client/files.ts';
import { Button } from '../../parts/button.tsx';
import { SelectField } from '../../parts/field.tsx';
import { say } from '../../words/words.ts';
import type { Device } from './devices.tsx';

/** For hardware that takes no files: a sheet of what to set, with the device's own menu names, to print. */
export function SheetPrint({ device }: { device: Device }) {
  const found = useData('GET /provisioning/sheets', {});
  const model = useSignal('');
  const fitting = (found.value?.items ?? []).filter(({ protocols }) => protocols.some((one) => one === device.kind));
  if (fitting.length === 0) return null;
  return (
    <section aria-label={say('sheet.title')}>
      <h3>{say('sheet.title')}</h3>
      <p class="hint">{say('sheet.text')}</p>
      <div class="with-button setting-add">
        <SelectField
          label={say('provisioning.model')}
          empty={say('field.choose')}
          value={model.value}
          onInput={(value) => {
            model.value = value;
          }}
          choices={fitting.map((one) => ({ value: one.model, label: `${one.vendor} ${one.model}` }))}
        />
        <Button
          icon="download"
          disabled={model.value === ''}
          onClick={() =>
            takeDocument(
              'POST /provisioning/sheet.pdf',
              { body: { endpointId: device.id, model: model.value } },
              'phieu-cai-dat.pdf',
            )
          }
        >
          {say('sheet.take')}
        </Button>
      </div>
    </section>
  );
}
