import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';

/*
 * Unpacked phones in a network namespace of `plug-and-play.e2e.test.ts`: each asks the group where its configuration is,
 * in its vendor's words, and prints what it was told.
 */

const group = '224.0.1.75';
const [own = '', tries = '5', sip = '', only = ''] = process.argv.slice(2);
/** Who is told nothing asks once more, and no oftener. */
const untold = ['stranger', 'closed', 'presence'];

/** As the vendors' own documents print it. */
const shapes: Record<string, { user: string; host: string; event: string; agent?: string }> = {
  snom: {
    user: 'MAC%3a000413AABB01',
    host: 'intern.snom.de',
    event: 'ua-profile;profile-type="device";vendor="snom";model="snomD785";version="10.1.33.33"',
  },
  yealink: {
    user: 'MAC%3a805ec0aabb02',
    host: group,
    event: 'ua-profile;profile-type="device";vendor="yealink";model="SIP-T46S";version="66.85.0.5"',
    agent: 'Yealink SIP-T46S 66.85.0.5',
  },
  fanvil: {
    user: 'MAC=0c383eaabb03',
    host: group,
    event: 'ua-profile;profile-type="device";vendor="Fanvil";model="X4U";version="2.4.3"',
    agent: 'Fanvil X4U 2.4.3',
  },
  grandstream: {
    user: '000b82aabb04',
    host: group,
    event: 'ua-profile;profile-type="device";vendor="Grandstream";model="GXP1760";version="1.0.1.57"',
    agent: 'Grandstream GXP1760 1.0.1.57',
  },
  stranger: {
    user: 'MAC%3a000413ffffff',
    host: group,
    event: 'ua-profile;profile-type="device";vendor="snom";model="snom370";version="8"',
  },
  closed: {
    user: 'MAC%3a000413aabb09',
    host: group,
    event: 'ua-profile;profile-type="device";vendor="snom";model="snomD785";version="10.1.33.33"',
  },
  presence: { user: 'someone', host: group, event: 'presence' },
};

const told: Record<string, { status: number; url?: string; event?: string; state?: string; type?: string }> = {};
await Promise.all(
  Object.keys(shapes)
    .filter((name) => only === '' || only === name)
    .map(ask),
);

async function ask(name: string): Promise<void> {
  const { agent, event, host, user } = shapes[name] ?? { user: '', host: group, event: '' };
  const socket = createSocket('udp4');
  socket.bind(0, own);
  await once(socket, 'listening');
  socket.setMulticastInterface(own);
  const { port } = socket.address();
  const id = `${name}-${port}`;
  const done = new Promise<void>((resolve) => {
    socket.on('message', (data, from) => {
      const text = data.toString();
      const header = (wanted: string): string => new RegExp(`^${wanted}:\\s*(.*)$`, 'im').exec(text)?.[1] ?? '';
      if (text.startsWith('SIP/2.0')) {
        const status = Number(text.slice(8, 11));
        told[name] = { ...told[name], status };
        if (status >= 300) resolve();
        return;
      }
      const answer = ['Via', 'From', 'To', 'Call-ID', 'CSeq'].map((line) => `${line}: ${header(line)}`);
      socket.send(`SIP/2.0 200 OK\r\n${answer.join('\r\n')}\r\nContent-Length: 0\r\n\r\n`, from.port, from.address);
      told[name] = {
        ...told[name],
        status: told[name]?.status ?? 0,
        url: text.split('\r\n\r\n')[1] ?? '',
        event: header('Event'),
        state: header('Subscription-State'),
        type: header('Content-Type'),
      };
      resolve();
    });
  });
  const lines = [
    `SUBSCRIBE sip:${user}@${host} SIP/2.0`,
    `Via: SIP/2.0/UDP ${own}:${port};branch=z9hG4bK${id};rport`,
    `From: <sip:${user}@${host}>;tag=${port}`,
    `To: <sip:${user}@${host}>`,
    `Call-ID: ${id}@${own}`,
    'CSeq: 1 SUBSCRIBE',
    `Contact: <sip:${own}:${port}>`,
    'Max-Forwards: 70',
    `Event: ${event}`,
    'Expires: 0',
    'Accept: application/url',
    ...(agent === undefined ? [] : [`User-Agent: ${agent}`]),
    'Content-Length: 0',
  ];
  // The network has only just come up: a phone asks five times too.
  const most = untold.includes(name) ? 2 : Number(tries);
  for (let turn = 0; turn < most && told[name] === undefined; turn++) {
    socket.send(`${lines.join('\r\n')}\r\n\r\n`, 5060, group);
    await Promise.race([done, pause(1_000)]);
  }
  if (told[name] !== undefined) await Promise.race([done, pause(1_000)]);
  socket.close();
}
// The SIP server itself, at its own address: plug-and-play on the same port takes nothing away from it.
if (only === '') told.sip = await options(sip.split(':')[0] ?? '', Number(sip.split(':')[1]));
console.log(JSON.stringify(told));

async function options(host: string, port: number): Promise<{ status: number }> {
  const socket = createSocket('udp4');
  socket.bind(0, own);
  await once(socket, 'listening');
  const answered = once(socket, 'message', { signal: AbortSignal.timeout(5_000) });
  const lines = [
    `OPTIONS sip:${host}:${port} SIP/2.0`,
    `Via: SIP/2.0/UDP ${own}:${socket.address().port};branch=z9hG4bKoptions;rport`,
    `From: <sip:phone@${own}>;tag=1`,
    `To: <sip:${host}>`,
    `Call-ID: options@${own}`,
    'CSeq: 1 OPTIONS',
    'Max-Forwards: 70',
    'Content-Length: 0',
  ];
  socket.send(`${lines.join('\r\n')}\r\n\r\n`, port, host);
  const [data] = (await answered) as [Buffer];
  socket.close();
  return { status: Number(data.toString().slice(8, 11)) };
}
