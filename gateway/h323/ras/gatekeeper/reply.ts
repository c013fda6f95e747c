import { encodeRas, type RasMessage } from '../../h225/index.ts';
import { bodyOf } from '../message.ts';
import type { ProcedureOids } from '../security/identifiers.ts';
import { encodeSigned } from '../security/procedure-one.ts';

/** Whom a message is signed for (H.235.1), if it is. */
export interface Signing {
  password: string;
  oids: ProcedureOids;
  /** The receiver's identifier: its endpoint identifier, or the name that it used. */
  generalId: string;
}

/** What a request is answered. */
export interface Reply {
  message: RasMessage;
  signing?: Signing | undefined;
}

/** Signs what goes out in one gatekeeper's name: each signature has its own number. */
export class Signer {
  private readonly sendersId: string;
  private readonly nowS: () => number;
  private random = Math.floor(Math.random() * 0x3fff_ffff) + 1;

  constructor(sendersId: string, nowS: () => number) {
    this.sendersId = sendersId;
    this.nowS = nowS;
  }

  /** @throws PerError when the message cannot be encoded */
  encode({ message, signing }: Reply): Uint8Array {
    if (signing === undefined || bodyOf(message) === undefined) return encodeRas(message);
    this.random = (this.random % 0x7fff_fffe) + 1;
    return encodeSigned(message, {
      ...signing,
      sendersId: this.sendersId,
      timeS: this.nowS(),
      random: this.random,
    });
  }
}
