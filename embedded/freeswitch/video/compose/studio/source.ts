import {
  AV_CODEC_ID_H261,
  AV_CODEC_ID_H263,
  AV_CODEC_ID_H264,
  AV_PIX_FMT_YUV420P,
  AV_PIX_FMT_YUVJ420P,
  SWS_AREA,
  SWS_BILINEAR,
} from 'node-av/constants';
import { Codec, CodecContext, Frame, Packet, SoftwareScaleContext } from 'node-av/lib';
import type { PlacedTile } from '../wire.ts';
import { copyInto, newPicture, type Planes, planesOf } from './picture.ts';

export type SourceCodec = 'H264' | 'H263' | 'H261';

const decoders = { H264: AV_CODEC_ID_H264, H263: AV_CODEC_ID_H263, H261: AV_CODEC_ID_H261 } as const;

/** Key frames with loss that are passed over before one is taken all the same: a torn picture is more than none. */
const mostTornKeys = 2;
/** Pictures that are waited for one that stands alone, where none may be marked so. */
const mostWaited = 15;

/** A member's picture in the size of a tile. */
interface Scaled {
  scaler: SoftwareScaleContext;
  picture: Frame;
  planes: Planes;
  generation: number;
}

/** A member's pictures, decoded. */
export class StudioSource {
  /** Counts pictures: who drew one knows whether there is a newer. */
  generation = 0;
  /** When the newest frame came to the engine, in the time that all processes share, ms. */
  arrivedMs = 0;
  readonly codec: SourceCodec;
  private readonly decoder = new CodecContext();
  private readonly packet = new Packet();
  private readonly incoming = new Frame();
  private readonly latest = new Frame();
  private readonly scaled = new Map<string, Scaled>();
  private size = '';
  private started = false;
  private tornKeys = 0;
  private waited = 0;
  private readonly needKey: () => void;

  constructor(codecName: SourceCodec, needKey: () => void) {
    this.needKey = needKey;
    this.codec = codecName;
    const codec = Codec.findDecoder(decoders[codecName]);
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
      this.waited++;
      // Many terminals with H.261 never say which picture stands alone: their pictures renew themselves by and by.
      const begins = key
        ? !damaged || ++this.tornKeys >= mostTornKeys
        : this.codec === 'H261' && this.waited > mostWaited;
      if (!begins) {
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
  draw(canvas: Planes, tile: PlacedTile): void {
    const { latest } = this;
    if (latest.width < 1) return;
    const size = `${latest.width}x${latest.height}`;
    if (size !== this.size) {
      this.size = size;
      this.freeScaled();
    }
    const scale = Math.min(tile.width / latest.width, tile.height / latest.height);
    const width = Math.max(2, Math.round((latest.width * scale) / 2) * 2);
    const height = Math.max(2, Math.round((latest.height * scale) / 2) * 2);
    const scaled = this.scaledTo(width, height);
    if (scaled.generation !== this.generation) {
      scaled.scaler.scaleFrameSync(scaled.picture, latest);
      scaled.generation = this.generation;
    }
    const x = tile.x + Math.floor((tile.width - width) / 4) * 2;
    const y = tile.y + Math.floor((tile.height - height) / 4) * 2;
    copyInto(scaled.planes, width, height, canvas, x, y);
  }

  /** The picture in a size, made once for all tiles of that size. */
  private scaledTo(width: number, height: number): Scaled {
    const key = `${width}x${height}`;
    let scaled = this.scaled.get(key);
    if (scaled === undefined) {
      const { latest } = this;
      const scaler = new SoftwareScaleContext();
      // The mean of an area is the cheaper way down, and flickers no more.
      const way = width < latest.width ? SWS_AREA : SWS_BILINEAR;
      scaler.getContext(latest.width, latest.height, AV_PIX_FMT_YUV420P, width, height, AV_PIX_FMT_YUV420P, way);
      const picture = newPicture(width, height);
      scaled = { scaler, picture, planes: planesOf(picture), generation: 0 };
      this.scaled.set(key, scaled);
    }
    return scaled;
  }

  close(): void {
    this.freeScaled();
    this.decoder.freeContext();
    this.packet.free();
    this.incoming.free();
    this.latest.free();
  }

  private freeScaled(): void {
    for (const { scaler, picture } of this.scaled.values()) {
      scaler.freeContext();
      picture.free();
    }
    this.scaled.clear();
  }
}
