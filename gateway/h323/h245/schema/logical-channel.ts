import {
  BOOLEAN,
  choice,
  extensions,
  IA5String,
  type Infer,
  integer,
  NULL,
  octetString,
  optional,
  sequence,
  sequenceOf,
  size,
} from '../../per/index.ts';
import { DataType, EncryptionSync, MultiplePayloadStream } from './data-type.ts';
import { GenericInformation, LogicalChannelNumber, NonStandardParameter } from './generic.ts';
import {
  H222LogicalChannelParameters,
  H223LogicalChannelParameters,
  H2250LogicalChannelParameters,
  V76LogicalChannelParameters,
} from './multiplex-parameters.ts';
import { DTLSSecurityCapability } from './security-capability.ts';
import { Q2931Address, QOSCapability, TransportAddress } from './transport.ts';

/* H.245 logical channel signalling. */

export const NetworkAccessParameters = sequence(
  {
    distribution: optional(
      choice(
        {
          unicast: NULL,
          multicast: NULL,
        },
        extensions(),
      ),
    ),
    networkAddress: choice(
      {
        q2931Address: Q2931Address,
        e164Address: IA5String({ size: size(1, 128), from: '0123456789#*,' }),
        localAreaAddress: TransportAddress,
      },
      extensions(),
    ),
    associateConference: BOOLEAN,
    externalReference: optional(octetString(size(1, 255))),
  },
  extensions({
    t120SetupProcedure: optional(
      choice(
        {
          originateCall: NULL,
          waitForCall: NULL,
          issueQuery: NULL,
        },
        extensions(),
      ),
    ),
  }),
);
export type NetworkAccessParameters = Infer<typeof NetworkAccessParameters>;

export const OpenLogicalChannel = sequence(
  {
    forwardLogicalChannelNumber: LogicalChannelNumber,
    forwardLogicalChannelParameters: sequence(
      {
        portNumber: optional(integer(0, 65535)),
        dataType: DataType,
        multiplexParameters: choice(
          {
            h222LogicalChannelParameters: H222LogicalChannelParameters,
            h223LogicalChannelParameters: H223LogicalChannelParameters,
            v76LogicalChannelParameters: V76LogicalChannelParameters,
          },
          extensions({
            h2250LogicalChannelParameters: H2250LogicalChannelParameters,
            none: NULL,
          }),
        ),
      },
      extensions({
        forwardLogicalChannelDependency: optional(LogicalChannelNumber),
        replacementFor: optional(LogicalChannelNumber),
      }),
    ),
    reverseLogicalChannelParameters: optional(
      sequence(
        {
          dataType: DataType,
          multiplexParameters: optional(
            choice(
              {
                h223LogicalChannelParameters: H223LogicalChannelParameters,
                v76LogicalChannelParameters: V76LogicalChannelParameters,
              },
              extensions({
                h2250LogicalChannelParameters: H2250LogicalChannelParameters,
              }),
            ),
          ),
        },
        extensions({
          reverseLogicalChannelDependency: optional(LogicalChannelNumber),
          replacementFor: optional(LogicalChannelNumber),
        }),
      ),
    ),
  },
  extensions({
    separateStack: optional(NetworkAccessParameters),
    encryptionSync: optional(EncryptionSync),
    genericInformation: optional(sequenceOf(GenericInformation)),
  }),
);
export type OpenLogicalChannel = Infer<typeof OpenLogicalChannel>;

export const H2250LogicalChannelAckParameters = sequence(
  {
    nonStandard: optional(sequenceOf(NonStandardParameter)),
    sessionID: optional(integer(1, 255)),
    mediaChannel: optional(TransportAddress),
    mediaControlChannel: optional(TransportAddress),
    dynamicRTPPayloadType: optional(integer(96, 127)),
  },
  extensions({
    flowControlToZero: BOOLEAN,
    portNumber: optional(integer(0, 65535)),
    multiplePayloadStream: optional(MultiplePayloadStream),
  }),
);
export type H2250LogicalChannelAckParameters = Infer<typeof H2250LogicalChannelAckParameters>;

