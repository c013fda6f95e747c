import { serialize } from 'bson';
import { type Doc, readTyped } from '../document.ts';
import { errorText } from '../errors.ts';

/* Messages of the MongoDB wire protocol: a 16-byte header, then OP_MSG, or OP_QUERY for the first greeting. */

export const maxMessageBytes = 48_000_000;
const headerBytes = 16;

const opReply = 1;
const opQuery = 2004;
const opCompressed = 2012;
const opMsg = 2013;

const checksumPresent = 1;
const moreToCome = 2;

/** Not readable as the protocol says; the connection is ended. */
export class MalformedMessage extends Error {}

export interface Request {
  readonly requestId: number;
  /** Command document, kind 1 sections put in as arrays. Numbers keep their BSON classes. */
  readonly command: Doc;
  /** The sender wants no answer. */
  readonly silent: boolean;
  readonly legacy: boolean;
}

/** Length in bytes of the message that begins the buffer. @throws MalformedMessage */
export function messageLength(bytes: Buffer): number {
  const length = bytes.readInt32LE(0);
  if (length < headerBytes + 5 || length > maxMessageBytes) throw new MalformedMessage(`message of ${length} bytes`);
  return length;
}

/** A document too large to be stored is read all the same: its command is refused with the protocol's own error. */
function documentAt(bytes: Buffer, at: number, end: number): Buffer {
  if (at + 5 > end) throw new MalformedMessage('document beyond the end of its message');
  const length = bytes.readInt32LE(at);
  if (length < 5 || length > end - at) throw new MalformedMessage(`document of ${length} bytes`);
  return bytes.subarray(at, at + length);
}

function cstringAt(bytes: Buffer, at: number, end: number): { text: string; next: number } {
  const zero = bytes.indexOf(0, at);
  if (zero === -1 || zero >= end) throw new MalformedMessage('string without an end');
  return { text: bytes.toString('utf8', at, zero), next: zero + 1 };
}

function parseBson(bytes: Buffer): Doc {
  try {
    return readTyped(bytes);
  } catch (error) {
    throw new MalformedMessage(errorText(error));
  }
}

function parseMsg(bytes: Buffer): Pick<Request, 'command' | 'silent'> {
  const flags = bytes.readUInt32LE(headerBytes);
  if ((flags & 0xfffc) !== 0) throw new MalformedMessage(`required flag bits ${flags.toString(16)} are not known`);
  const end = bytes.length - ((flags & checksumPresent) === 0 ? 0 : 4);
  let at = headerBytes + 4;
  let body: Doc | undefined;
  const sequences: [string, Doc[]][] = [];
  while (at < end) {
    const kind = bytes[at++];
    if (kind === 0) {
      if (body !== undefined) throw new MalformedMessage('two bodies');
      const doc = documentAt(bytes, at, end);
      body = parseBson(doc);
      at += doc.length;
    } else if (kind === 1) {
      if (at + 4 > end) throw new MalformedMessage('section beyond the end of its message');
      const size = bytes.readInt32LE(at);
      if (size < 5 || size > end - at) throw new MalformedMessage(`section of ${size} bytes`);
      const sectionEnd = at + size;
      const { text, next } = cstringAt(bytes, at + 4, sectionEnd);
      const docs: Doc[] = [];
      at = next;
      while (at < sectionEnd) {
        const doc = documentAt(bytes, at, sectionEnd);
        docs.push(parseBson(doc));
        at += doc.length;
      }
      sequences.push([text, docs]);
    } else throw new MalformedMessage(`section of kind ${kind}`);
  }
  if (body === undefined) throw new MalformedMessage('no body');
  for (const [name, docs] of sequences) {
    if (name === '__proto__' || Object.hasOwn(body, name)) throw new MalformedMessage(`field ${name} given twice`);
    body[name] = docs;
  }
  return { command: body, silent: (flags & moreToCome) !== 0 };
}

function parseQuery(bytes: Buffer): Pick<Request, 'command' | 'silent'> {
  const { text, next } = cstringAt(bytes, headerBytes + 4, bytes.length);
  if (!text.endsWith('.$cmd')) throw new MalformedMessage('OP_QUERY for anything but a command');
  const command = parseBson(documentAt(bytes, next + 8, bytes.length));
  return { command: { ...command, $db: text.slice(0, -5) }, silent: false };
}

/** @param bytes one whole message. @throws MalformedMessage */
export function parseMessage(bytes: Buffer): Request {
  const requestId = bytes.readInt32LE(4);
  const opcode = bytes.readInt32LE(12);
  if (opcode === opMsg) return { requestId, ...parseMsg(bytes), legacy: false };
  if (opcode === opQuery) return { requestId, ...parseQuery(bytes), legacy: true };
  throw new MalformedMessage(opcode === opCompressed ? 'compressed messages were not agreed on' : `opcode ${opcode}`);
}

/** The answer to a request, in the way it was asked. */
export function encodeReply(request: Request, replyId: number, body: Doc): Buffer {
  const doc = serialize(body, { ignoreUndefined: true });
  const fixed = request.legacy ? 20 : 5;
  const head = Buffer.alloc(headerBytes + fixed);
  head.writeInt32LE(head.length + doc.length, 0);
  head.writeInt32LE(replyId, 4);
  head.writeInt32LE(request.requestId, 8);
  head.writeInt32LE(request.legacy ? opReply : opMsg, 12);
  if (request.legacy) {
    head.writeInt32LE(8, headerBytes);
    head.writeInt32LE(1, headerBytes + 16);
  }
  return Buffer.concat([head, doc]);
}
