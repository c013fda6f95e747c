import type { ClearCause } from '../../../store/schema/names.ts';
import type { EntityPort } from './control/port.ts';
import type { Digit } from './control/user-input.ts';
import type { MediaTerms } from './media/terms.ts';
import type { ControlPorts } from './transport/control-ports.ts';

/* What a call and its media control are to each other. */

/** What we are ready to do in a call; the far side may do less. */
export interface Abilities {
  fastStart: boolean;
  tunnelling: boolean;
  /** H.245 before the answer: in SETUP when we call. */
  earlyH245: boolean;
}

/** What a call gives its media control. */
export interface MediaParts {
  abilities: Abilities;
  weCalled: boolean;
  terms: MediaTerms;
  ports: ControlPorts;
  /** Address of ours that the far side can reach. */
  ownHost: string;
  /** For connections that we open. */
  localAddress: string | undefined;
  /** Whether an H.245 connection from this address may be the far side's. */
  accepts: (host: string) => boolean;
  draw: () => number;
  nowMs: () => number;
}

/** What media control may do to the call's signalling. */
export interface MediaPort extends Pick<EntityPort, 'startTimer' | 'stopTimer'> {
  /** Sends a message whose only purpose is to carry H.245. */
  carry(): void;
  /** Sends FACILITY that asks for an H.245 connection to us. */
  startH245(): void;
}

/** What media control tells the call. */
export interface MediaUser {
  /** Channels or capabilities changed. */
  changed(): void;
  digit(digit: Digit): void;
  keyFrameRequest(): void;
  /** The far side ended the H.245 session. */
  sessionEnded(): void;
  /** The call cannot go on. */
  failed(cause: ClearCause): void;
  fault(text: string): void;
}
