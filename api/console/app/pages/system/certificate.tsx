import { useSignal } from '@preact/signals';
import { useData } from '../../client/data.ts';
import { ask, user } from '../../client/http.ts';
import { Button } from '../../parts/button.tsx';
import { confirm } from '../../parts/confirm.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { TextArea } from '../../parts/field.tsx';
import { Form, useForm } from '../../parts/form.tsx';
import { Notice, Waiting } from '../../parts/notice.tsx';
import { Facts, Panel } from '../../parts/page.tsx';
import { toast, toastError } from '../../parts/toast.tsx';
import { date } from '../../words/format.ts';
import { say } from '../../words/words.ts';
import { mayAs } from '../pages.ts';

/** So long before a certificate ends it is told, ms. */
const soonMs = 30 * 86_400_000;

/** The certificate that devices see: whose, until when, and putting another in its place. */
export function Certificate() {
  const found = useData('GET /system/certificate', {}, ['change:certificate']);
  const giving = useSignal(false);
  const mayAct = mayAs(user.value?.role ?? 'viewer', 'admin');
  const one = found.value;
  const missing = found.error?.status === 404;
  const ending = one !== undefined && new Date(one.validTo).getTime() - Date.now() < soonMs;
  return (
    <Panel
      title={say('machine.certificate')}
      tone={ending ? 'care' : 'plain'}
      actions={
        mayAct && (
          <>
            <Button
              icon="upload"
              onClick={() => {
                giving.value = true;
              }}
            >
              {say('certificate.give')}
            </Button>
            <Button icon="refresh" onClick={renew}>
              {say('certificate.renew')}
            </Button>
          </>
        )
      }
    >
      {one === undefined ? (
        missing ? (
          <p class="soft">{say('field.none')}</p>
        ) : (
          <Waiting error={found.error} reload={found.reload} />
        )
      ) : (
        <>
          {ending && <Notice kind="care">{say('certificate.ending', { at: date(one.validTo) })}</Notice>}
          {!one.fitsHost && <Notice kind="care">{say('certificate.other-host')}</Notice>}
          <Facts
            items={[
              [say('machine.subject'), one.subject],
              [say('machine.issuer'), one.own ? say('certificate.own') : one.issuer],
              [say('certificate.names'), one.names.join(', ')],
              [say('machine.valid-to'), date(one.validTo)],
              ['SHA-256', <span class="code">{one.sha256}</span>],
            ]}
          />
          <p class="hint">{say(one.own ? 'certificate.own-hint' : 'certificate.used-for')}</p>
        </>
      )}
      {giving.value && (
        <GiveDialog
          onClose={() => {
            giving.value = false;
          }}
        />
      )}
    </Panel>
  );
}

function renew(): void {
  confirm({
    title: say('certificate.renew'),
    text: say('certificate.renew-text'),
    deed: say('certificate.renew'),
    act: async () => {
      await ask('POST /system/certificate/renew', { body: {} });
      toast(say('certificate.used'));
    },
  });
}

/** A certificate of an authority with its key, as files or pasted. */
function GiveDialog({ onClose }: { onClose: () => void }) {
  const form = useForm({ cert: '', key: '' });
  const take = (field: 'cert' | 'key') => async (files: FileList | null) => {
    try {
      const texts = await Promise.all([...(files ?? [])].map((file) => file.text()));
      form.set({ [field]: texts.join('\n') });
    } catch (error) {
      toastError(error);
    }
  };
  return (
    <Dialog title={say('certificate.give')} onClose={onClose} wide>
      <Form
        form={form}
        send={say('certificate.use')}
        onCancel={onClose}
        onSend={async () => {
          await ask('PUT /system/certificate', { body: form.value });
          toast(say('certificate.used'));
          onClose();
        }}
      >
        <p class="lead">{say('certificate.give-text')}</p>
        {(['cert', 'key'] as const).map((field) => (
          <div key={field} class="pem">
            <TextArea
              label={say(`certificate.${field}`)}
              hint={say(`certificate.${field}-hint`)}
              required
              rows={5}
              value={form.value[field]}
              error={form.wrong(field)}
              onInput={(text) => form.set({ [field]: text })}
            />
            <label class="upload">
              <input
                type="file"
                accept=".pem,.crt,.cer,.key"
                multiple={field === 'cert'}
                onChange={(event) => void take(field)(event.currentTarget.files)}
              />
              <span class="button button-secondary button-small">{say(`certificate.${field}-file`)}</span>
            </label>
          </div>
        ))}
      </Form>
    </Dialog>
  );
}
