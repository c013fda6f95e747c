import { useSignal } from '@preact/signals';
import { ask, user } from '../../client/http.ts';
import { Button } from '../../parts/button.tsx';
import { confirm } from '../../parts/confirm.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { TextField } from '../../parts/field.tsx';
import { Notice } from '../../parts/notice.tsx';
import { toast } from '../../parts/toast.tsx';
import { say } from '../../words/words.ts';

const mostTokens = 200;

/** The own secret address of the calendar, for phones and mail programs; a new one ends the one before, so that is asked. */
export function CalendarButton() {
  const address = useSignal<string | undefined>(undefined);
  const make = async (): Promise<void> => {
    const { path } = await ask('POST /me/calendar', { body: {} });
    address.value = location.origin + path;
  };
  const open = async (): Promise<void> => {
    const userId = user.value?.id ?? '';
    const { items } = await ask('GET /tokens', { query: { userId, limit: mostTokens } });
    if (!items.some((one) => one.kind === 'calendar' && one.userId === userId)) return make();
    confirm({
      title: say('calendar.anew-title'),
      text: say('calendar.anew-text'),
      deed: say('calendar.anew'),
      danger: true,
      act: make,
    });
  };
  return (
    <>
      <Button icon="today" onClick={open}>
        {say('calendar.get')}
      </Button>
      {address.value !== undefined && (
        <AddressDialog
          address={address.value}
          onClose={() => {
            address.value = undefined;
          }}
        />
      )}
    </>
  );
}

function AddressDialog({ address, onClose }: { address: string; onClose: () => void }) {
  return (
    <Dialog title={say('calendar.title')} onClose={onClose}>
      <div class="form">
        <p class="lead">{say('calendar.text')}</p>
        <TextField label={say('calendar.address')} value={address} onInput={() => undefined} />
        <Notice kind="care">{say('calendar.secret')}</Notice>
        <div class="form-actions">
          {/* Browsers let a page copy only where it came by HTTPS or from this machine. */}
          {isSecureContext && (
            <Button
              kind="primary"
              icon="ok"
              onClick={async () => {
                await navigator.clipboard.writeText(address);
                toast(say('tokens.copied'));
              }}
            >
              {say('tokens.copy')}
            </Button>
          )}
          <Button onClick={onClose}>{say('action.close')}</Button>
        </div>
      </div>
    </Dialog>
  );
}
