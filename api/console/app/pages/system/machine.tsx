import { useEffect } from 'preact/hooks';
import { useData } from '../../client/data.ts';
import { Notice, Waiting } from '../../parts/notice.tsx';
import { Facts, Panel } from '../../parts/page.tsx';
import { bytes, number } from '../../words/format.ts';
import { say } from '../../words/words.ts';
import { Certificate } from './certificate.tsx';

const lookEveryMs = 30_000;
/** Below this part of the disk somebody must act. */
const scarce = 0.1;

/** What the product runs on: disk, memory, certificate, versions. */
export function Machine() {
  const found = useData('GET /system', {});
  useEffect(() => {
    const timer = setInterval(found.reload, lookEveryMs);
    return () => clearInterval(timer);
  }, []);
  const machine = found.value;
  if (machine === undefined) return <Waiting error={found.error} reload={found.reload} />;
  const { disk, memory, versions } = machine;
  return (
    <>
      <Panel title={say('machine.disk')} tone={disk.freeBytes / disk.totalBytes < scarce ? 'care' : 'plain'}>
        {disk.freeBytes / disk.totalBytes < scarce && <Notice kind="care">{say('machine.disk-scarce')}</Notice>}
        <ul class="bars">
          <Bar name={say('machine.disk-free')} {...disk} />
          <Bar name={say('machine.memory-free')} {...memory} />
        </ul>
      </Panel>
      <Certificate />
      <Panel title={say('machine.versions')}>
        <Facts
          items={[
            [say('product'), versions.product],
            ['Node.js', versions.node],
            [say('machine.os'), versions.os],
            [say('machine.address'), machine.publicHost],
            [say('machine.runs-since'), say('machine.hours', { hours: number(machine.productUptimeS / 3600, 1) })],
            [say('machine.load'), number(machine.load, 2)],
          ]}
        />
      </Panel>
    </>
  );
}

function Bar({ name, freeBytes, totalBytes }: { name: string; freeBytes: number; totalBytes: number }) {
  const used = 100 - (freeBytes / Math.max(1, totalBytes)) * 100;
  return (
    <li>
      <span>{name}</span>
      <b>{say('machine.free-of', { free: bytes(freeBytes), total: bytes(totalBytes) })}</b>
      <span class="bar" aria-hidden="true">
        <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
          <rect width={used} height="10" />
        </svg>
      </span>
    </li>
  );
}
