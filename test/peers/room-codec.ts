import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { XMLParser } from 'fast-xml-parser';
import { generate } from 'selfsigned';

/*
 * A room codec's web interface, as Cisco's API reference guides (CE 9, RoomOS) describe it: Basic access, sessions that are
 * few and never forgotten by themselves, putxml with Configuration documents, getxml by location, its own certificate. It
 * keeps what it is put, knows which settings it has and what they take, and answers what it does not know with
 * status="Error", Reason and XPath.
 */

export interface CodecOptions {
  host: string;
  password: string;
  /** Setting → values that it takes; `undefined`: any text. With its numbers where there are several: `sip/proxy[2]/address`. */
  knows: Record<string, readonly string[] | undefined>;
  /** Whether one unknown setting makes it refuse the whole document, or that setting alone. */
  refuses?: 'document' | 'setting';
  sessions?: number;
  /** Software so old that it has no sessions. */
  withoutSessions?: boolean;
}

export class RoomCodec {
  readonly values = new Map<string, string>();
  readonly asked: string[] = [];
  /** Basic credentials that came. */
  shown = 0;
  /** Settings that it silently keeps otherwise. */
  readonly stubborn = new Map<string, string>();
  readonly sessions = new Set<string>();
  private readonly options: CodecOptions;
  private server: Server = undefined as never;

  private constructor(options: CodecOptions) {
    this.options = options;
  }

  static async open(options: CodecOptions): Promise<RoomCodec> {
    const codec = new RoomCodec(options);
    await codec.listen(0);
    return codec;
  }

  get host(): string {
    return this.options.host;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Comes back with another certificate, as after a factory reset, or as somebody else would. */
  async renewCertificate(): Promise<void> {
    const { port } = this;
    await this.close();
    await this.listen(port);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private async listen(port: number): Promise<void> {
    const { cert, private: key } = await generate(
      [{ name: 'commonName', value: `codec-${randomBytes(4).toString('hex')}` }],
      {
        keyType: 'ec',
        curve: 'P-256',
      },
    );
    this.server = createServer({ cert, key }, (request, response) => {
      void this.answer(request, response);
    });
    this.server.listen(port, this.options.host);
    await once(this.server, 'listening');
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'https://codec');
    this.asked.push(`${request.method} ${url.pathname}`);
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const send = (status: number, text = '', headers: Record<string, string> = {}): void => {
      response.writeHead(status, { ...(text === '' ? {} : { 'Content-Type': 'text/xml' }), ...headers });
      response.end(text);
    };
    const session = /SessionId=(\w+)/.exec(request.headers.cookie ?? '')?.[1];
    const basic = `Basic ${Buffer.from(`admin:${this.options.password}`).toString('base64')}`;
    if (request.headers.authorization !== undefined) this.shown++;
    const known = this.sessions.has(session ?? '') || request.headers.authorization === basic;
    if (!known) return send(401, '', { 'WWW-Authenticate': 'Basic realm="TANDBERG"' });
    switch (`${request.method} ${url.pathname}`) {
      case 'POST /xmlapi/session/begin': {
        if (this.options.withoutSessions === true) return send(404);
        if (this.sessions.size >= (this.options.sessions ?? 3)) return send(503);
        const id = randomBytes(16).toString('hex');
        this.sessions.add(id);
        return send(204, '', { 'Set-Cookie': `SessionId=${id}; Path=/; HttpOnly; Secure` });
      }
      case 'POST /xmlapi/session/end':
        this.sessions.delete(session ?? '');
        return send(204);
      case 'POST /putxml':
        if (!/^text\/xml/.test(request.headers['content-type'] ?? '')) return send(415);
        return send(200, this.put(body));
      case 'GET /getxml':
        return url.searchParams.get('location')?.startsWith('/Configuration') === true
          ? send(200, this.document())
          : send(200, '<?xml version="1.0"?>\n<EmptyResult/>');
      default:
        return send(404);
    }
  }

  private put(body: string): string {
    const faults: string[] = [];
    const wanted = new Map<string, string>();
    for (const [path, value] of leavesOf(body)) {
      const key = path.toLowerCase();
      const takes = this.options.knows[key];
      if (!(key in this.options.knows)) faults.push(fault('No match on address expression.', path));
      else if (takes !== undefined && !takes.includes(value)) faults.push(fault('Invalid or missing parameters', path));
      else wanted.set(key, this.stubborn.get(key) ?? value);
    }
    if (faults.length === 0 || this.options.refuses !== 'document')
      for (const [key, value] of wanted) this.values.set(key, value);
    const inner = faults[0] ?? '<Configuration>\n  <Success/>\n</Configuration>';
    return `<?xml version="1.0"?>\n${inner}\n`;
  }

  private document(): string {
    const lines = [...this.values].map(([path, value]) => {
      const steps = path.split('/').map((step) => /^([^[]+)(?:\[(\d+)\])?$/.exec(step) ?? []);
      const shown = /password/.test(path) ? '***' : value.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
      const open = steps.map(([, name = '', item = '1']) => `<${capital(name)} item="${item}">`).join('');
      return `${open}${shown}${steps
        .map(([, name = '']) => `</${capital(name)}>`)
        .reverse()
        .join('')}`;
    });
    return `<?xml version="1.0"?>\n<Configuration product="Cisco Codec" version="ce9.15.3" apiVersion="4">\n${lines.join('\n')}\n</Configuration>\n`;
  }
}

/** The names of elements have capitals that nobody has to keep apart. */
const capital = (name: string): string => name[0]?.toUpperCase() + name.slice(1);

const fault = (reason: string, path: string): string =>
  `<Configuration status="Error">\n  <Reason>${reason}</Reason>\n  <XPath>Configuration/${path}</XPath>\n</Configuration>`;

/** Paths and values of a document that was put. */
function leavesOf(body: string): [path: string, value: string][] {
  const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '@', parseTagValue: false });
  const root = (parser.parse(body) as { Configuration?: object }).Configuration ?? {};
  const leaves: [string, string][] = [];
  const walk = (node: object, path: string): void => {
    for (const [name, inner] of Object.entries(node)) {
      if (name.startsWith('@') || name === '#text') continue;
      for (const one of Array.isArray(inner) ? inner : [inner]) {
        const item = typeof one === 'object' && one !== null ? (one as Record<string, string>)['@item'] : undefined;
        const here = `${path}${path === '' ? '' : '/'}${name}${item === undefined || item === '1' ? '' : `[${item}]`}`;
        if (typeof one === 'object' && one !== null && Object.keys(one).some((key) => !/^[@#]/.test(key)))
          walk(one, here);
        else
          leaves.push([
            here,
            typeof one === 'object' && one !== null
              ? String((one as Record<string, string>)['#text'] ?? '')
              : String(one),
          ]);
      }
    }
  };
  walk(root, '');
  return leaves;
}
