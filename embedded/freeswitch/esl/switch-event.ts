/* An event as it goes to who subscribed. One carries a hundred headers and goes to several: its text is made once. */

/** Headers in order; one that is set again keeps its place. */
export type Headers = Map<string, string>;

/** Forms in which events are told. */
export type EventFormat = 'json' | 'plain';

const needsNoEscape = /^[ !#-[\]-~]*$/;
const quoted = (text: string): string => (needsNoEscape.test(text) ? `"${text}"` : JSON.stringify(text));
const uriSafe = /^[\w.!~*'()-]*$/;

export class SwitchEvent {
  private readonly headers: ReadonlyMap<string, string>;
  private readonly body: string | undefined;
  private readonly texts = new Map<EventFormat, string>();

  constructor(headers: Headers, body?: string) {
    if (body !== undefined) headers.set('Content-Length', String(Buffer.byteLength(body)));
    this.headers = headers;
    this.body = body;
  }

  get(name: string): string | undefined {
    return this.headers.get(name);
  }

  /** The whole message of the event socket: its envelope, and the event as its body. */
  message(format: EventFormat): string {
    let text = this.texts.get(format);
    if (text === undefined) {
      const inner = format === 'json' ? this.json() : `${plainHeaders(this.headers)}\n${this.body ?? ''}`;
      text = `Content-Length: ${Buffer.byteLength(inner)}\nContent-Type: text/event-${format}\n\n${inner}`;
      this.texts.set(format, text);
    }
    return text;
  }

  private json(): string {
    const fields: string[] = [];
    for (const [name, value] of this.headers) fields.push(`${quoted(name)}:${quoted(value)}`);
    if (this.body !== undefined) fields.push(`"_body":${quoted(this.body)}`);
    return `{${fields.join(',')}}`;
  }
}

/** A line a header, values as in a URI. */
export function plainHeaders(headers: ReadonlyMap<string, string>): string {
  const lines: string[] = [];
  for (const [name, value] of headers)
    lines.push(`${name}: ${uriSafe.test(value) ? value : encodeURIComponent(value)}\n`);
  return lines.join('');
}
