import { randomUUID } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Baresip } from '../peers/baresip.ts';
import { shot } from '../peers/films.ts';
import type { Product } from '../peers/product.ts';
import { readWav, type Sound } from '../peers/tones.ts';

/** A recording as the API tells of it. */
export interface Recording {
  id: string;
  kind: 'room' | 'track';
  legId?: string;
  state: string;
  percent?: number;
  bytes: number;
  durationMs: number;
  sha256: string;
  endedAt?: string;
  intact?: boolean;
  archive?: { state: string; attempts: number; error?: string };
  parts: { startedAt: string; endedAt?: string; offsetMs?: number; durationMs?: number }[];
}

export async function recordingsOf(product: Product, sessionId: string): Promise<Recording[]> {
  return (await product.get<{ items: Recording[] }>(`/recordings?sessionId=${sessionId}`)).items;
}

/** A session that is open and waits for those who dial its number. */
export async function openRoom(product: Product, title: string): Promise<{ id: string; room: string }> {
  const session = await product.post<{ id: string; room: string }>('/sessions', { title });
  await product.post(`/sessions/${session.id}/start`);
  return session;
}

/** A registered terminal that plays a sound, and a picture where one is given. */
export async function terminal(
  product: Product,
  name: string,
  number: string,
  plays: string,
  picture?: string,
): Promise<Baresip> {
  const password = `${name}-password-1`;
  await product.post('/endpoints', { name, kind: 'sip', number, username: name, secret: password });
  const made = await Baresip.start({
    name,
    plays,
    ...(picture === undefined ? {} : { video: `avformat,${picture}` }),
    registers: { user: name, password, at: product.sip },
  });
  await made.registered();
  return made;
}

/** A session's recordings when of those that are `over` (all, when absent) nothing is left to do. */
export async function finished(
  product: Product,
  sessionId: string,
  over: (recording: Recording) => boolean = () => true,
  ms = 30_000,
): Promise<Recording[]> {
  for (const until = performance.now() + ms; ; await pause(100)) {
    const all = await recordingsOf(product, sessionId);
    const done = ({ state }: Recording): boolean => ['closed', 'failed', 'deleted'].includes(state);
    if (all.length > 0 && all.filter(over).every(done)) return all;
    if (performance.now() > until) throw new Error(`not finished: ${JSON.stringify(all)}`);
  }
}

/** A track, or the sound of a film. */
export function soundOf(bytes: Buffer, { kind }: Pick<Recording, 'kind'>): Sound {
  if (kind === 'track') return readWav(bytes);
  const file = join(tmpdir(), `film-${randomUUID()}.mp4`);
  writeFileSync(file, bytes);
  try {
    return readWav(shot(file, 0, tmpdir(), 'wav'));
  } finally {
    rmSync(file);
  }
}
