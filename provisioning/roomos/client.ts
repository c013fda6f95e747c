import { Agent, type IncomingMessage, request } from 'node:http';
import type { Duplex } from 'node:stream';
import { connect, type TLSSocket } from 'node:tls';

/** Where a codec is, and as whom we come. */
export interface CodecAddress {
  host: string;
  port: number;
  username: string;
  password: string;
  /** SHA-256 of the certificate that it showed the first time; whoever shows another is not told the password. */
  fingerprint: string | undefined;
}

/** Why a codec could not be spoken to. */
export type CodecFault = 'silent' | 'not-trusted' | 'password-refused' | 'busy' | 'no-codec';

export class CodecError extends Error {
  readonly fault: CodecFault;
  constructor(fault: CodecFault, text: string) {
    super(text);
    this.fault = fault;
  }
}

export interface CodecClientOptions {
  connectMs?: number;
  answerMs?: number;
}

/** A whole configuration document is about 300 kB. */
const mostBytes = 8 * 1024 * 1024;

/**
 * A session with a RoomOS codec over HTTPS. The certificate is looked at before anything is sent: it must be valid for a
 * certificate authority that this machine trusts, or be the one that the codec showed the first time.
 */
export class CodecSession {
  private readonly address: CodecAddress;
  private readonly answerMs: number;
  private readonly agent: Agent;
  private cookie: string | undefined;
  private socketError: Error | undefined;
  /** Of the certificate that the codec showed. */
  fingerprint: string | undefined;

  private constructor(address: CodecAddress, { answerMs = 15_000, connectMs = 5_000 }: CodecClientOptions) {
    this.address = address;
    this.answerMs = answerMs;
    this.agent = new Agent({ keepAlive: true, maxSockets: 1 });
    this.agent.createConnection = (_options, done) => {
      this.connect(connectMs).then(
        (socket) => done?.(null, socket),
        (error: Error) => {
          this.socketError = error;
          done?.(error, undefined as unknown as Duplex);
        },
      );
      return undefined;
    };
  }

  /** Opens a session. @throws CodecError */
  static async open(address: CodecAddress, options: CodecClientOptions = {}): Promise<CodecSession> {
    const session = new CodecSession(address, options);
    try {
      const begun = await session.ask('POST', '/xmlapi/session/begin', '');
      const cookie = begun.headers['set-cookie']?.find((one) => /^SessionId=/i.test(one))?.split(';')[0];
      // Software before CE 8 knows no sessions: each request shows the password then.
      if (begun.status === 404 || begun.status === 405) return session;
      if (begun.status === 401 || begun.status === 403) throw new CodecError('password-refused', `${begun.status}`);
      if (begun.status === 503 || begun.status === 429) throw new CodecError('busy', 'all sessions are in use');
      if (begun.status >= 300 || cookie === undefined)
        throw new CodecError('no-codec', `${begun.status} to the beginning of a session`);
      session.cookie = cookie;
      return session;
    } catch (error) {
      session.agent.destroy();
      throw error;
    }
  }

  /** Puts a document of configurations; answers what the codec said. @throws CodecError */
  async put(document: string): Promise<string> {
    return this.taken(await this.ask('POST', '/putxml', document));
  }

  /** Reads a document. @throws CodecError */
  async get(location: string): Promise<string> {
    return this.taken(await this.ask('GET', `/getxml?location=${encodeURIComponent(location)}`));
  }

  /** Gives the session back: a codec has only a few, and never forgets one by itself. */
  async close(): Promise<void> {
    if (this.cookie !== undefined) await this.ask('POST', '/xmlapi/session/end', '').catch(() => {});
    this.cookie = undefined;
    this.agent.destroy();
  }

  private taken({ body, status }: { body: string; status: number }): string {
    if (status === 401 || status === 403) throw new CodecError('password-refused', `${status}`);
    if (status === 503) throw new CodecError('busy', '503');
    // A wrong path or document is told of in the body, with 200 or 400.
    if (status !== 200 && status !== 400) throw new CodecError('no-codec', `${status}`);
    return body;
  }

  private ask(
    method: string,
    path: string,
    body?: string,
  ): Promise<{ status: number; headers: IncomingMessage['headers']; body: string }> {
    const { host, password, port, username } = this.address;
    const proof =
      this.cookie === undefined
        ? { Authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` }
        : { Cookie: this.cookie };
    return new Promise((resolve, reject) => {
      const failed = (error: Error): void =>
        reject(this.socketError instanceof CodecError ? this.socketError : new CodecError('silent', error.message));
      const sent = request(
        {
          agent: this.agent,
          method,
          path,
          host,
          port,
          headers: {
            Host: `${host}${port === 443 ? '' : `:${port}`}`,
            ...proof,
            ...(body === undefined ? {} : { 'Content-Type': 'text/xml', 'Content-Length': Buffer.byteLength(body) }),
          },
          signal: AbortSignal.timeout(this.answerMs),
        },
        (answer) => {
          const chunks: Buffer[] = [];
          let bytes = 0;
          answer.on('data', (chunk: Buffer) => {
            bytes += chunk.length;
            if (bytes > mostBytes) answer.destroy(new CodecError('no-codec', 'too long an answer'));
            else chunks.push(chunk);
          });
          answer.on('error', (error) =>
            reject(error instanceof CodecError ? error : new CodecError('silent', error.message)),
          );
          answer.on('end', () =>
            resolve({
              status: answer.statusCode ?? 0,
              headers: answer.headers,
              body: Buffer.concat(chunks).toString('utf8'),
            }),
          );
        },
      );
      sent.on('error', failed);
      sent.end(body);
    });
  }

  private connect(connectMs: number): Promise<TLSSocket> {
    const { fingerprint: pinned, host, port } = this.address;
    return new Promise((resolve, reject) => {
      // Judged below: a codec's own certificate is signed by nobody.
      const socket = connect({ host, port, servername: /^[\d.:]+$/.test(host) ? '' : host, rejectUnauthorized: false });
      const patience = setTimeout(() => socket.destroy(new Error('no connection in time')), connectMs);
      socket.once('error', (error) => {
        clearTimeout(patience);
        reject(error);
      });
      socket.once('secureConnect', () => {
        clearTimeout(patience);
        const shown = socket.getPeerX509Certificate()?.fingerprint256;
        if (shown === undefined || (!socket.authorized && pinned !== undefined && shown !== pinned)) {
          socket.destroy();
          reject(new CodecError('not-trusted', 'the codec shows another certificate than before'));
          return;
        }
        this.fingerprint = shown;
        resolve(socket);
      });
    });
  }
}
