import type { H263Options, VideoCapability } from '../h245/index.ts';
import type { H264Format, OlderVideoFormat, PictureIntervals } from './format.ts';
import { h264Capability, h264Of } from './h264-capability.ts';

/* Video codecs as H.245 names them. Pure. */

/** bit/s told where SDP set no limit and H.245 wants one. */
const usualBitRate = 1_920_000;

/** Reads one; `undefined` for codecs that we do not map, and for a second picture (H.239), which is another stream. */
export function videoOf(
  capability: VideoCapability,
  modes: readonly number[],
): (H264Format | OlderVideoFormat)[] | undefined {
  const { genericVideoCapability, h261VideoCapability, h263VideoCapability } = capability;
  if (genericVideoCapability !== undefined) {
    const format = h264Of(genericVideoCapability, modes);
    return format === undefined ? undefined : [format];
  }
  if (h261VideoCapability !== undefined) {
    const { cifMPI, maxBitRate, qcifMPI } = h261VideoCapability;
    return [
      { kind: 'video', codec: 'H261', intervals: intervals({ cif: cifMPI, qcif: qcifMPI }), bitRate: maxBitRate * 100 },
    ];
  }
  if (h263VideoCapability !== undefined) {
    const { cif16MPI, cif4MPI, cifMPI, h263Options, maxBitRate, qcifMPI, sqcifMPI } = h263VideoCapability;
    const both = {
      kind: 'video' as const,
      intervals: intervals({ cif16: cif16MPI, cif4: cif4MPI, cif: cifMPI, qcif: qcifMPI, sqcif: sqcifMPI }),
      bitRate: maxBitRate * 100,
    };
    // Whoever tells the options of 1998 also reads the packets of 1996.
    return h263Options === undefined
      ? [{ ...both, codec: 'H263' }]
      : [
          { ...both, codec: 'H263-1998' },
          { ...both, codec: 'H263' },
        ];
  }
  return undefined;
}

export function videoCapability(format: H264Format | OlderVideoFormat): VideoCapability {
  if (format.codec === 'H264') return { genericVideoCapability: h264Capability(format) };
  const { cif, cif16, cif4, qcif, sqcif } = format.intervals;
  const maxBitRate = Math.max(1, Math.floor((format.bitRate ?? usualBitRate) / 100));
  if (format.codec === 'H261') {
    return {
      h261VideoCapability: {
        ...(qcif === undefined ? {} : { qcifMPI: Math.min(4, qcif) }),
        ...(cif === undefined ? {} : { cifMPI: Math.min(4, cif) }),
        temporalSpatialTradeOffCapability: false,
        maxBitRate: Math.min(19_200, maxBitRate),
        stillImageTransmission: false,
      },
    };
  }
  return {
    h263VideoCapability: {
      ...(sqcif === undefined ? {} : { sqcifMPI: sqcif }),
      ...(qcif === undefined ? {} : { qcifMPI: qcif }),
      ...(cif === undefined ? {} : { cifMPI: cif }),
      ...(cif4 === undefined ? {} : { cif4MPI: cif4 }),
      ...(cif16 === undefined ? {} : { cif16MPI: cif16 }),
      maxBitRate: Math.min(192_400, maxBitRate),
      unrestrictedVector: false,
      arithmeticCoding: false,
      advancedPrediction: false,
      pbFrames: false,
      temporalSpatialTradeOffCapability: false,
      errorCompensation: false,
      ...(format.codec === 'H263-1998' ? { h263Options: noOptions } : {}),
    },
  };
}

function intervals(found: { [size in keyof PictureIntervals]: number | undefined }): PictureIntervals {
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}

const noOptions: H263Options = {
  advancedIntraCodingMode: false,
  deblockingFilterMode: false,
  improvedPBFramesMode: false,
  unlimitedMotionVectors: false,
  fullPictureFreeze: false,
  partialPictureFreezeAndRelease: false,
  resizingPartPicFreezeAndRelease: false,
  fullPictureSnapshot: false,
  partialPictureSnapshot: false,
  videoSegmentTagging: false,
  progressiveRefinement: false,
  dynamicPictureResizingByFour: false,
  dynamicPictureResizingSixteenthPel: false,
  dynamicWarpingHalfPel: false,
  dynamicWarpingSixteenthPel: false,
  independentSegmentDecoding: false,
  'slicesInOrder-NonRect': false,
  'slicesInOrder-Rect': false,
  'slicesNoOrder-NonRect': false,
  'slicesNoOrder-Rect': false,
  alternateInterVLCMode: false,
  modifiedQuantizationMode: false,
  reducedResolutionUpdate: false,
  separateVideoBackChannel: false,
};
