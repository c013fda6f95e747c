import {
  BOOLEAN,
  choice,
  extensions,
  type Infer,
  integer,
  lazy,
  NULL,
  optional,
  type Schema,
  sequence,
  sequenceOf,
  setOf,
  size,
  type UnknownExtension,
} from '../../per/index.ts';
import { NonStandardParameter } from './generic.ts';
import { GenericCapability } from './generic-capability.ts';

/* H.245 capability exchange: video. */

export const H261VideoCapability = sequence(
  {
    qcifMPI: optional(integer(1, 4)),
    cifMPI: optional(integer(1, 4)),
    temporalSpatialTradeOffCapability: BOOLEAN,
    maxBitRate: integer(1, 19200),
    stillImageTransmission: BOOLEAN,
  },
  extensions({
    videoBadMBsCap: BOOLEAN,
  }),
);
export type H261VideoCapability = Infer<typeof H261VideoCapability>;

export const H262VideoCapability = sequence(
  {
    'profileAndLevel-SPatML': BOOLEAN,
    'profileAndLevel-MPatLL': BOOLEAN,
    'profileAndLevel-MPatML': BOOLEAN,
    'profileAndLevel-MPatH-14': BOOLEAN,
    'profileAndLevel-MPatHL': BOOLEAN,
    'profileAndLevel-SNRatLL': BOOLEAN,
    'profileAndLevel-SNRatML': BOOLEAN,
    'profileAndLevel-SpatialatH-14': BOOLEAN,
    'profileAndLevel-HPatML': BOOLEAN,
    'profileAndLevel-HPatH-14': BOOLEAN,
    'profileAndLevel-HPatHL': BOOLEAN,
    videoBitRate: optional(integer(0, 1073741823)),
    vbvBufferSize: optional(integer(0, 262143)),
    samplesPerLine: optional(integer(0, 16383)),
    linesPerFrame: optional(integer(0, 16383)),
    framesPerSecond: optional(integer(0, 15)),
    luminanceSampleRate: optional(integer(0, 4294967295)),
  },
  extensions({
    videoBadMBsCap: BOOLEAN,
  }),
);
export type H262VideoCapability = Infer<typeof H262VideoCapability>;

export const TransparencyParameters = sequence(
  {
    presentationOrder: integer(1, 256),
    'offset-x': integer(-262144, 262143),
    'offset-y': integer(-262144, 262143),
    'scale-x': integer(1, 255),
    'scale-y': integer(1, 255),
  },
  extensions(),
);
export type TransparencyParameters = Infer<typeof TransparencyParameters>;

export const RefPictureSelection = sequence(
  {
    additionalPictureMemory: optional(
      sequence(
        {
          sqcifAdditionalPictureMemory: optional(integer(1, 256)),
          qcifAdditionalPictureMemory: optional(integer(1, 256)),
          cifAdditionalPictureMemory: optional(integer(1, 256)),
          cif4AdditionalPictureMemory: optional(integer(1, 256)),
          cif16AdditionalPictureMemory: optional(integer(1, 256)),
          bigCpfAdditionalPictureMemory: optional(integer(1, 256)),
        },
        extensions(),
      ),
    ),
    videoMux: BOOLEAN,
    videoBackChannelSend: choice(
      {
        none: NULL,
        ackMessageOnly: NULL,
        nackMessageOnly: NULL,
        ackOrNackMessageOnly: NULL,
        ackAndNackMessage: NULL,
      },
      extensions(),
    ),
  },
  extensions({
    enhancedReferencePicSelect: sequence(
      {
        subPictureRemovalParameters: optional(
          sequence(
            {
              mpuHorizMBs: integer(1, 128),
              mpuVertMBs: integer(1, 72),
              mpuTotalNumber: integer(1, 65536),
            },
            extensions(),
          ),
        ),
      },
      extensions(),
    ),
  }),
);
export type RefPictureSelection = Infer<typeof RefPictureSelection>;

export const CustomPictureClockFrequency = sequence(
  {
    clockConversionCode: integer(1000, 1001),
    clockDivisor: integer(1, 127),
    sqcifMPI: optional(integer(1, 2048)),
    qcifMPI: optional(integer(1, 2048)),
    cifMPI: optional(integer(1, 2048)),
    cif4MPI: optional(integer(1, 2048)),
    cif16MPI: optional(integer(1, 2048)),
  },
  extensions(),
);
export type CustomPictureClockFrequency = Infer<typeof CustomPictureClockFrequency>;

