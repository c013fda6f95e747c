import type {
  AdmissionRejectReason,
  AdmissionRequest,
  BandRejectReason,
  BandwidthRequest,
  DisengageRejectReason,
  DisengageRequest,
} from '../../h225/index.ts';
import { addressText, fromTransport, toTransport } from '../address.ts';
import { aliasText } from '../alias.ts';
import { callKey } from '../interface.ts';
import type { Arrival } from '../transport/ras-socket.ts';
import type { BookedCall, CallBook } from './call-book.ts';
import { needsFeatures } from './features.ts';
import type { Registrar } from './registrar.ts';
import { type DeviceRegistration, isHome } from './registration-book.ts';
import { signingFor } from './registration-desk.ts';
import type { Reply, Signing } from './reply.ts';
import type { GatekeeperParts, GatekeeperSelf } from './settings.ts';

/** A call that we place to a device and that it may answer. */
export interface ExpectedCall {
  endpointId: string;
  caller: string;
  atMs: number;
}

/** Lets calls through, changes their bandwidth, takes their end (H.225.0, clauses 7.11 to 7.13). All are routed by us. */
export class AdmissionDesk {
  readonly expected = new Map<string, ExpectedCall>();
  private readonly parts: GatekeeperParts;
  private readonly self: GatekeeperSelf;
  private readonly registrar: Registrar;
  private readonly calls: CallBook;
  private readonly disengaged: (call: BookedCall) => void;

  constructor(
    parts: GatekeeperParts,
    self: GatekeeperSelf,
    registrar: Registrar,
    calls: CallBook,
    disengaged: (call: BookedCall) => void,
  ) {
    this.parts = parts;
    this.self = self;
    this.registrar = registrar;
    this.calls = calls;
    this.disengaged = disengaged;
  }

  /** ARQ. */
  async admit(request: AdmissionRequest, arrival: Arrival): Promise<Reply> {
    const registration = this.registrar.book.get(request.endpointIdentifier);
    if (registration === undefined || !isHome(registration, arrival.from)) {
      return reject(request, { callerNotRegistered: null });
    }
    const { proof } = await this.registrar.prove(arrival, registration);
    if (proof === undefined) return reject(request, { securityDenial: null });
    const signing = signingFor(proof, registration.id);
    const key = callKeyOf(request);
    const before = this.calls.get(key, registration.endpointId);
    const called = calledBy(request);
    const bandwidth = this.bandwidthFor(request.bandWidth, before);
    const reason = needsFeatures(request.featureSet)
      ? { neededFeatureNotSupported: null }
      : before === undefined && this.calls.countOf(registration.endpointId) >= this.self.limits.callsPerDevice
        ? { exceedsCallCapacity: null }
        : bandwidth === undefined
          ? { resourceUnavailable: null }
          : request.answerCall
            ? this.judgeAnswer(key, registration)
            : await this.judgeCall(called, registration);
    if (reason !== undefined || bandwidth === undefined) {
      const { endpointId } = registration;
      this.parts.logger.info(
        { endpoint: endpointId, called, reason: Object.keys(reason ?? {})[0] },
        'call not admitted',
      );
      return reject(request, reason ?? { resourceUnavailable: null }, signing);
    }
    this.calls.set({
      callKey: key,
      endpointId: registration.endpointId,
      registrationId: registration.id,
      direction: request.answerCall ? 'in' : 'out',
      called: request.answerCall ? (this.expected.get(key)?.caller ?? called) : called,
      bandwidth,
      since: before?.since ?? this.parts.clock.now(),
      conferenceId: request.conferenceID,
      guid: request.callIdentifier?.guid ?? new Uint8Array(16),
      callReference: request.callReferenceValue & 0x7fff,
      begun: request.answerCall || (before?.begun ?? false),
    });
    return {
      message: {
        admissionConfirm: {
          requestSeqNum: request.requestSeqNum,
          bandWidth: bandwidth,
          callModel: { gatekeeperRouted: null },
          destCallSignalAddress: toTransport(this.self.signalling()),
          willRespondToIRR: true,
          uuiesRequested: noCopies,
        },
      },
      signing,
    };
  }

