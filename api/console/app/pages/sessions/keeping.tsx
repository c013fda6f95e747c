import { useSignal } from '@preact/signals';
import { addressOf, ask, user } from '../../client/http.ts';
import type { Session } from '../../client/live.ts';
import { Button, LinkButton } from '../../parts/button.tsx';
import { confirm } from '../../parts/confirm.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { TextField } from '../../parts/field.tsx';
import { Form, useForm } from '../../parts/form.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Facts, Panel } from '../../parts/page.tsx';
import { toast } from '../../parts/toast.tsx';
import { dateTime, number } from '../../words/format.ts';
import { say } from '../../words/words.ts';
import { mayAs } from '../pages.ts';

/** How long what a session left is kept, whether something holds it, and all of it as one signed file. */
export function Keeping({ session }: { session: Session }) {
  const { id, hold, retentionDays, state } = session;
  const role = user.value?.role ?? 'viewer';
  const setting = useSignal(false);
  return (
    <Panel title={say('keeping.title')}>
      <Facts
        items={[
          [
            say('keeping.for'),
            retentionDays === undefined ? say('keeping.as-set') : say('keeping.days', { days: number(retentionDays) }),
          ],
        ]}
      />
      {hold !== undefined && (
        <Notice kind="care">
          {say('keeping.held', { by: hold.by, since: dateTime(hold.since), reason: hold.reason })}
        </Notice>
      )}
      <div class="row-actions">
        {state === 'ended' && mayAs(role, 'operator') && (
          <LinkButton href={addressOf('GET /sessions/{id}/bundle.zip', { path: { id } })} icon="download" download>
            {say('keeping.bundle')}
          </LinkButton>
        )}
        {mayAs(role, 'admin') && (
          <Button
            icon="clock"
            onClick={() => {
              setting.value = true;
            }}
          >
            {say('keeping.set-days')}
          </Button>
        )}
        {mayAs(role, 'admin') && (
          <Button icon={hold === undefined ? 'lock' : 'unlock'} onClick={() => turn(id, hold === undefined)}>
            {say(hold === undefined ? 'keeping.hold' : 'keeping.lift')}
          </Button>
        )}
      </div>
      {setting.value && (
        <DaysDialog
          session={session}
          onClose={() => {
            setting.value = false;
          }}
        />
      )}
    </Panel>
  );
}

/** After how many days the recordings of one session go; without any, as the installation says. */
function DaysDialog({ session: { id, retentionDays }, onClose }: { session: Session; onClose: () => void }) {
  const form = useForm({ days: retentionDays === undefined ? '' : String(retentionDays) });
  const { days } = form.value;
  return (
    <Dialog title={say('keeping.set-days')} onClose={onClose}>
      <Form
        form={form}
        send={say('action.save')}
        onCancel={onClose}
        onSend={async () => {
          const body = { days: days.trim() === '' ? null : Number(days) };
          await ask('PUT /sessions/{id}/retention', { path: { id }, body });
          toast(say('action.saved'));
          onClose();
        }}
      >
        <TextField
          label={say('keeping.day-count')}
          hint={say('keeping.day-count-hint')}
          inputMode="numeric"
          value={days}
          error={form.wrong('days')}
          onInput={(text) => form.set({ days: text })}
        />
      </Form>
    </Dialog>
  );
}

function turn(id: string, on: boolean): void {
  confirm({
    title: say(on ? 'keeping.hold' : 'keeping.lift'),
    text: say(on ? 'keeping.hold-text' : 'keeping.lift-text'),
    deed: say(on ? 'keeping.hold' : 'keeping.lift'),
    danger: !on,
    reason: true,
    act: (reason) => ask('PUT /sessions/{id}/hold', { path: { id }, body: { on, reason: reason ?? '' } }),
  });
}