export const CustomPictureFormat = sequence(
  {
    maxCustomPictureWidth: integer(1, 2048),
    maxCustomPictureHeight: integer(1, 2048),
    minCustomPictureWidth: integer(1, 2048),
    minCustomPictureHeight: integer(1, 2048),
    mPI: sequence(
      {
        standardMPI: optional(integer(1, 31)),
        customPCF: optional(
          setOf(
            sequence(
              {
                clockConversionCode: integer(1000, 1001),
                clockDivisor: integer(1, 127),
                customMPI: integer(1, 2048),
              },
              extensions(),
            ),
            size(1, 16),
          ),
        ),
      },
      extensions(),
    ),
    pixelAspectInformation: choice(
      {
        anyPixelAspectRatio: BOOLEAN,
        pixelAspectCode: setOf(integer(1, 14), size(1, 14)),
        extendedPAR: setOf(
          sequence(
            {
              width: integer(1, 255),
              height: integer(1, 255),
            },
            extensions(),
          ),
          size(1, 256),
        ),
      },
      extensions(),
    ),
  },
  extensions(),
);
export type CustomPictureFormat = Infer<typeof CustomPictureFormat>;

export const H263Version3Options = sequence(
  {
    dataPartitionedSlices: BOOLEAN,
    fixedPointIDCT0: BOOLEAN,
    interlacedFields: BOOLEAN,
    currentPictureHeaderRepetition: BOOLEAN,
    previousPictureHeaderRepetition: BOOLEAN,
    nextPictureHeaderRepetition: BOOLEAN,
    pictureNumber: BOOLEAN,
    spareReferencePictures: BOOLEAN,
  },
  extensions(),
);
export type H263Version3Options = Infer<typeof H263Version3Options>;

export const H263ModeComboFlags = sequence(
  {
    unrestrictedVector: BOOLEAN,
    arithmeticCoding: BOOLEAN,
    advancedPrediction: BOOLEAN,
    pbFrames: BOOLEAN,
    advancedIntraCodingMode: BOOLEAN,
    deblockingFilterMode: BOOLEAN,
    unlimitedMotionVectors: BOOLEAN,
    'slicesInOrder-NonRect': BOOLEAN,
    'slicesInOrder-Rect': BOOLEAN,
    'slicesNoOrder-NonRect': BOOLEAN,
    'slicesNoOrder-Rect': BOOLEAN,
    improvedPBFramesMode: BOOLEAN,
    referencePicSelect: BOOLEAN,
    dynamicPictureResizingByFour: BOOLEAN,
    dynamicPictureResizingSixteenthPel: BOOLEAN,
    dynamicWarpingHalfPel: BOOLEAN,
    dynamicWarpingSixteenthPel: BOOLEAN,
    reducedResolutionUpdate: BOOLEAN,
    independentSegmentDecoding: BOOLEAN,
    alternateInterVLCMode: BOOLEAN,
    modifiedQuantizationMode: BOOLEAN,
  },
  extensions({
    enhancedReferencePicSelect: BOOLEAN,
    h263Version3Options: H263Version3Options,
  }),
);
export type H263ModeComboFlags = Infer<typeof H263ModeComboFlags>;

export const H263VideoModeCombos = sequence(
  {
    h263VideoUncoupledModes: H263ModeComboFlags,
    h263VideoCoupledModes: setOf(H263ModeComboFlags, size(1, 16)),
  },
  extensions(),
);
export type H263VideoModeCombos = Infer<typeof H263VideoModeCombos>;

export const H263Options = sequence(
  {
    advancedIntraCodingMode: BOOLEAN,
    deblockingFilterMode: BOOLEAN,
    improvedPBFramesMode: BOOLEAN,
    unlimitedMotionVectors: BOOLEAN,
    fullPictureFreeze: BOOLEAN,
    partialPictureFreezeAndRelease: BOOLEAN,
    resizingPartPicFreezeAndRelease: BOOLEAN,
    fullPictureSnapshot: BOOLEAN,
    partialPictureSnapshot: BOOLEAN,
    videoSegmentTagging: BOOLEAN,
    progressiveRefinement: BOOLEAN,
    dynamicPictureResizingByFour: BOOLEAN,
    dynamicPictureResizingSixteenthPel: BOOLEAN,
    dynamicWarpingHalfPel: BOOLEAN,
    dynamicWarpingSixteenthPel: BOOLEAN,
    independentSegmentDecoding: BOOLEAN,
    'slicesInOrder-NonRect': BOOLEAN,
    'slicesInOrder-Rect': BOOLEAN,
    'slicesNoOrder-NonRect': BOOLEAN,
    'slicesNoOrder-Rect': BOOLEAN,
    alternateInterVLCMode: BOOLEAN,
    modifiedQuantizationMode: BOOLEAN,
    reducedResolutionUpdate: BOOLEAN,
    transparencyParameters: optional(TransparencyParameters),
    separateVideoBackChannel: BOOLEAN,
    refPictureSelection: optional(RefPictureSelection),
    customPictureClockFrequency: optional(setOf(CustomPictureClockFrequency, size(1, 16))),
    customPictureFormat: optional(setOf(CustomPictureFormat, size(1, 16))),
    modeCombos: optional(setOf(H263VideoModeCombos, size(1, 16))),
  },
  extensions({
    videoBadMBsCap: BOOLEAN,
    h263Version3Options: H263Version3Options,
  }),
);
export type H263Options = Infer<typeof H263Options>;