  /** BRQ. */
  async changeBandwidth(request: BandwidthRequest, arrival: Arrival): Promise<Reply> {
    const registration = this.registrar.book.get(request.endpointIdentifier);
    const rejected = (rejectReason: BandRejectReason, allowedBandWidth: number, signing?: Signing): Reply => ({
      message: { bandwidthReject: { requestSeqNum: request.requestSeqNum, rejectReason, allowedBandWidth } },
      signing,
    });
    if (registration === undefined || !isHome(registration, arrival.from)) return rejected({ notBound: null }, 0);
    const { proof } = await this.registrar.prove(arrival, registration);
    if (proof === undefined) return rejected({ securityDenial: null }, 0);
    const signing = signingFor(proof, registration.id);
    const call = this.find(request, registration);
    if (call === undefined) return rejected({ notBound: null }, 0, signing);
    if (Buffer.compare(call.conferenceId, request.conferenceID) !== 0) {
      return rejected({ invalidConferenceID: null }, call.bandwidth, signing);
    }
    const most = this.mostFor(call);
    if (request.bandWidth > most) return rejected({ insufficientResources: null }, Math.max(0, most), signing);
    this.calls.set({ ...call, bandwidth: request.bandWidth });
    const { bandWidth, requestSeqNum } = request;
    return { message: { bandwidthConfirm: { requestSeqNum, bandWidth } }, signing };
  }

  /** DRQ of a device. */
  async disengage(request: DisengageRequest, arrival: Arrival): Promise<Reply> {
    const registration = this.registrar.book.get(request.endpointIdentifier);
    const rejected = (rejectReason: DisengageRejectReason, signing?: Signing): Reply => ({
      message: { disengageReject: { requestSeqNum: request.requestSeqNum, rejectReason } },
      signing,
    });
    if (registration === undefined || !isHome(registration, arrival.from)) return rejected({ notRegistered: null });
    const { proof } = await this.registrar.prove(arrival, registration);
    if (proof === undefined) return rejected({ securityDenial: null });
    const signing = signingFor(proof, registration.id);
    const call = this.find(request, registration);
    if (call === undefined && this.calls.parts(callKeyOf(request)).length > 0) {
      return rejected({ requestToDropOther: null }, signing);
    }
    if (call !== undefined && this.calls.remove(call)) this.disengaged(call);
    // A call that is over already is over: its end may be told by both sides.
    return { message: { disengageConfirm: { requestSeqNum: request.requestSeqNum } }, signing };
  }

  /** May it answer? Only a call that came through us: others would go past dial plan, recording and log. */
  private judgeAnswer(key: string, registration: DeviceRegistration): AdmissionRejectReason | undefined {
    return this.expected.get(key)?.endpointId === registration.endpointId ? undefined : { routeCallToGatekeeper: null };
  }

  private async judgeCall(
    called: string,
    { endpointId, siteId }: DeviceRegistration,
  ): Promise<AdmissionRejectReason | undefined> {
    if (called === '') return { incompleteAddress: null };
    // Our own signalling address without an alias: the call itself says whom it wants.
    if (called === addressText(this.self.signalling())) return undefined;
    const allowed = await this.parts.mayDial({ endpointId, siteId, called });
    return allowed ? undefined : { calledPartyNotRegistered: null };
  }

  private mostFor(call: BookedCall | undefined): number {
    const { perCall, total } = this.self.limits.bandwidth;
    return Math.min(perCall, total - this.calls.usedBeside(call));
  }

  /** What is granted of what is asked; `undefined` when nothing is left. */
  private bandwidthFor(asked: number, before: BookedCall | undefined): number | undefined {
    const most = this.mostFor(before);
    return most <= 0 ? undefined : Math.min(asked, most);
  }

  private find(
    request: BandwidthRequest | DisengageRequest,
    { endpointId }: DeviceRegistration,
  ): BookedCall | undefined {
    return (
      this.calls.get(callKeyOf(request), endpointId) ??
      this.calls.find(endpointId, request.callReferenceValue & 0x7fff, request.conferenceID)
    );
  }
}

/** No copies of call signalling: it passes through us anyway. */
const noCopies = {
  setup: false,
  callProceeding: false,
  connect: false,
  alerting: false,
  information: false,
  releaseComplete: false,
  facility: false,
  progress: false,
  empty: false,
  status: false,
  statusInquiry: false,
  setupAcknowledge: false,
  notify: false,
};

/** Terminals of H.225.0 version 1 have no call identifier: there the conference's stands for it. */
export function callKeyOf({
  callIdentifier,
  conferenceID,
}: {
  callIdentifier?: { guid: Uint8Array };
  conferenceID: Uint8Array;
}): string {
  const guid = callIdentifier?.guid;
  return callKey(guid === undefined || guid.every((octet) => octet === 0) ? conferenceID : guid);
}

/** Whom a device calls: the first alias, else the address. */
function calledBy({ destCallSignalAddress, destinationInfo }: AdmissionRequest): string {
  const alias = destinationInfo?.map(aliasText).find((text) => text !== undefined);
  const address = fromTransport(destCallSignalAddress);
  return alias ?? (address === undefined ? '' : addressText(address));
}

function reject(request: AdmissionRequest, rejectReason: AdmissionRejectReason, signing?: Signing): Reply {
  return { message: { admissionReject: { requestSeqNum: request.requestSeqNum, rejectReason } }, signing };
}
