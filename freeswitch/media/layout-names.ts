import type { Layout } from '../../store/schema/session.ts';

/** FreeSWITCH's names of the layouts, the first that an engine knows; to show but one picture is `1x1` with some. */
export const layoutNames: Record<Layout, readonly string[]> = {
  speaker: ['speaker', '1x1'],
  'side-by-side': ['2x1', '1x2'],
  'grid-2x2': ['2x2'],
  'grid-3x3': ['3x3'],
  'one-and-five': ['1up_top_left+5'],
  grid: ['group:grid'],
};
