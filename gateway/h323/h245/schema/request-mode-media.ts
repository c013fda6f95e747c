import {
  BOOLEAN,
  choice,
  extensions,
  type Infer,
  integer,
  lazy,
  NULL,
  octetString,
  optional,
  type Schema,
  sequence,
  type UnknownExtension,
} from '../../per/index.ts';
import { G729Extensions, GSMAudioCapability } from './audio-capability.ts';
import { DataChannel, T38FaxProfile } from './data-capability.ts';
import { NonStandardParameter } from './generic.ts';
import { DataProtocolCapability, GenericCapability } from './generic-capability.ts';
import { RedundancyEncodingMethod } from './multiplex-capability.ts';
import { EnhancementLayerInfo, H263Options } from './video-capability.ts';

/* H.245 request mode: video, audio and data modes. */

export const IS11172AudioMode = sequence(
  {
    audioLayer: choice({
      audioLayer1: NULL,
      audioLayer2: NULL,
      audioLayer3: NULL,
    }),
    audioSampling: choice({
      audioSampling32k: NULL,
      audioSampling44k1: NULL,
      audioSampling48k: NULL,
    }),
    multichannelType: choice({
      singleChannel: NULL,
      twoChannelStereo: NULL,
      twoChannelDual: NULL,
    }),
    bitRate: integer(1, 448),
  },
  extensions(),
);
export type IS11172AudioMode = Infer<typeof IS11172AudioMode>;

export const IS13818AudioMode = sequence(
  {
    audioLayer: choice({
      audioLayer1: NULL,
      audioLayer2: NULL,
      audioLayer3: NULL,
    }),
    audioSampling: choice({
      audioSampling16k: NULL,
      audioSampling22k05: NULL,
      audioSampling24k: NULL,
      audioSampling32k: NULL,
      audioSampling44k1: NULL,
      audioSampling48k: NULL,
    }),
    multichannelType: choice({
      singleChannel: NULL,
      twoChannelStereo: NULL,
      twoChannelDual: NULL,
      'threeChannels2-1': NULL,
      'threeChannels3-0': NULL,
      'fourChannels2-0-2-0': NULL,
      'fourChannels2-2': NULL,
      'fourChannels3-1': NULL,
      'fiveChannels3-0-2-0': NULL,
      'fiveChannels3-2': NULL,
    }),
    lowFrequencyEnhancement: BOOLEAN,
    multilingual: BOOLEAN,
    bitRate: integer(1, 1130),
  },
  extensions(),
);
export type IS13818AudioMode = Infer<typeof IS13818AudioMode>;

export const G7231AnnexCMode = sequence(
  {
    'maxAl-sduAudioFrames': integer(1, 256),
    silenceSuppression: BOOLEAN,
    g723AnnexCAudioMode: sequence(
      {
        highRateMode0: integer(27, 78),
        highRateMode1: integer(27, 78),
        lowRateMode0: integer(23, 66),
        lowRateMode1: integer(23, 66),
        sidMode0: integer(6, 17),
        sidMode1: integer(6, 17),
      },
      extensions(),
    ),
  },
  extensions(),
);
export type G7231AnnexCMode = Infer<typeof G7231AnnexCMode>;

export interface VBDMode {
  type: AudioMode;
  unknownExtensions?: UnknownExtension[];
}
export const VBDMode: Schema<VBDMode> = sequence(
  {
    type: lazy<AudioMode>(() => AudioMode),
  },
  extensions(),
);

export const AudioMode = choice(
  {
    nonStandard: NonStandardParameter,
    g711Alaw64k: NULL,
    g711Alaw56k: NULL,
    g711Ulaw64k: NULL,
    g711Ulaw56k: NULL,
    'g722-64k': NULL,
    'g722-56k': NULL,
    'g722-48k': NULL,
    g728: NULL,
    g729: NULL,
    g729AnnexA: NULL,
    g7231: choice({
      noSilenceSuppressionLowRate: NULL,
      noSilenceSuppressionHighRate: NULL,
      silenceSuppressionLowRate: NULL,
      silenceSuppressionHighRate: NULL,
    }),
    is11172AudioMode: IS11172AudioMode,
    is13818AudioMode: IS13818AudioMode,
  },
  extensions({
    g729wAnnexB: integer(1, 256),
    g729AnnexAwAnnexB: integer(1, 256),
    g7231AnnexCMode: G7231AnnexCMode,
    gsmFullRate: GSMAudioCapability,
    gsmHalfRate: GSMAudioCapability,
    gsmEnhancedFullRate: GSMAudioCapability,
    genericAudioMode: GenericCapability,
    g729Extensions: G729Extensions,
    vbd: VBDMode,
  }),
);
export type AudioMode = Infer<typeof AudioMode>;

