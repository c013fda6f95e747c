import { randomBytes } from 'node:crypto';
import type { Feedback } from '../sdp/section.ts';
import { type FeedbackRequest, writeFir, writePli } from './feedback.ts';

/** Requests for key frames over RTCP, in the form that the far side takes: ours written, its own counted. */
export class KeyFrameRequests {
  /** Ours to the far side, and its own to us. */
  asked = 0;
  heard = 0;
  private firSequence = randomBytes(1)[0]!;
  private firHeard: number | undefined;

  /** PLI, else FIR; a repeated FIR keeps its number. `undefined` when the far side takes neither. */
  write(feedback: Feedback, again: boolean, sender: number, media: number): Buffer | undefined {
    if (feedback.pli) return writePli(sender, media);
    if (!feedback.fir) return undefined;
    if (!again) this.firSequence = (this.firSequence + 1) & 0xff;
    return writeFir(sender, media, this.firSequence);
  }

  /** Whether this is a request, and another than the last: a repeated FIR is the same (RFC 5104, clause 4.3.1.2). */
  isNew(request: Extract<FeedbackRequest, { kind: 'pli' | 'fir' }>): boolean {
    if (request.kind === 'fir') {
      if (request.sequence === this.firHeard) return false;
      this.firHeard = request.sequence;
    }
    this.heard++;
    return true;
  }
}
