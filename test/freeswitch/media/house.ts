import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { MediaEngines } from '../../../freeswitch/media/engines.ts';
import { newSipServer, type SipServer } from '../../../gateway/sip/drachtio.ts';
import { secret as ownSecret, startMedia, startSip } from '../../embedded/freeswitch/engine.ts';

interface Address {
  host: string;
  port: number;
  secret: string;
}

/** The media client over a SIP and a media engine: those that the environment names, else our own. */
export interface MediaHouse {
  media: MediaEngines;
  sip: SipServer;
  eventSocket: Address;
  /** Recordings go here. */
  folder: string;
  close(): Promise<void>;
}

export const quiet = pino({ level: process.env.LOG_LEVEL ?? 'silent' });

export async function openMediaHouse(): Promise<MediaHouse> {
  const folder = mkdtempSync(join(tmpdir(), 'media-'));
  const { DRACHTIO_HOST, DRACHTIO_PORT, DRACHTIO_SECRET } = process.env;
  const { FREESWITCH_HOST, FREESWITCH_PORT, FREESWITCH_SECRET } = process.env;
  const sipEngine = DRACHTIO_HOST === undefined ? await startSip() : undefined;
  const mediaEngine =
    FREESWITCH_HOST === undefined
      ? await startMedia({ RECORDINGS_DIR: folder, SOUNDS_DIR: join(process.cwd(), 'freeswitch/prompts') })
      : undefined;
  const control: Address = {
    host: DRACHTIO_HOST ?? '127.0.0.1',
    port: sipEngine?.ports.control ?? Number(DRACHTIO_PORT ?? 9022),
    secret: sipEngine === undefined ? (DRACHTIO_SECRET ?? 'cymru') : ownSecret,
  };
  const eventSocket: Address = {
    host: FREESWITCH_HOST ?? '127.0.0.1',
    port: mediaEngine?.ports.esl ?? Number(FREESWITCH_PORT ?? 8021),
    secret: mediaEngine === undefined ? (FREESWITCH_SECRET ?? 'ClueCon') : ownSecret,
  };
  const sip = newSipServer();
  sip.connect(control);
  await once(sip, 'connect');
  const media = new MediaEngines([eventSocket], () => sip, quiet);
  await media.start();
  return {
    media,
    sip,
    eventSocket,
    folder,
    close: async () => {
      await media.close();
      sip.disconnect();
      await Promise.all([sipEngine?.stop(), mediaEngine?.stop()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
