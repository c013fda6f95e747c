import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { MediaError } from '../../../freeswitch/media/media.ts';
import { probeEngine } from '../../../freeswitch/media/probe.ts';

/* Event sockets as they answer when something is wrong; a good one is knocked at in the tests with engines. */

const head = (type: string, ...more: string[]): string => `${[`Content-Type: ${type}`, ...more].join('\n')}\n\n`;
const response = (body: string): string => head('api/response', `Content-Length: ${body.length}`) + body;
const accepted = head('command/reply', 'Reply-Text: +OK accepted');
const status = (state: string): string =>
  response(
    `   Name\tType\tData\tState\n=====\n drachtio_mrf\tprofile\tsip:mod_sofia@127.0.0.1:5080\t${state}\n=====\n`,
  );

describe('knocking at an event socket', () => {
  let server: Server;
  const sockets = new Set<Socket>();
  afterEach(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });

  /** Greets, then gives one answer to each command, in pieces of a few bytes. */
  async function listening(greeting: string, ...answers: string[]): Promise<{ port: number; asked: string[] }> {
    const asked: string[] = [];
    server = createServer((socket) => {
      sockets.add(socket);
      socket.setNoDelay(true);
      const say = (text: string): void => {
        for (let at = 0; at < text.length; at += 7) socket.write(text.slice(at, at + 7));
      };
      say(greeting);
      socket.on('error', () => {});
      socket.on('data', (data) => {
        asked.push(String(data).trim());
        say(answers.shift() ?? '');
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return { port: (server.address() as AddressInfo).port, asked };
  }
  const probe = (port: number): Promise<void> => probeEngine({ host: '127.0.0.1', port, secret: 's3cret' }, 400);

  it('finds one in order', async () => {
    const { asked, port } = await listening(head('auth/request'), accepted, status('RUNNING (0)'));
    await probe(port);
    assert.deepEqual(asked, ['auth s3cret', 'api sofia status']);
  });
  const faults: [string, string[], RegExp][] = [
    ['a wrong secret', [head('auth/request'), head('command/reply', 'Reply-Text: -ERR invalid')], /refuses our secret/],
    [
      'an address that is not allowed',
      [`${head('text/rude-rejection', 'Content-Length: 24')}Access Denied, go away.\n`],
      /refuses our address/,
    ],
    ['no profile yet', [head('auth/request'), accepted, response('0 profiles 0 aliases\n')], /no SIP profile/],
    ['a profile that is down', [head('auth/request'), accepted, status('DOWN')], /no SIP profile/],
    ['silence', [''], /does not answer/],
    ['something else', ['x'.repeat(1_100_000)], /no event socket/],
  ];
  for (const [name, [greeting = '', ...answers], wanted] of faults)
    it(`tells of ${name}`, async () => {
      const { port } = await listening(greeting, ...answers);
      await assert.rejects(probe(port), (error) => error instanceof MediaError && wanted.test(error.message));
    });
  it('tells of a port that is closed', async () => {
    const { port } = await listening('');
    server.close();
    await once(server, 'close');
    await assert.rejects(probe(port), /ECONNREFUSED/);
  });
  it('tells of a connection that ends', async () => {
    const { port } = await listening(head('auth/request'), '');
    const knocked = probe(port);
    await once(server, 'connection');
    for (const socket of sockets) socket.end();
    await assert.rejects(knocked, /closed the connection/);
  });
});
