import type { Frame, StreamFacts } from '../stream/frame.ts';
import { mostPayload } from '../stream/sender.ts';
import type { VideoSession } from '../stream/session.ts';
import type { Feed } from './feed.ts';
import { type Fit, fitFor } from './routes.ts';

/** How long a viewer of a codec without marked key frames waits before it is switched all the same, ms. */
const patienceMs = 2_000;
/** How long it waits for a key frame that lost nothing, ms: a torn picture that moves is more than none. */
const wholeKeyMs = 600;

/** One leg as a viewer: what it is shown, and what it will be shown from the next key frame on. */
export class Viewer {
  readonly session: VideoSession;
  shown: Feed | undefined;
  private wanted: Feed | undefined;
  private wantedMs = 0;
  private wantedFit: Fit = 'unknown';
  private shownFit: Fit = 'unknown';

  constructor(session: VideoSession) {
    this.session = session;
  }

  /** bit/s that it takes, as far as it said. */
  get bandwidth(): number | undefined {
    const asked = this.session.requestedBitrate ?? Number.POSITIVE_INFINITY;
    const rate = Math.min(this.session.media?.bandwidth ?? Number.POSITIVE_INFINITY, asked);
    return Number.isFinite(rate) ? rate : undefined;
  }

  /** Whether this viewer can be sent a feed as it is. */
  judge(feed: Feed): Fit {
    const { media } = this.session;
    if (media === undefined) return 'no';
    const before = feed === this.wanted ? this.wantedFit : feed === this.shown ? this.shownFit : 'unknown';
    return fitFor(feed.source.facts, { format: media.format, bandwidth: this.bandwidth }, mostPayload, before);
  }

  /** Is to be shown a feed, or nothing. */
  want(feed: Feed | undefined, fit: Fit, nowMs: number): void {
    this.wantedFit = fit;
    if (feed === this.shown) this.shownFit = fit;
    if (this.wanted === feed) return;
    if (this.wanted !== undefined && this.wanted !== this.shown) this.wanted.viewers.delete(this);
    this.wanted = feed;
    this.wantedMs = nowMs;
    if (feed === undefined) {
      this.shown?.viewers.delete(this);
      this.shown = undefined;
    } else if (feed !== this.shown) {
      feed.viewers.add(this);
      feed.asker.need(nowMs);
    }
  }

  /** Takes a frame of a feed; `false` when it waits for a key frame and this is none. */
  take(feed: Feed, frame: Frame, facts: StreamFacts, decodable: boolean): boolean {
    if (feed !== this.shown) {
      if (feed !== this.wanted) return true;
      const waited = frame.atMs - this.wantedMs;
      const overdue = frame.codec === 'H261' ? !frame.damaged && waited > patienceMs : frame.key && waited > wholeKeyMs;
      if (!decodable && !overdue) return false;
      this.shown?.viewers.delete(this);
      this.shown = feed;
      this.shownFit = this.wantedFit;
    }
    if (this.shownFit !== 'no') this.session.sendFrame(feed, frame, facts, this.shownFit === 'relabel');
    return true;
  }

  /** Its own request: the source that it is shown, or waits for, is asked. */
  needKeyFrame(nowMs: number): void {
    (this.wanted ?? this.shown)?.asker.need(nowMs);
  }

  close(): void {
    this.shown?.viewers.delete(this);
    this.wanted?.viewers.delete(this);
    this.shown = undefined;
    this.wanted = undefined;
  }
}
