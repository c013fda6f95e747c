import {
  BOOLEAN,
  choice,
  extensions,
  GeneralString,
  type Infer,
  integer,
  lazy,
  optional,
  type Schema,
  sequence,
  sequenceOf,
  type UnknownExtension,
} from '../../per/index.ts';
import { NonStandardParameter } from './generic.ts';
import { GenericCapability } from './generic-capability.ts';

/* H.245 capability exchange: audio. */

export const IS11172AudioCapability = sequence(
  {
    audioLayer1: BOOLEAN,
    audioLayer2: BOOLEAN,
    audioLayer3: BOOLEAN,
    audioSampling32k: BOOLEAN,
    audioSampling44k1: BOOLEAN,
    audioSampling48k: BOOLEAN,
    singleChannel: BOOLEAN,
    twoChannels: BOOLEAN,
    bitRate: integer(1, 448),
  },
  extensions(),
);
export type IS11172AudioCapability = Infer<typeof IS11172AudioCapability>;

export const IS13818AudioCapability = sequence(
  {
    audioLayer1: BOOLEAN,
    audioLayer2: BOOLEAN,
    audioLayer3: BOOLEAN,
    audioSampling16k: BOOLEAN,
    audioSampling22k05: BOOLEAN,
    audioSampling24k: BOOLEAN,
    audioSampling32k: BOOLEAN,
    audioSampling44k1: BOOLEAN,
    audioSampling48k: BOOLEAN,
    singleChannel: BOOLEAN,
    twoChannels: BOOLEAN,
    'threeChannels2-1': BOOLEAN,
    'threeChannels3-0': BOOLEAN,
    'fourChannels2-0-2-0': BOOLEAN,
    'fourChannels2-2': BOOLEAN,
    'fourChannels3-1': BOOLEAN,
    'fiveChannels3-0-2-0': BOOLEAN,
    'fiveChannels3-2': BOOLEAN,
    lowFrequencyEnhancement: BOOLEAN,
    multilingual: BOOLEAN,
    bitRate: integer(1, 1130),
  },
  extensions(),
);
export type IS13818AudioCapability = Infer<typeof IS13818AudioCapability>;

export const G7231AnnexCCapability = sequence(
  {
    'maxAl-sduAudioFrames': integer(1, 256),
    silenceSuppression: BOOLEAN,
    g723AnnexCAudioMode: optional(
      sequence(
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
    ),
  },
  extensions(),
);
export type G7231AnnexCCapability = Infer<typeof G7231AnnexCCapability>;

export const GSMAudioCapability = sequence(
  {
    audioUnitSize: integer(1, 256),
    comfortNoise: BOOLEAN,
    scrambled: BOOLEAN,
  },
  extensions(),
);
export type GSMAudioCapability = Infer<typeof GSMAudioCapability>;

export const G729Extensions = sequence(
  {
    audioUnit: optional(integer(1, 256)),
    annexA: BOOLEAN,
    annexB: BOOLEAN,
    annexD: BOOLEAN,
    annexE: BOOLEAN,
    annexF: BOOLEAN,
    annexG: BOOLEAN,
    annexH: BOOLEAN,
  },
  extensions(),
);
export type G729Extensions = Infer<typeof G729Extensions>;

export interface VBDCapability {
  type: AudioCapability;
  unknownExtensions?: UnknownExtension[];
}
export const VBDCapability: Schema<VBDCapability> = sequence(
  {
    type: lazy<AudioCapability>(() => AudioCapability),
  },
  extensions(),
);

export const NoPTAudioTelephonyEventCapability = sequence(
  {
    audioTelephoneEvent: GeneralString,
  },
  extensions(),
);
export type NoPTAudioTelephonyEventCapability = Infer<typeof NoPTAudioTelephonyEventCapability>;

export const NoPTAudioToneCapability = sequence({}, extensions());
export type NoPTAudioToneCapability = Infer<typeof NoPTAudioToneCapability>;

export interface ExtendedAudioCapability {
  audioCapability: AudioCapability[];
  audioCapabilityExtension?: GenericCapability[];
  unknownExtensions?: UnknownExtension[];
}
export const ExtendedAudioCapability: Schema<ExtendedAudioCapability> = sequence(
  {
    audioCapability: sequenceOf(lazy<AudioCapability>(() => AudioCapability)),
    audioCapabilityExtension: optional(sequenceOf(GenericCapability)),
  },
  extensions(),
);

export const AudioCapability = choice(
  {
    nonStandard: NonStandardParameter,
    g711Alaw64k: integer(1, 256),
    g711Alaw56k: integer(1, 256),
    g711Ulaw64k: integer(1, 256),
    g711Ulaw56k: integer(1, 256),
    'g722-64k': integer(1, 256),
    'g722-56k': integer(1, 256),
    'g722-48k': integer(1, 256),
    g7231: sequence({
      'maxAl-sduAudioFrames': integer(1, 256),
      silenceSuppression: BOOLEAN,
    }),
    g728: integer(1, 256),
    g729: integer(1, 256),
    g729AnnexA: integer(1, 256),
    is11172AudioCapability: IS11172AudioCapability,
    is13818AudioCapability: IS13818AudioCapability,
  },
  extensions({
    g729wAnnexB: integer(1, 256),
    g729AnnexAwAnnexB: integer(1, 256),
    g7231AnnexCCapability: G7231AnnexCCapability,
    gsmFullRate: GSMAudioCapability,
    gsmHalfRate: GSMAudioCapability,
    gsmEnhancedFullRate: GSMAudioCapability,
    genericAudioCapability: GenericCapability,
    g729Extensions: G729Extensions,
    vbd: VBDCapability,
    audioTelephonyEvent: NoPTAudioTelephonyEventCapability,
    audioTone: NoPTAudioToneCapability,
    extendedAudioCapability: ExtendedAudioCapability,
  }),
);
export type AudioCapability = Infer<typeof AudioCapability>;

export const AudioTelephonyEventCapability = sequence(
  {
    dynamicRTPPayloadType: integer(96, 127),
    audioTelephoneEvent: GeneralString,
  },
  extensions(),
);
export type AudioTelephonyEventCapability = Infer<typeof AudioTelephonyEventCapability>;

export const AudioToneCapability = sequence(
  {
    dynamicRTPPayloadType: integer(96, 127),
  },
  extensions(),
);
export type AudioToneCapability = Infer<typeof AudioToneCapability>;
