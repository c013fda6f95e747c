import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { Fault } from '../../platform/fault.ts';
import type { ExtraPages } from '../app.ts';
import { namesTag } from '../tags.ts';

/** A file as it is sent: plain, and compressed where that helps. */
interface Served {
  type: string;
  tag: string;
  bodies: Partial<Record<'br' | 'gzip' | 'identity', Buffer>>;
}

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
};

/** Nothing from elsewhere, nothing inline, in nobody's frame. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "media-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/**
 * Serves the built console from memory: files of `assets` for ever (their names carry their hash), the page itself at
 * every other path, because the console reads the path by itself. Where it was never built, `/` leads to the API's page.
 */
export function consolePages(folder: string): ExtraPages {
  const files = load(folder);
  const page = files.get('/index.html');
  return async (context, next) => {
    if (context.method !== 'GET' && context.method !== 'HEAD') return next();
    if (page === undefined) {
      if (context.path === '/') context.redirect('/api/v1/docs');
      else await next();
      return;
    }
    const asset = context.path.startsWith('/assets/');
    const file = asset ? files.get(context.path) : extname(context.path) === '' ? page : undefined;
    if (file === undefined) throw new Fault('not-found', 'not-found');
    context.set({
      'Content-Security-Policy': policy,
      'Cache-Control': asset ? 'public, max-age=31536000, immutable' : 'no-cache',
      ETag: file.tag,
      Vary: 'Accept-Encoding',
    });
    context.type = file.type;
    if (namesTag(context.get('If-None-Match'), file.tag)) {
      context.status = 304;
      return;
    }
    const coding = context.acceptsEncodings(['br', 'gzip', 'identity'].filter((name) => name in file.bodies));
    const body = file.bodies[coding === 'br' || coding === 'gzip' ? coding : 'identity'];
    if (coding === 'br' || coding === 'gzip') context.set('Content-Encoding', coding);
    context.status = 200;
    context.body = body;
  };
}

function load(folder: string): Map<string, Served> {
  const files = new Map<string, Served>();
  if (!existsSync(join(folder, 'index.html'))) return files;
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const type = types[extname(name)];
    if (type === undefined) continue;
    const path = join(folder, name);
    const plain = readFileSync(path);
    const bodies: Served['bodies'] = { identity: plain };
    if (existsSync(`${path}.br`)) bodies.br = readFileSync(`${path}.br`);
    if (existsSync(`${path}.gz`)) bodies.gzip = readFileSync(`${path}.gz`);
    const tag = `"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`;
    files.set(`/${name.replaceAll('\\', '/')}`, { type, tag, bodies });
  }
  return files;
}