export const RedundancyEncodingMode = sequence(
  {
    redundancyEncodingMethod: RedundancyEncodingMethod,
    secondaryEncoding: optional(
      choice(
        {
          nonStandard: NonStandardParameter,
          audioData: AudioMode,
        },
        extensions(),
      ),
    ),
  },
  extensions(),
);
export type RedundancyEncodingMode = Infer<typeof RedundancyEncodingMode>;

export const H261VideoMode = sequence(
  {
    resolution: choice({
      qcif: NULL,
      cif: NULL,
    }),
    bitRate: integer(1, 19200),
    stillImageTransmission: BOOLEAN,
  },
  extensions(),
);
export type H261VideoMode = Infer<typeof H261VideoMode>;

export const H262VideoMode = sequence(
  {
    profileAndLevel: choice(
      {
        'profileAndLevel-SPatML': NULL,
        'profileAndLevel-MPatLL': NULL,
        'profileAndLevel-MPatML': NULL,
        'profileAndLevel-MPatH-14': NULL,
        'profileAndLevel-MPatHL': NULL,
        'profileAndLevel-SNRatLL': NULL,
        'profileAndLevel-SNRatML': NULL,
        'profileAndLevel-SpatialatH-14': NULL,
        'profileAndLevel-HPatML': NULL,
        'profileAndLevel-HPatH-14': NULL,
        'profileAndLevel-HPatHL': NULL,
      },
      extensions(),
    ),
    videoBitRate: optional(integer(0, 1073741823)),
    vbvBufferSize: optional(integer(0, 262143)),
    samplesPerLine: optional(integer(0, 16383)),
    linesPerFrame: optional(integer(0, 16383)),
    framesPerSecond: optional(integer(0, 15)),
    luminanceSampleRate: optional(integer(0, 4294967295)),
  },
  extensions(),
);
export type H262VideoMode = Infer<typeof H262VideoMode>;

export const H263VideoMode = sequence(
  {
    resolution: choice(
      {
        sqcif: NULL,
        qcif: NULL,
        cif: NULL,
        cif4: NULL,
        cif16: NULL,
      },
      extensions({
        custom: NULL,
      }),
    ),
    bitRate: integer(1, 19200),
    unrestrictedVector: BOOLEAN,
    arithmeticCoding: BOOLEAN,
    advancedPrediction: BOOLEAN,
    pbFrames: BOOLEAN,
  },
  extensions({
    errorCompensation: BOOLEAN,
    enhancementLayerInfo: optional(EnhancementLayerInfo),
    h263Options: optional(H263Options),
  }),
);
export type H263VideoMode = Infer<typeof H263VideoMode>;

export const IS11172VideoMode = sequence(
  {
    constrainedBitstream: BOOLEAN,
    videoBitRate: optional(integer(0, 1073741823)),
    vbvBufferSize: optional(integer(0, 262143)),
    samplesPerLine: optional(integer(0, 16383)),
    linesPerFrame: optional(integer(0, 16383)),
    pictureRate: optional(integer(0, 15)),
    luminanceSampleRate: optional(integer(0, 4294967295)),
  },
  extensions(),
);
export type IS11172VideoMode = Infer<typeof IS11172VideoMode>;

export const VideoMode = choice(
  {
    nonStandard: NonStandardParameter,
    h261VideoMode: H261VideoMode,
    h262VideoMode: H262VideoMode,
    h263VideoMode: H263VideoMode,
    is11172VideoMode: IS11172VideoMode,
  },
  extensions({
    genericVideoMode: GenericCapability,
  }),
);
export type VideoMode = Infer<typeof VideoMode>;

export const DataMode = sequence(
  {
    application: choice(
      {
        nonStandard: NonStandardParameter,
        t120: DataProtocolCapability,
        'dsm-cc': DataProtocolCapability,
        userData: DataProtocolCapability,
        t84: DataProtocolCapability,
        t434: DataProtocolCapability,
        h224: DataProtocolCapability,
        nlpid: sequence({
          nlpidProtocol: DataProtocolCapability,
          nlpidData: octetString(),
        }),
        dsvdControl: NULL,
        h222DataPartitioning: DataProtocolCapability,
      },
      extensions({
        t30fax: DataProtocolCapability,
        t140: DataProtocolCapability,
        t38fax: sequence({
          t38FaxProtocol: DataProtocolCapability,
          t38FaxProfile: T38FaxProfile,
        }),
        genericDataMode: GenericCapability,
        dataChannel: DataChannel,
      }),
    ),
    bitRate: integer(0, 4294967295),
  },
  extensions(),
);
export type DataMode = Infer<typeof DataMode>;

export const EncryptionMode = choice(
  {
    nonStandard: NonStandardParameter,
    h233Encryption: NULL,
  },
  extensions(),
);
export type EncryptionMode = Infer<typeof EncryptionMode>;