export const OpenLogicalChannelAck = sequence(
  {
    forwardLogicalChannelNumber: LogicalChannelNumber,
    reverseLogicalChannelParameters: optional(
      sequence(
        {
          reverseLogicalChannelNumber: LogicalChannelNumber,
          portNumber: optional(integer(0, 65535)),
          multiplexParameters: optional(
            choice(
              {
                h222LogicalChannelParameters: H222LogicalChannelParameters,
              },
              extensions({
                h2250LogicalChannelParameters: H2250LogicalChannelParameters,
              }),
            ),
          ),
        },
        extensions({
          replacementFor: optional(LogicalChannelNumber),
        }),
      ),
    ),
  },
  extensions({
    separateStack: optional(NetworkAccessParameters),
    forwardMultiplexAckParameters: optional(
      choice(
        {
          h2250LogicalChannelAckParameters: H2250LogicalChannelAckParameters,
        },
        extensions(),
      ),
    ),
    encryptionSync: optional(EncryptionSync),
    genericInformation: optional(sequenceOf(GenericInformation)),
    dtlsSecurityCapability: optional(DTLSSecurityCapability),
  }),
);
export type OpenLogicalChannelAck = Infer<typeof OpenLogicalChannelAck>;

export const OpenLogicalChannelReject = sequence(
  {
    forwardLogicalChannelNumber: LogicalChannelNumber,
    cause: choice(
      {
        unspecified: NULL,
        unsuitableReverseParameters: NULL,
        dataTypeNotSupported: NULL,
        dataTypeNotAvailable: NULL,
        unknownDataType: NULL,
        dataTypeALCombinationNotSupported: NULL,
      },
      extensions({
        multicastChannelNotAllowed: NULL,
        insufficientBandwidth: NULL,
        separateStackEstablishmentFailed: NULL,
        invalidSessionID: NULL,
        masterSlaveConflict: NULL,
        waitForCommunicationMode: NULL,
        invalidDependentChannel: NULL,
        replacementForRejected: NULL,
        securityDenied: NULL,
        qoSControlNotSupported: NULL,
      }),
    ),
  },
  extensions({
    genericInformation: optional(sequenceOf(GenericInformation)),
  }),
);
export type OpenLogicalChannelReject = Infer<typeof OpenLogicalChannelReject>;

export const OpenLogicalChannelConfirm = sequence(
  {
    forwardLogicalChannelNumber: LogicalChannelNumber,
  },
  extensions({
    genericInformation: optional(sequenceOf(GenericInformation)),
  }),
);
export type OpenLogicalChannelConfirm = Infer<typeof OpenLogicalChannelConfirm>;

export const CloseLogicalChannel = sequence(
  {
    forwardLogicalChannelNumber: LogicalChannelNumber,
    source: choice({
      user: NULL,
      lcse: NULL,
    }),
  },
  extensions({
    reason: choice(
      {
        unknown: NULL,
        reopen: NULL,
        reservationFailure: NULL,
      },
      extensions({
        networkErrorCode: integer(0, 255),
      }),
    ),
  }),
);
export type CloseLogicalChannel = Infer<typeof CloseLogicalChannel>;

export const CloseLogicalChannelAck = sequence(
  {
    forwardLogicalChannelNumber: LogicalChannelNumber,
  },
  extensions(),
);
export type CloseLogicalChannelAck = Infer<typeof CloseLogicalChannelAck>;

export const RequestChannelClose = sequence(
  {
    forwardLogicalChannelNumber: LogicalChannelNumber,
  },
  extensions({
    qosCapability: optional(QOSCapability),
    reason: choice(
      {
        unknown: NULL,
        normal: NULL,
        reopen: NULL,
        reservationFailure: NULL,
      },
      extensions({
        networkErrorCode: integer(0, 255),
      }),
    ),
  }),
);
export type RequestChannelClose = Infer<typeof RequestChannelClose>;

export const RequestChannelCloseAck = sequence(
  {
    forwardLogicalChannelNumber: LogicalChannelNumber,
  },
  extensions(),
);
export type RequestChannelCloseAck = Infer<typeof RequestChannelCloseAck>;

export const RequestChannelCloseReject = sequence(
  {
    forwardLogicalChannelNumber: LogicalChannelNumber,
    cause: choice(
      {
        unspecified: NULL,
      },
      extensions(),
    ),
  },
  extensions(),
);
export type RequestChannelCloseReject = Infer<typeof RequestChannelCloseReject>;

export const RequestChannelCloseRelease = sequence(
  {
    forwardLogicalChannelNumber: LogicalChannelNumber,
  },
  extensions(),
);
export type RequestChannelCloseRelease = Infer<typeof RequestChannelCloseRelease>;