export const EnhancementOptions = sequence(
  {
    sqcifMPI: optional(integer(1, 32)),
    qcifMPI: optional(integer(1, 32)),
    cifMPI: optional(integer(1, 32)),
    cif4MPI: optional(integer(1, 32)),
    cif16MPI: optional(integer(1, 32)),
    maxBitRate: integer(1, 192400),
    unrestrictedVector: BOOLEAN,
    arithmeticCoding: BOOLEAN,
    temporalSpatialTradeOffCapability: BOOLEAN,
    slowSqcifMPI: optional(integer(1, 3600)),
    slowQcifMPI: optional(integer(1, 3600)),
    slowCifMPI: optional(integer(1, 3600)),
    slowCif4MPI: optional(integer(1, 3600)),
    slowCif16MPI: optional(integer(1, 3600)),
    errorCompensation: BOOLEAN,
    h263Options: optional(H263Options),
  },
  extensions(),
);
export type EnhancementOptions = Infer<typeof EnhancementOptions>;

export const BEnhancementParameters = sequence(
  {
    enhancementOptions: EnhancementOptions,
    numberOfBPictures: integer(1, 64),
  },
  extensions(),
);
export type BEnhancementParameters = Infer<typeof BEnhancementParameters>;

export const EnhancementLayerInfo = sequence(
  {
    baseBitRateConstrained: BOOLEAN,
    snrEnhancement: optional(setOf(EnhancementOptions, size(1, 14))),
    spatialEnhancement: optional(setOf(EnhancementOptions, size(1, 14))),
    bPictureEnhancement: optional(setOf(BEnhancementParameters, size(1, 14))),
  },
  extensions(),
);
export type EnhancementLayerInfo = Infer<typeof EnhancementLayerInfo>;

export const H263VideoCapability = sequence(
  {
    sqcifMPI: optional(integer(1, 32)),
    qcifMPI: optional(integer(1, 32)),
    cifMPI: optional(integer(1, 32)),
    cif4MPI: optional(integer(1, 32)),
    cif16MPI: optional(integer(1, 32)),
    maxBitRate: integer(1, 192400),
    unrestrictedVector: BOOLEAN,
    arithmeticCoding: BOOLEAN,
    advancedPrediction: BOOLEAN,
    pbFrames: BOOLEAN,
    temporalSpatialTradeOffCapability: BOOLEAN,
    'hrd-B': optional(integer(0, 524287)),
    bppMaxKb: optional(integer(0, 65535)),
  },
  extensions({
    slowSqcifMPI: optional(integer(1, 3600)),
    slowQcifMPI: optional(integer(1, 3600)),
    slowCifMPI: optional(integer(1, 3600)),
    slowCif4MPI: optional(integer(1, 3600)),
    slowCif16MPI: optional(integer(1, 3600)),
    errorCompensation: BOOLEAN,
    enhancementLayerInfo: optional(EnhancementLayerInfo),
    h263Options: optional(H263Options),
  }),
);
export type H263VideoCapability = Infer<typeof H263VideoCapability>;

export const IS11172VideoCapability = sequence(
  {
    constrainedBitstream: BOOLEAN,
    videoBitRate: optional(integer(0, 1073741823)),
    vbvBufferSize: optional(integer(0, 262143)),
    samplesPerLine: optional(integer(0, 16383)),
    linesPerFrame: optional(integer(0, 16383)),
    pictureRate: optional(integer(0, 15)),
    luminanceSampleRate: optional(integer(0, 4294967295)),
  },
  extensions({
    videoBadMBsCap: BOOLEAN,
  }),
);
export type IS11172VideoCapability = Infer<typeof IS11172VideoCapability>;

export interface ExtendedVideoCapability {
  videoCapability: VideoCapability[];
  videoCapabilityExtension?: GenericCapability[];
  unknownExtensions?: UnknownExtension[];
}
export const ExtendedVideoCapability: Schema<ExtendedVideoCapability> = sequence(
  {
    videoCapability: sequenceOf(lazy<VideoCapability>(() => VideoCapability)),
    videoCapabilityExtension: optional(sequenceOf(GenericCapability)),
  },
  extensions(),
);

export const VideoCapability = choice(
  {
    nonStandard: NonStandardParameter,
    h261VideoCapability: H261VideoCapability,
    h262VideoCapability: H262VideoCapability,
    h263VideoCapability: H263VideoCapability,
    is11172VideoCapability: IS11172VideoCapability,
  },
  extensions({
    genericVideoCapability: GenericCapability,
    extendedVideoCapability: ExtendedVideoCapability,
  }),
);
export type VideoCapability = Infer<typeof VideoCapability>;
