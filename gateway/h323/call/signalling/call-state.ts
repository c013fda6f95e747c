/** State of a call in Q.931's terms (Q.931, clause 2.1; H.225.0, clause 7.3), as far as H.323 uses them. */
export type CallState =
  | 'null'
  | 'call initiated'
  | 'outgoing call proceeding'
  | 'call delivered'
  | 'call present'
  | 'incoming call proceeding'
  | 'call received'
  | 'active';

/** Number of a state in a Call state element (Q.931, figure 4-12). */
export const stateNumber: Record<CallState, number> = {
  null: 0,
  'call initiated': 1,
  'outgoing call proceeding': 3,
  'call delivered': 4,
  'call present': 6,
  'call received': 7,
  'incoming call proceeding': 9,
  active: 10,
};

/** How long each answer is waited for, ms (Q.931, clause 9.5; H.225.0, clause 7.5). */
export const signallingWaitMs = {
  /** From SETUP to any answer. Twice Q.931's: some terminals stall for 3 s. */
  T303: 10_000,
  /** From CALL PROCEEDING to ALERTING or CONNECT: a gateway behind it may dial on. */
  T310: 60_000,
  /** From STATUS ENQUIRY to STATUS. */
  T322: 8_000,
} as const;
