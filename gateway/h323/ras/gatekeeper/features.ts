import type { FeatureSet } from '../../h225/index.ts';

/**
 * Whether a peer cannot do without features of H.460: we have none, and say so (H.225.0, `neededFeatureNotSupported`).
 * Those that it merely supports or would like are passed over.
 */
export function needsFeatures(features: FeatureSet | undefined): boolean {
  return (features?.neededFeatures?.length ?? 0) > 0;
}
