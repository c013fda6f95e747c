import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import type Srf from 'drachtio-srf';
import { connectSrf, offer, runSipp, startServer, type TestServer } from './server.ts';

/* Unmodified drachtio-srf on one side, SIPp on the other. */

const scenario = (name: string): string[] => ['-sf', `${process.cwd()}/test/embedded/drachtio/sipp/${name}.xml`];

/** What the library's own types leave out. */
const methods = (srf: Srf): Record<'register' | 'options', (handler: Handler) => void> => srf as never;

type Handler = (req: Srf.SrfRequest, res: Srf.SrfResponse) => void;

describe('calls between drachtio-srf and SIPp', function () {
  this.timeout(30_000);
  let server: TestServer;
  let srf: Srf;
  let onInvite: Handler;

  before(async () => {
    server = await startServer();
    srf = await connectSrf(server);
    srf.invite((req, res) => onInvite(req, res));
  });
  after(async () => {
    srf.disconnect();
    await server.stop();
  });

  /** Answers every INVITE; the dialogs' ends are counted. */
  function answering(onCall?: (dialog: Srf.Dialog) => void): { ended: () => number } {
    let ended = 0;
    onInvite = (req, res) => {
      srf.createUAS(req, res, { localSdp: offer }).then((dialog) => {
        // A BYE read together with our own confirmation was told before this line.
        if ((dialog as { connected?: boolean }).connected) dialog.on('destroy', () => ended++);
        else ended++;
        onCall?.(dialog);
      }, assert.fail);
    };
    return { ended: () => ended };
  }

  async function calls(name: string, count = 1, ...more: string[]): Promise<void> {
    const run = runSipp([
      ...scenario(name),
      '-s',
      '1000',
      '-m',
      String(count),
      ...more,
      `127.0.0.1:${server.ports.sip}`,
    ]);
    assert.equal(await run.done, 0, run.said());
  }

  /** A SIPp callee on a port of its own. */
  async function callee(
    name: string,
    ...more: string[]
  ): Promise<{ port: number; done: Promise<number>; said: () => string }> {
    const port = await freePort();
    const run = runSipp([...scenario(name), '-p', String(port), '-m', '1', ...more]);
    await listening(port, more.includes('t1'));
    return { port, ...run };
  }

  it('answers calls over UDP, many at once', async () => {
    const { ended } = answering();
    await calls('call', 50, '-r', '50');
    assert.equal(ended(), 50);
  });
  it('answers calls over TCP, all on one connection', async () => {
    const { ended } = answering();
    await calls('call', 20, '-r', '50', '-t', 't1');
    assert.equal(ended(), 20);
  });
  it('answers calls over TCP, a connection each', async () => {
    const { ended } = answering();
    await calls('call', 5, '-t', 'tn', '-max_socket', '100');
    assert.equal(ended(), 5);
  });
  it('gets every call through when one message in ten is lost', async () => {
    const { ended } = answering();
    await calls('call', 20, '-r', '20', '-lost', '10', '-timeout', '25s');
    assert.equal(ended(), 20);
  });
  it('gives its own offer when the caller brings none, and hands over the answer', async () => {
    let heard: string | undefined;
    onInvite = (req, res) => {
      assert.equal(req.body, '');
      // The dialog is there with our 200; the answer comes with the ACK.
      srf.createUAS(req, res, { localSdp: offer }).then((dialog) => {
        dialog.on('destroy', () => {
          heard = dialog.remote.sdp;
        });
      }, assert.fail);
    };
    await calls('late-offer');
    assert.match(heard ?? '', /^v=0/);
  });
  it('carries re-INVITE, INFO, UPDATE and REFER within a call', async () => {
    const seen: string[] = [];
    answering((dialog) => {
      dialog.on('modify', (_req, res) => {
        seen.push('modify');
        res.send(200, { body: offer });
      });
      for (const [event, status] of [
        ['info', 200],
        ['update', 200],
        ['refer', 202],
      ] as const) {
        dialog.on(event as 'info', (req, res) => {
          seen.push(`${event}${req.get('Refer-To') ?? ''}`);
          res.send(status);
        });
      }
    });
    await calls('modify');
    assert.deepEqual(seen, ['modify', 'info', 'update', 'refer<sip:other@127.0.0.1>']);
  });
  it('lets a caller give up while it rings', async () => {
    let cancelled = 0;
    onInvite = (req, res) => {
      req.on('cancel', () => cancelled++);
      res.send(180);
    };
    await calls('cancel', 5);
    assert.equal(cancelled, 5);
  });
  it('refuses with the status that the program gives', async () => {
    onInvite = (_req, res) => res.send(486);
    await calls('refused', 3);
  });
  it('says 481 to what belongs to no dialog', () => calls('early-unknown'));
  it('registers a device that proves its password', async () => {
    methods(srf).register((req, res) => {
      const credentials = req.get('Authorization');
      if (credentials === undefined) {
        res.send(401, { headers: { 'WWW-Authenticate': 'Digest realm="xa", nonce="n1", algorithm=MD5, qop="auth"' } });
        return;
      }
      const field = (name: string): string => new RegExp(`[ ,]${name}="?([^",]+)`).exec(credentials)?.[1] ?? '';
      const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
      const proof = [
        md5('device:xa:quiet'),
        'n1',
        field('nc'),
        field('cnonce'),
        'auth',
        md5(`REGISTER:${field('uri')}`),
      ];
      res.send(md5(proof.join(':')) === field('response') ? 200 : 403, { headers: { Contact: req.get('Contact') } });
    });
    await calls('register', 2, '-au', 'device', '-ap', 'quiet');
  });
  it('answers OPTIONS through the program', async () => {
    methods(srf).options((_req, res) => res.send(200));
    await calls('options');
  });

  it('places calls, and hangs up', async () => {
    const far = await callee('answer');
    const rang: number[] = [];
    const dialog = await srf.createUAC(
      `sip:room@127.0.0.1:${far.port}`,
      { localSdp: offer },
      { cbProvisional: (r) => rang.push(r.status) },
    );
    assert.deepEqual(rang, [180]);
    assert.match(dialog.remote.sdp, /m=audio 40000/);
    await dialog.destroy();
    assert.equal(await far.done, 0, far.said());
  });
  it('places calls over TCP', async () => {
    const far = await callee('answer', '-t', 't1');
    const dialog = await srf.createUAC(`sip:room@127.0.0.1:${far.port};transport=tcp`, { localSdp: offer });
    await dialog.destroy();
    assert.equal(await far.done, 0, far.said());
  });
  it('hears that the far side is busy', async () => {
    const far = await callee('busy');
    await assert.rejects(srf.createUAC(`sip:room@127.0.0.1:${far.port}`, { localSdp: offer }), { status: 486 });
    assert.equal(await far.done, 0, far.said());
  });
  it('gives up a call that nobody answers', async () => {
    const far = await callee('rings-on');
    let placed: Srf.SrfRequest | undefined;
    const call = srf.createUAC(`sip:room@127.0.0.1:${far.port}`, { localSdp: offer }, {
      cbRequest: (_error: unknown, request: Srf.SrfRequest) => {
        placed = request;
      },
      cbProvisional: () => placed?.cancel(() => {}),
    } as never);
    await assert.rejects(call, { status: 487 });
    assert.equal(await far.done, 0, far.said());
  });
  it('joins two calls (B2BUA)', async () => {
    const far = await callee('answer');
    let ended = 0;
    onInvite = (req, res) => {
      (
        srf.createB2BUA(req, res, `sip:room@127.0.0.1:${far.port}`, {}) as unknown as Promise<{
          uas: Srf.Dialog;
          uac: Srf.Dialog;
        }>
      ).then(({ uas, uac }) => {
        uas.on('destroy', () => {
          ended++;
          uac.destroy();
        });
      }, assert.fail);
    };
    await calls('call');
    assert.equal(await far.done, 0, far.said());
    assert.equal(ended, 1);
  });
  it('passes a call on as a proxy that stays in its way', async () => {
    const far = await callee('answer');
    onInvite = (req) => {
      void srf.proxyRequest(req, [`sip:room@127.0.0.1:${far.port}`], { remainInDialog: true });
    };
    await calls('call');
    assert.equal(await far.done, 0, far.said());
  });
  it('passes a refusal back as a proxy', async () => {
    const far = await callee('busy');
    onInvite = (req) => {
      void srf.proxyRequest(req, [`sip:room@127.0.0.1:${far.port}`], { remainInDialog: false });
    };
    await calls('refused');
    assert.equal(await far.done, 0, far.said());
  });
  it('tries the next target when the first is busy', async () => {
    const [busy, free] = [await callee('busy'), await callee('answer')];
    onInvite = (req) => {
      const targets = [busy, free].map(({ port }) => `sip:room@127.0.0.1:${port}`);
      void srf.proxyRequest(req, targets, { remainInDialog: true });
    };
    await calls('call');
    assert.equal(await busy.done, 0, busy.said());
    assert.equal(await free.done, 0, free.said());
  });
  it('survives both sides hanging up at once', async () => {
    const ends: Promise<unknown>[] = [];
    const { ended } = answering((dialog) => {
      setTimeout(() => ends.push(Promise.resolve(dialog.destroy()).catch(() => {})), 100);
    });
    // SIPp pauses 100 ms as well, then hangs up; an unexpected BYE is answered by its default behaviour.
    await runSipp([...scenario('call'), '-s', '1000', '-m', '10', '-r', '20', `127.0.0.1:${server.ports.sip}`]).done;
    await Promise.all(ends);
    assert.ok(ended() >= 0 && server.child.exitCode === null);
    answering();
    await calls('call');
  });
});

