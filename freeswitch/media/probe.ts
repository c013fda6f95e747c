import { connect } from 'node:net';
import { MediaError } from './media.ts';

/** The SIP profile that drachtio-fsmrf calls. */
const profile = 'drachtio_mrf';

/**
 * Knocks at an event socket before the library does: whether it answers, lets us in, and has our SIP profile running.
 * The library itself would try a refused connection again without end, wait for ever after a wrong secret, and take the
 * process down when the profile is not up yet (a FreeSWITCH that just starts).
 * @param patienceMs How long the whole may take.
 * @throws MediaError with what is wrong.
 */
export function probeEngine(
  address: { host: string; port: number; secret: string },
  patienceMs = 3_000,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(address.port, address.host);
    socket.setNoDelay(true);
    let text = '';
    const timer = setTimeout(() => end('does not answer'), patienceMs);
    const end = (fault?: string): void => {
      clearTimeout(timer);
      socket.destroy();
      if (fault === undefined) resolve();
      else reject(new MediaError(fault));
    };
    socket.on('error', (error) => end(error.message));
    socket.on('close', () => end('closed the connection'));
    socket.on('data', (data) => {
      text += data.toString('latin1');
      if (text.length > 1_000_000) end('is no event socket');
      for (let message = take(); message !== undefined; message = take()) hear(message);
    });

    /** The next whole message: headers up to an empty line, then a body of the length they tell. */
    const take = (): { headers: string; body: string } | undefined => {
      const at = text.indexOf('\n\n');
      if (at < 0) return undefined;
      const headers = text.slice(0, at);
      const length = Number(/^Content-Length:\s*(\d{1,7})\s*$/im.exec(headers)?.[1] ?? 0);
      if (text.length < at + 2 + length) return undefined;
      const body = text.slice(at + 2, at + 2 + length);
      text = text.slice(at + 2 + length);
      return { headers, body };
    };

    const hear = ({ body, headers }: { headers: string; body: string }): void => {
      const type = /^Content-Type:\s*(\S+)/im.exec(headers)?.[1] ?? '';
      if (type === 'auth/request') socket.write(`auth ${address.secret}\n\n`);
      else if (type === 'text/rude-rejection') end('refuses our address');
      else if (type === 'command/reply') {
        if (/^Reply-Text:\s*\+OK/im.test(headers)) socket.write('api sofia status\n\n');
        else end('refuses our secret');
      } else if (type === 'api/response') {
        const running = new RegExp(`^\\s*${profile}\\s.*RUNNING`, 'm').test(body);
        end(running ? undefined : `has no SIP profile ${profile} running`);
      }
    };
  });
}
