import {
  AV_CODEC_FLAG_GLOBAL_HEADER,
  AV_PICTURE_TYPE_I,
  AV_PICTURE_TYPE_NONE,
  AV_PIX_FMT_YUV420P,
  FF_ENCODER_H261,
  FF_ENCODER_H263,
  FF_ENCODER_LIBX264,
} from 'node-av/constants';
import { Codec, CodecContext, type Frame, Packet, Rational } from 'node-av/lib';
import type { Shape } from '../shapes.ts';
import { setOptions } from './options.ts';

const encoders = {
  H264: FF_ENCODER_LIBX264,
  'H263-1998': FF_ENCODER_H263,
  H263: FF_ENCODER_H263,
  H261: FF_ENCODER_H261,
} as const;

/** An encoder of composed pictures: no frame is held back, key frames come when they are asked for. */
export class StudioEncoder {
  readonly context = new CodecContext();
  private readonly packet = new Packet();
  private forced = true;

  /** `film`: with parameter sets apart, as a file wants them. */
  constructor(shape: Shape, film: boolean) {
    const codec = Codec.findEncoderByName(encoders[shape.codec]);
    if (codec === null) throw new Error(`FFmpeg brings no encoder for ${shape.codec}`);
    const { context } = this;
    context.allocContext3(codec);
    context.width = shape.width;
    context.height = shape.height;
    context.pixelFormat = AV_PIX_FMT_YUV420P;
    // H.261 and H.263 count in 1001/30000 s.
    context.timeBase = shape.codec === 'H264' ? new Rational(1, 90_000) : new Rational(1001, 30_000);
    context.framerate = new Rational(shape.framesPerSecond, 1);
    context.bitRate = BigInt(shape.bitrate);
    context.rcMaxRate = BigInt(shape.bitrate);
    context.rcBufferSize = shape.bitrate;
    context.gopSize = 10_000;
    context.maxBFrames = 0;
    context.threadCount = 1;
    if (film) context.setFlags(AV_CODEC_FLAG_GLOBAL_HEADER);
    const parameters = [
      'scenecut=0',
      'keyint=infinite',
      ...(shape.sliced ? ['slice-max-size=1150'] : []),
      // Ultrafast leaves blocks to be seen; filtering them costs little.
      ...(film ? [] : ['deblock=0,0', 'aq-mode=1']),
    ];
    if (shape.codec === 'H264') {
      setOptions(context, {
        preset: film ? 'veryfast' : 'ultrafast',
        tune: 'zerolatency',
        profile: 'baseline',
        level: (shape.levelIdc / 10).toFixed(1),
        'forced-idr': '1',
        'x264-params': parameters.join(':'),
      });
    }
    // Groups of blocks are marked, so that pictures can be cut there (RFC 2190, mode A).
    if (shape.codec === 'H263') setOptions(context, { ps: '1' });
    const opened = context.open2Sync(codec, null);
    if (opened < 0) throw new Error(`the encoder does not open (${opened})`);
    this.packet.alloc();
  }

  forceKey(): void {
    this.forced = true;
  }

  /** Encodes a picture of a time in the context's time base; the packet is valid during the call. */
  encode(picture: Frame, pts: bigint, take: (packet: Packet) => void): void {
    picture.pts = pts;
    picture.pictType = this.forced ? AV_PICTURE_TYPE_I : AV_PICTURE_TYPE_NONE;
    this.forced = false;
    if (this.context.sendFrameSync(picture) < 0) return;
    while (this.context.receivePacketSync(this.packet) >= 0) {
      take(this.packet);
      this.packet.unref();
    }
  }

  /** Takes what is still inside, at the end. */
  drain(take: (packet: Packet) => void): void {
    this.context.sendFrameSync(null);
    while (this.context.receivePacketSync(this.packet) >= 0) {
      take(this.packet);
      this.packet.unref();
    }
  }

  close(): void {
    this.packet.free();
    this.context.freeContext();
  }
}
