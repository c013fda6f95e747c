import type { CallDialog, IncomingCall } from '../../gateway/call.ts';
import { type House, openHouse } from '../gateway/h323/call/house.ts';
import type { Colour } from '../peers/pictures.ts';
import { PictureLine } from './picture-line.ts';

/** An H.323 room codec with pictures: our own call signalling at the far end. */
export class H323FarEnd {
  readonly house: House;
  readonly line: PictureLine;
  dialog: CallDialog | undefined;
  /** Key frames that were asked of it. */
  keyFramesAsked = 0;
  private version = 1;

  private constructor(house: House, line: PictureLine) {
    this.house = house;
    this.line = line;
  }

  static async open(host: string, folder: string, colour: Colour): Promise<H323FarEnd> {
    return new H323FarEnd(await openHouse(host), await PictureLine.open(host, folder, colour));
  }

  /** Its description; `video` false: a call with sound alone. */
  sdp({ bandwidth = 1_024, video = true } = {}): string {
    return [
      'v=0',
      `o=- 1 ${this.version++} IN IP4 ${this.line.host}`,
      's=-',
      `c=IN IP4 ${this.line.host}`,
      't=0 0',
      `m=audio ${this.line.soundPort} RTP/AVP 8`,
      'a=ptime:20',
      ...(video
        ? [
            `m=video ${this.line.picturePort} RTP/AVP 97`,
            `b=AS:${bandwidth}`,
            'a=rtpmap:97 H264/90000',
            'a=fmtp:97 profile-level-id=42e01f;packetization-mode=1',
          ]
        : []),
      '',
    ].join('\r\n');
  }

  /** Calls a number at a gateway. */
  async call(at: { host: string; port: number }, number: string, sdp = this.sdp()): Promise<void> {
    this.house.know('product', `${at.host}:${at.port}`, number);
    const dialog = await this.house.signalling.place(
      { kind: 'endpoint', endpointId: 'product' },
      { offer: sdp, caller: { number: '801', name: 'Phòng họp cũ' }, ringTimeoutMs: 8_000 },
    );
    this.follow(dialog, sdp);
  }

  /** Answers the next call. */
  async answer(sdp = this.sdp()): Promise<void> {
    const call: IncomingCall = await this.house.nextCall();
    this.follow(await call.answer(sdp), sdp);
  }

  /** Offers another description: pictures go, or come. */
  async change(sdp: string): Promise<void> {
    if (this.dialog === undefined) throw new Error('no call');
    this.line.reach(await this.dialog.offer(sdp));
    this.dialog.onOffer(async (offer) => {
      this.line.reach(offer);
      return sdp;
    });
  }

  async close(): Promise<void> {
    this.line.close();
    await this.house.close();
  }

  private follow(dialog: CallDialog, sdp: string): void {
    this.dialog = dialog;
    dialog.on('keyFrameRequest', () => {
      this.keyFramesAsked++;
    });
    dialog.on('ended', () => {
      this.dialog = undefined;
      this.line.reach(undefined);
    });
    this.line.reach(dialog.remoteSdp);
    dialog.onOffer(async (offer) => {
      this.line.reach(offer);
      return sdp;
    });
  }
}
