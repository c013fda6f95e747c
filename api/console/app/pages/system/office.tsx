import { useData } from '../../client/data.ts';
import { type Answer, ask } from '../../client/http.ts';
import { orNothing } from '../../parts/editor.tsx';
import { TextArea, TextField } from '../../parts/field.tsx';
import { Form, Group, useForm } from '../../parts/form.tsx';
import { Waiting } from '../../parts/notice.tsx';
import { PageHead, Panel } from '../../parts/page.tsx';
import { toast } from '../../parts/toast.tsx';
import { say } from '../../words/words.ts';
import { SystemTabs } from './tabs.tsx';

type Office = Answer<'GET /office'>;

const lines = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

/** The office in whose name notices and reports are written. */
export default function OfficePage() {
  const found = useData('GET /office', {}, ['change:office']);
  return (
    <>
      <PageHead title={say('office.title')} about={say('office.about')} />
      <SystemTabs current="/system/office" />
      {found.value === undefined ? (
        <Waiting error={found.error} reload={found.reload} />
      ) : (
        <Edit key={found.tag} office={found.value} tag={found.tag} />
      )}
    </>
  );
}

function Edit({ office, tag }: { office: Office; tag: string | undefined }) {
  const form = useForm({
    parentAgency: office.parentAgency ?? '',
    agency: office.agency,
    symbol: office.symbol,
    place: office.place,
    signAs: office.signAs,
    signerTitles: office.signerTitles.join('\n'),
    signer: office.signer ?? '',
    recipients: office.recipients.join('\n'),
  });
  const { value } = form;
  const send = async (): Promise<void> => {
    const parentAgency = orNothing(value.parentAgency);
    const signer = orNothing(value.signer);
    await ask('PUT /office', {
      body: {
        agency: value.agency,
        symbol: value.symbol,
        place: value.place,
        signAs: value.signAs,
        signerTitles: lines(value.signerTitles),
        recipients: lines(value.recipients),
        ...(parentAgency === undefined ? {} : { parentAgency }),
        ...(signer === undefined ? {} : { signer }),
      },
      ...(tag === undefined ? {} : { ifMatch: tag }),
    });
    toast(say('action.saved'));
  };
  const field = (name: 'parentAgency' | 'agency' | 'symbol' | 'place' | 'signAs' | 'signer', required = false) => (
    <TextField
      label={say(`office.${name}`)}
      hint={say(`office.${name}-hint`)}
      required={required}
      value={value[name]}
      error={form.wrong(name)}
      onInput={(text) => form.set({ [name]: text })}
    />
  );
  return (
    <div class="columns">
      <Panel title={say('office.details')}>
        <Form form={form} send={say('action.save')} onSend={send}>
          <Group title={say('office.head')}>
            {field('parentAgency')}
            {field('agency', true)}
            {field('symbol', true)}
            {field('place', true)}
          </Group>
          <Group title={say('office.foot')}>
            {field('signAs', true)}
            {field('signer')}
            <TextArea
              label={say('office.signerTitles')}
              hint={say('office.signerTitles-hint')}
              rows={2}
              value={value.signerTitles}
              error={form.wrong('signerTitles')}
              onInput={(signerTitles) => form.set({ signerTitles })}
            />
            <TextArea
              label={say('office.recipients')}
              hint={say('office.recipients-hint')}
              rows={4}
              value={value.recipients}
              error={form.wrong('recipients')}
              onInput={(recipients) => form.set({ recipients })}
            />
          </Group>
        </Form>
      </Panel>
      <Panel title={say('office.looks')}>
        <Sheet value={value} />
      </Panel>
    </div>
  );
}

/** How the head and foot of a notice come out, while they are written. */
function Sheet({
  value,
}: {
  value: Record<
    'parentAgency' | 'agency' | 'symbol' | 'place' | 'signAs' | 'signerTitles' | 'signer' | 'recipients',
    string
  >;
}) {
  return (
    <div class="sheet" lang="vi">
      <div class="sheet-head">
        <p>
          {value.parentAgency}
          <b>{value.agency}</b>
          <span>Số: …/TB-{value.symbol}</span>
        </p>
        <p>
          <b>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM</b>
          <b>Độc lập - Tự do - Hạnh phúc</b>
          <em>{value.place}, ngày … tháng … năm …</em>
        </p>
      </div>
      <b class="sheet-title">THÔNG BÁO</b>
      <div class="sheet-head">
        <p class="sheet-left">
          <em>
            <b>Nơi nhận:</b>
          </em>
          {lines(value.recipients).map((line) => (
            <small key={line}>- {line}</small>
          ))}
        </p>
        <p>
          <b>{value.signAs}</b>
          {lines(value.signerTitles).map((line) => (
            <b key={line}>{line}</b>
          ))}
          <b class="sheet-signer">{value.signer}</b>
        </p>
      </div>
    </div>
  );
}
