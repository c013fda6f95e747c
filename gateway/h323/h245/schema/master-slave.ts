import { choice, extensions, type Infer, integer, NULL, sequence } from '../../per/index.ts';
import { LogicalChannelNumber, SequenceNumber } from './generic.ts';

/* H.245 master-slave determination, round-trip delay, maintenance loop. */

export const MasterSlaveDetermination = sequence(
  {
    terminalType: integer(0, 255),
    statusDeterminationNumber: integer(0, 16777215),
  },
  extensions(),
);
export type MasterSlaveDetermination = Infer<typeof MasterSlaveDetermination>;

export const MasterSlaveDeterminationAck = sequence(
  {
    decision: choice({
      master: NULL,
      slave: NULL,
    }),
  },
  extensions(),
);
export type MasterSlaveDeterminationAck = Infer<typeof MasterSlaveDeterminationAck>;

export const MasterSlaveDeterminationReject = sequence(
  {
    cause: choice(
      {
        identicalNumbers: NULL,
      },
      extensions(),
    ),
  },
  extensions(),
);
export type MasterSlaveDeterminationReject = Infer<typeof MasterSlaveDeterminationReject>;

export const MasterSlaveDeterminationRelease = sequence({}, extensions());
export type MasterSlaveDeterminationRelease = Infer<typeof MasterSlaveDeterminationRelease>;

export const RoundTripDelayRequest = sequence(
  {
    sequenceNumber: SequenceNumber,
  },
  extensions(),
);
export type RoundTripDelayRequest = Infer<typeof RoundTripDelayRequest>;

export const RoundTripDelayResponse = sequence(
  {
    sequenceNumber: SequenceNumber,
  },
  extensions(),
);
export type RoundTripDelayResponse = Infer<typeof RoundTripDelayResponse>;

export const MaintenanceLoopRequest = sequence(
  {
    type: choice(
      {
        systemLoop: NULL,
        mediaLoop: LogicalChannelNumber,
        logicalChannelLoop: LogicalChannelNumber,
      },
      extensions(),
    ),
  },
  extensions(),
);
export type MaintenanceLoopRequest = Infer<typeof MaintenanceLoopRequest>;

export const MaintenanceLoopAck = sequence(
  {
    type: choice(
      {
        systemLoop: NULL,
        mediaLoop: LogicalChannelNumber,
        logicalChannelLoop: LogicalChannelNumber,
      },
      extensions(),
    ),
  },
  extensions(),
);
export type MaintenanceLoopAck = Infer<typeof MaintenanceLoopAck>;

export const MaintenanceLoopReject = sequence(
  {
    type: choice(
      {
        systemLoop: NULL,
        mediaLoop: LogicalChannelNumber,
        logicalChannelLoop: LogicalChannelNumber,
      },
      extensions(),
    ),
    cause: choice(
      {
        canNotPerformLoop: NULL,
      },
      extensions(),
    ),
  },
  extensions(),
);
export type MaintenanceLoopReject = Infer<typeof MaintenanceLoopReject>;

export const MaintenanceLoopOffCommand = sequence({}, extensions());
export type MaintenanceLoopOffCommand = Infer<typeof MaintenanceLoopOffCommand>;
