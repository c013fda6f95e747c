import type { AdmittedCall } from '../interface.ts';

/** A call that a device was let make or take. */
export interface BookedCall extends AdmittedCall {
  registrationId: string;
  conferenceId: Uint8Array;
  /** CallIdentifier.guid; zeros from a terminal of H.225.0 version 1. */
  guid: Uint8Array;
  callReference: number;
  /** Its Setup came. */
  begun: boolean;
}

/** Calls let through, and the bandwidth that they were given. */
export class CallBook {
  private readonly calls = new Map<string, BookedCall>();
  private granted = 0;

  all(): BookedCall[] {
    return [...this.calls.values()];
  }

  get(callKey: string, endpointId: string): BookedCall | undefined {
    return this.calls.get(`${callKey} ${endpointId}`);
  }

  /** Every device's part in a call. */
  parts(callKey: string): BookedCall[] {
    return this.all().filter((call) => call.callKey === callKey);
  }

  /** The call of a device that a request without call identifier is about. */
  find(endpointId: string, callReference: number, conferenceId: Uint8Array): BookedCall | undefined {
    return this.all().find(
      (call) =>
        call.endpointId === endpointId &&
        call.callReference === callReference &&
        Buffer.compare(call.conferenceId, conferenceId) === 0,
    );
  }

  countOf(endpointId: string): number {
    return this.all().filter((call) => call.endpointId === endpointId).length;
  }

  /** Bandwidth in use but for one call, in units of 100 bit/s. */
  usedBeside(call: BookedCall | undefined): number {
    return this.granted - (call?.bandwidth ?? 0);
  }

  set(call: BookedCall): void {
    this.remove(this.get(call.callKey, call.endpointId));
    this.calls.set(`${call.callKey} ${call.endpointId}`, call);
    this.granted += call.bandwidth;
  }

  remove(call: BookedCall | undefined): boolean {
    if (call === undefined || !this.calls.delete(`${call.callKey} ${call.endpointId}`)) return false;
    this.granted -= call.bandwidth;
    return true;
  }

  /** Gives back what was granted and never used. */
  expire(beforeMs: number): BookedCall[] {
    const stale = this.all().filter(({ begun, since }) => !begun && since.getTime() < beforeMs);
    for (const call of stale) this.remove(call);
    return stale;
  }
}