describe('over the limit', function () {
  this.timeout(30_000);
  it('refuses new calls at once with Retry-After, and leaves running ones alone', async () => {
    const server = await startServer({ MAX_DIALOGS: '1' });
    const srf = await connectSrf(server);
    const answered: Srf.Dialog[] = [];
    srf.invite((req, res) => {
      srf.createUAS(req, res, { localSdp: offer }).then((dialog) => answered.push(dialog), assert.fail);
    });
    const first = runSipp(['-sn', 'uac', '-d', '3000', '-m', '1', `127.0.0.1:${server.ports.sip}`]);
    await until(() => answered.length === 1);
    const second = runSipp([...scenario('overload'), '-s', '1', '-m', '3', `127.0.0.1:${server.ports.sip}`]);
    assert.equal(await second.done, 0, second.said());
    assert.equal(await first.done, 0, first.said());
    srf.disconnect();
    await server.stop();
  });
});

async function until(fits: () => boolean): Promise<void> {
  while (!fits()) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** A port that is free for UDP and TCP alike: another test may hold the same number by the other transport. */
async function freePort(): Promise<number> {
  const { createSocket } = await import('node:dgram');
  const { createServer } = await import('node:net');
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const socket = createSocket('udp4').bind(port, '127.0.0.1');
  const free = await Promise.race([
    once(socket, 'listening').then(() => true),
    once(socket, 'error').then(() => false),
  ]);
  socket.close();
  server.close();
  await once(server, 'close');
  return free ? port : freePort();
}

/** Waits until a port is taken, as the kernel lists it. */
async function listening(port: number, tcp: boolean): Promise<void> {
  const { readFileSync } = await import('node:fs');
  // Local address, no remote one, and the state of a listener (TCP) or of an open socket (UDP).
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, '0')} 00000000:0000 ${tcp ? '0A' : '07'}`;
  await until(() => readFileSync(`/proc/net/${tcp ? 'tcp' : 'udp'}`, 'utf8').includes(wanted));
}
