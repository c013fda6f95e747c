import { once } from 'node:events';
import Srf from 'drachtio-srf';
import { type Engine, secret, startSip } from '../embedded/freeswitch/engine.ts';
import type { Colour } from '../peers/pictures.ts';
import { PictureLine } from './picture-line.ts';

const pictureUpdate =
  '<?xml version="1.0" encoding="utf-8"?><media_control><vc_primitive><to_encoder><picture_fast_update/></to_encoder></vc_primitive></media_control>';

/** A SIP codec whose every description a test writes: old equipment without RTCP feedback. */
export class SipFarEnd {
  readonly line: PictureLine;
  dialog: Srf.Dialog | undefined;
  /** Key frames that were asked of it by INFO. */
  keyFramesAsked = 0;
  /** What the gateway answered last. */
  answered = '';
  private readonly engine: Engine;
  private readonly srf: Srf;
  private version = 1;

  private constructor(engine: Engine, srf: Srf, line: PictureLine) {
    this.engine = engine;
    this.srf = srf;
    this.line = line;
  }

  static async open(folder: string, colour: Colour): Promise<SipFarEnd> {
    const engine = await startSip();
    const srf = new Srf();
    srf.connect({ host: '127.0.0.1', port: engine.ports.control!, secret });
    await once(srf, 'connect');
    return new SipFarEnd(engine, srf, await PictureLine.open('127.0.0.1', folder, colour));
  }

  /** Its description; `video`: lines of the picture section behind its port, none for sound alone. */
  sdp(video?: { types: string; lines: string[] }): string {
    return [
      'v=0',
      `o=- 1 ${this.version++} IN IP4 ${this.line.host}`,
      's=-',
      `c=IN IP4 ${this.line.host}`,
      't=0 0',
      `m=audio ${this.line.soundPort} RTP/AVP 8`,
      'a=ptime:20',
      ...(video === undefined ? [] : [`m=video ${this.line.picturePort} RTP/AVP ${video.types}`, ...video.lines]),
      '',
    ].join('\r\n');
  }

  async call(number: string, at: string, auth: { username: string; password: string }, sdp: string): Promise<void> {
    const dialog = await this.srf.createUAC(`sip:${number}@${at}`, {
      localSdp: sdp,
      auth,
      headers: { From: `<sip:${auth.username}@${at}>` },
    });
    this.dialog = dialog;
    this.took(dialog.remote.sdp);
    dialog.on('info', (request: { body?: string }, response: { send(status: number): void }) => {
      response.send(200);
      if (request.body?.includes('picture_fast_update') === true) this.keyFramesAsked++;
    });
  }

  /** Sends a re-INVITE. */
  async change(sdp: string): Promise<void> {
    const answer = await this.dialog?.modify(sdp);
    this.took(String(answer ?? this.dialog?.remote.sdp));
  }

  async askForKeyFrame(): Promise<void> {
    const headers = { 'Content-Type': 'application/media_control+xml' };
    // The library's types want a whole request; its code takes these.
    await this.dialog?.request({ method: 'INFO', headers, body: pictureUpdate } as unknown as Srf.SrfRequest);
  }

  async close(): Promise<void> {
    await Promise.resolve(this.dialog?.destroy()).catch(() => {});
    this.line.close();
    this.srf.disconnect();
    await this.engine.stop();
  }

  private took(sdp: string): void {
    this.answered = sdp;
    this.line.reach(sdp);
  }
}
