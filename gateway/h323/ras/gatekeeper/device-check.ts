import { addressFits } from '../../../../platform/address-list.ts';
import type { Clock } from '../../../../platform/clock.ts';
import type { Logger } from '../../../../platform/log.ts';
import { RateLimit } from '../../../../platform/rate-limit.ts';
import type { Seal } from '../../../../platform/seal.ts';
import type { Endpoint } from '../../../../store/schema/places.ts';
import { aliasKey, aliasText } from '../alias.ts';
import { bodyOf } from '../message.ts';
import type { ProcedureOids } from '../security/identifiers.ts';
import { findPasswordHash, passwordHashFits } from '../security/password-hash.ts';
import { findProcedureToken, signatureFits } from '../security/procedure-one.ts';
import { ReplayGuard } from '../security/replay-guard.ts';
import type { Arrival } from '../transport/ras-socket.ts';

/** Wrong proofs from one source, and for one device, within five minutes; then nothing is checked any more. */
const triesPerSource = 30;
const triesPerDevice = 10;
const triesWindowMs = 5 * 60_000;

/** How a device proved who it is. */
export interface Proof {
  by: 'address' | 'password-hash' | 'procedure-one';
  /** Its password and version of H.235.1, when answers to it are to be signed too. */
  signing: { password: string; oids: ProcedureOids } | undefined;
}

/** Why it is refused; `denied` covers all that a stranger must not tell apart. */
export type Refusal = { fault: 'denied' | 'skewed' | 'replayed' | 'wrong-gatekeeper'; why: string };

export type Judgement = { proof: Proof; refusal?: undefined } | { proof?: undefined; refusal: Refusal };

/**
 * Finds out whether a message comes from the device that it names. A device with a password proves it in every message
 * (H.235.1 procedure I, or the MD5 password hash); a device with an address sends from there; one that has neither is
 * refused. Unknown devices and wrong passwords are answered alike.
 */
export class DeviceCheck {
  private readonly seal: Seal;
  private readonly clock: Clock;
  private readonly logger: Logger;
  private readonly identifier: string;
  private readonly replays: ReplayGuard;
  private readonly bySource = new RateLimit(triesPerSource, triesWindowMs);
  private readonly byDevice = new RateLimit(triesPerDevice, triesWindowMs);

  constructor(parts: { seal: Seal; clock: Clock; logger: Logger }, identifier: string, clockSkewS: number) {
    this.seal = parts.seal;
    this.clock = parts.clock;
    this.logger = parts.logger;
    this.identifier = identifier;
    this.replays = new ReplayGuard(clockSkewS);
  }

  /**
   * @param names what the device may call itself in its tokens, besides its log-in name and number
   * @param atHome the message comes from where the device is registered: wrong tries of others do not lock it out
   */
  judge(arrival: Arrival, device: Endpoint | undefined, names: readonly string[], atHome: boolean): Judgement {
    const now = this.clock.now().getTime();
    const source = arrival.from.host;
    if (this.bySource.over(source, now)) return denied('too many wrong tries from this address');
    const judgement = this.examine(arrival, device, names, atHome, now);
    // Only who tries a password is counted: a forgotten device behind the same address asks again and again, too.
    const tried = (bodyOf(arrival.message)?.cryptoTokens?.length ?? 0) > 0;
    if (tried && judgement.refusal?.fault === 'denied') {
      this.bySource.take(source, now);
      if (device !== undefined && !atHome) this.byDevice.take(device.id, now);
    } else if (device !== undefined && judgement.proof !== undefined) this.byDevice.forget(device.id);
    return judgement;
  }

  private examine(
    arrival: Arrival,
    device: Endpoint | undefined,
    names: readonly string[],
    atHome: boolean,
    now: number,
  ): Judgement {
    const source = arrival.from.host;
    const password = this.passwordOf(device);
    const tokens = bodyOf(arrival.message)?.cryptoTokens;
    const procedure = findProcedureToken(tokens);
    const hash = procedure === undefined ? findPasswordHash(tokens) : undefined;
    // Checked for strangers as well: who measures the time learns nothing.
    const right =
      procedure === undefined
        ? hash !== undefined && passwordHashFits(hash, password ?? 'nobody')
        : signatureFits(arrival.bytes, procedure, password ?? 'nobody');
    if (device === undefined) return denied('no such device');
    if (!device.enabled) return denied('the device is switched off');
    if (device.address !== undefined && !addressFits(source, [device.address])) return denied('from a foreign address');
    if (device.secret === undefined) {
      return device.address === undefined
        ? denied('the device has neither a password nor an address')
        : { proof: { by: 'address', signing: undefined } };
    }
    if (procedure === undefined && hash === undefined) return denied('without a password');
    if (!atHome && this.byDevice.over(device.id, now)) return denied('too many wrong tries for this device');
    if (!right || password === undefined) return denied('wrong password');
    const sender = procedure === undefined ? aliasText(hash!.alias) : procedure.sendersId;
    const known = [device.username, device.number, ...names].filter((name) => name !== undefined).map(aliasKey);
    if (sender !== undefined && !known.includes(aliasKey(sender))) return denied('signed by somebody else');
    if (procedure?.generalId !== undefined && procedure.generalId !== this.identifier) {
      return { refusal: { fault: 'wrong-gatekeeper', why: `signed for ${procedure.generalId}` } };
    }
    const { random, timeStamp } = procedure ?? { random: undefined, timeStamp: hash!.timeStamp };
    const nowS = Math.floor(now / 1000);
    const freshness = this.replays.judge(device.id, { timeS: timeStamp, random, source }, nowS);
    if (freshness === 'skewed') {
      return { refusal: { fault: 'skewed', why: `its clock is ${timeStamp - nowS} s from ours` } };
    }
    if (freshness === 'replayed') return { refusal: { fault: 'replayed', why: 'sent before' } };
    return procedure === undefined
      ? { proof: { by: 'password-hash', signing: undefined } }
      : { proof: { by: 'procedure-one', signing: { password, oids: procedure.oids } } };
  }

  /** A device's password; `undefined` when it has none, or its seal is not ours. */
  passwordOf(device: Endpoint | undefined): string | undefined {
    if (device?.secret === undefined) return undefined;
    try {
      return this.seal.open(device.secret);
    } catch (error) {
      this.logger.error({ err: error, endpoint: device.id }, 'the password of a device cannot be unsealed');
      return undefined;
    }
  }
}

const denied = (why: string): Judgement => ({ refusal: { fault: 'denied', why } });
