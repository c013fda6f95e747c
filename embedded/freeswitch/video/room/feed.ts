import type { Frame, StreamFacts } from '../stream/frame.ts';
import { KeyFrameAsker } from './key-frames.ts';
import type { Viewer } from './viewer.ts';

/** Something that gives pictures: a member's camera, or a composition. */
export interface PictureSource {
  readonly facts: StreamFacts;
  requestKeyFrame(again: boolean): void;
}

/** A source with those who are shown it or wait for its key frame. */
export class Feed {
  readonly source: PictureSource;
  readonly asker: KeyFrameAsker;
  readonly viewers = new Set<Viewer>();

  constructor(source: PictureSource) {
    this.source = source;
    this.asker = new KeyFrameAsker((again) => source.requestKeyFrame(again));
  }

  /** Hands a frame to all who take it. */
  push(frame: Frame): void {
    const { facts } = this.source;
    this.asker.heard(frame.atMs);
    // A stream's first packets may come out of order, and its parameter sets be left behind.
    const known = frame.codec !== 'H264' || (facts.sps !== undefined && facts.pps.length > 0);
    const decodable = frame.key && !frame.damaged && known;
    if (decodable) this.asker.came();
    let missing = frame.damaged;
    for (const viewer of this.viewers) {
      if (!viewer.take(this, frame, facts, decodable)) missing = true;
    }
    if (missing && this.viewers.size > 0) this.asker.need(frame.atMs);
  }
}
