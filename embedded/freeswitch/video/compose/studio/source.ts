import {
  AV_CODEC_ID_H263,
  AV_CODEC_ID_H264,
  AV_PIX_FMT_YUV420P,
  AV_PIX_FMT_YUVJ420P,
  SWS_BILINEAR,
} from 'node-av/constants';
import { Codec, CodecContext, Frame, Packet, SoftwareScaleContext } from 'node-av/lib';
import type { PlacedTile } from '../wire.ts';
import { rectangle } from './picture.ts';

/** A member's pictures, decoded. */
export class StudioSource {
  /** Counts pictures: who drew one knows whether there is a newer. */
  generation = 0;
  private readonly decoder = new CodecContext();
  private readonly packet = new Packet();
  private readonly incoming = new Frame();
  private readonly latest = new Frame();
  private readonly scalers = new Map<string, SoftwareScaleContext>();
  private size = '';
  private started = false;
  private readonly needKey: () => void;

  constructor(h263: boolean, needKey: () => void) {
    this.needKey = needKey;
    const codec = Codec.findDecoder(h263 ? AV_CODEC_ID_H263 : AV_CODEC_ID_H264);
    if (codec === null) throw new Error('FFmpeg brings no decoder');
    this.decoder.allocContext3(codec);
    // Slices wait for nobody: no frame is held back for threads.
    this.decoder.threadCount = 1;
    if (this.decoder.open2Sync(codec, null) < 0) throw new Error('the decoder does not open');
    this.packet.alloc();
    this.incoming.alloc();
    this.latest.alloc();
  }

  /** Decodes a frame; a decoder that never had a key frame asks for one. */
  push(data: Buffer, key: boolean, damaged: boolean): void {
    if (!this.started) {
      if (!key || damaged) {
        this.needKey();
        return;
      }
      this.started = true;
    }
    this.packet.data = data;
    const taken = this.decoder.sendPacketSync(this.packet);
    this.packet.unref();
    if (taken < 0) {
      this.needKey();
      return;
    }
    while (this.decoder.receiveFrameSync(this.incoming) >= 0) {
      const { format } = this.incoming;
      if (format !== AV_PIX_FMT_YUV420P && format !== AV_PIX_FMT_YUVJ420P) {
        this.incoming.unref();
        continue;
      }
      this.latest.unref();
      this.latest.ref(this.incoming);
      this.incoming.unref();
      this.generation++;
    }
  }

  /** Draws the newest picture into a tile, whole, with its own proportions; what is left is black. */
  draw(canvas: Frame, tile: PlacedTile): void {
    const { latest } = this;
    const planes = latest.data;
    if (planes === null || latest.width < 1) return;
    const size = `${latest.width}x${latest.height}`;
    if (size !== this.size) {
      this.size = size;
      this.freeScalers();
    }
    const scale = Math.min(tile.width / latest.width, tile.height / latest.height);
    const width = Math.max(2, Math.round((latest.width * scale) / 2) * 2);
    const height = Math.max(2, Math.round((latest.height * scale) / 2) * 2);
    const key = `${width}x${height}`;
    let scaler = this.scalers.get(key);
    if (scaler === undefined) {
      scaler = new SoftwareScaleContext();
      scaler.getContext(
        latest.width,
        latest.height,
        AV_PIX_FMT_YUV420P,
        width,
        height,
        AV_PIX_FMT_YUV420P,
        SWS_BILINEAR,
      );
      this.scalers.set(key, scaler);
    }
    const x = tile.x + Math.floor((tile.width - width) / 4) * 2;
    const y = tile.y + Math.floor((tile.height - height) / 4) * 2;
    const { data, strides } = rectangle(canvas, x, y);
    scaler.scaleSync(planes.slice(0, 3), latest.linesize.slice(0, 3), 0, latest.height, data, strides);
  }

  close(): void {
    this.freeScalers();
    this.decoder.freeContext();
    this.packet.free();
    this.incoming.free();
    this.latest.free();
  }

  private freeScalers(): void {
    for (const scaler of this.scalers.values()) scaler.freeContext();
    this.scalers.clear();
  }
}
