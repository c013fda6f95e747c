import { once } from 'node:events';
import { FarGatekeeperClient } from '../../../../gateway/h323/ras/client/client.ts';
import { discoveryGroup, discoveryPort } from '../../../../gateway/h323/ras/transport/ras-socket.ts';
import { systemClock } from '../../../../platform/clock.ts';
import { Terminal } from './terminal.ts';
import { logger, Zone } from './zone.ts';

/* Runs in a network namespace of `multicast.e2e.test.ts`, whose one network is 10.9.0.0/24. Prints what it saw. */

const host = '10.9.0.1';
const zone = await Zone.open(host, { multicast: true });
await zone.device('codec', '101', { address: '10.9.0.0/24' });

const client = new FarGatekeeperClient(
  'site',
  {
    host: discoveryGroup,
    port: discoveryPort,
    identifier: undefined,
    username: 'codec',
    aliases: ['101'],
    password: undefined,
  },
  { clock: systemClock, logger, host, publicHost: host, signallingPort: () => 1720 },
);
const change = once(zone.gatekeeper, 'registration', { signal: AbortSignal.timeout(10_000) });
await client.start();
const [{ contact }] = (await change) as [{ contact: string }];

const asker = await Terminal.open(host, { host: discoveryGroup, port: discoveryPort });
asker.name = 'nobody';
const stranger = (await asker.ask(asker.discovery(), 1_000)) === undefined ? 'silence' : 'answer';
asker.name = 'codec';
const elsewhere = asker.discovery({ gatekeeperIdentifier: 'elsewhere' });
const foreign = (await asker.ask(elsewhere, 1_000)) === undefined ? 'silence' : 'answer';
asker.close();
await client.close();
await zone.close();
console.log(JSON.stringify({ registered: contact, stranger, foreign }));
