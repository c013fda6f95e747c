import { z } from 'zod';
import { contactPlace, device } from './devices.ts';
import { dialString, id, protocol, srtp, stamps, title } from './names.ts';

/**
 * A far gatekeeper (ITU-T H.323, clause 7.2) that we register with as a terminal: the province's. Log-in name and
 * password are the uplink's `username` (our H.323 identifier there) and `secret`.
 */
export const farGatekeeper = z.object({
  /** Host name or address; the multicast address 224.0.1.41 (port 1718) when it is to be discovered. */
  host: z.string().trim().min(1).max(255),
  port: z.number().int().min(1).max(65535).default(1719),
  /** Gatekeeper identifier to ask for, where a host serves several zones. */
  identifier: z.string().trim().min(1).max(128).optional(),
  /** Further aliases of ours there: E.164 numbers that the province gave, other H.323 identifiers. */
  aliases: z.array(z.string().trim().min(1).max(128)).max(20).default([]),
});

/** How the gateway reaches a far room: the province's or the centre's bridge. */
export const uplink = z.object({
  protocol,
  /** SIP URI, or H.323 address (`host[:port]`, `alias@host`), or an alias found through a gatekeeper. */
  address: z.string().trim().min(1).max(255),
  /** Keyed into the far bridge's menu after answer: digits, `*`, `#`, and `,` for a pause of one second. */
  menuCode: z
    .string()
    .regex(/^[0-9A-D*#,]*$/)
    .max(64)
    .optional(),
  /** `bridge`: one local codec and the far room, media untouched; `cascade`: the local room is mixed, one leg up. */
  join: z.enum(['bridge', 'cascade']).default('cascade'),
  username: z.string().max(128).optional(),
  /** Kept sealed; never given out. */
  secret: z.string().max(512).optional(),
  /** Calls at once, both ways; absent: as many as the far side takes. */
  maxCalls: z.number().int().min(1).max(1000).optional(),
  /** H.323: the gatekeeper that finds `address`, an alias then, and through which the far side calls us. */
  gatekeeper: farGatekeeper.optional(),
});

/** A place that takes part: the commune's reception room, the province's, the centre's. */
export const site = z.object({
  id,
  name: title,
  kind: z.enum(['commune', 'province', 'central', 'other']).default('commune'),
  note: z.string().max(2000).optional(),
  uplink: uplink.optional(),
  ...stamps,
});
export type Site = z.output<typeof site>;

/** A device of an office: codec, desk phone, ATA, or an address that is called. */
export const endpoint = z.object({
  id,
  name: title,
  siteId: id.optional(),
  /** `sip` registers with us; `sip-address` is a URI; `h323` registers with our gatekeeper; `h323-address` is an address. */
  kind: z.enum(['sip', 'sip-address', 'h323', 'h323-address']),
  /** What others dial for it; also its E.164 alias. */
  number: dialString.optional(),
  /** Log-in name: SIP digest user, or H.323 ID. */
  username: z.string().trim().min(1).max(128).optional(),
  /** Kept sealed; never given out. */
  secret: z.string().max(512).optional(),
  /**
   * Digest that a registering SIP device is asked for. Many terminals give up at any challenge but MD5, even beside one
   * that they know: so each is asked for one alone. Set to SHA-256, MD5 is no longer taken.
   */
  digest: z.enum(['MD5', 'SHA-256']).default('MD5'),
  /**
   * SIP URI or H.323 address for the `-address` kinds. For `h323`: the address or range (CIDR) that it may register
   * from; a device without a secret needs one.
   */
  address: z.string().trim().min(1).max(255).optional(),
  /** SIP: SRTP with this device. H.323 devices are called in clear. */
  srtp: srtp.default('preferred'),
  /** Contacts it may register at once. */
  maxContacts: z.number().int().min(1).max(20).default(5),
  /** The hardware, where the product configures it. */
  device: device.optional(),
  enabled: z.boolean().default(true),
  ...stamps,
});
export type Endpoint = z.output<typeof endpoint>;

/** A telephone operator's SIP trunk. */
export const trunk = z.object({
  id,
  name: title,
  /** Addresses (or CIDR ranges) from which the operator's calls come; from nowhere else. */
  addresses: z.array(z.string().trim().min(1).max(64)).max(64).default([]),
  /** Where calls to the operator go: `host[:port]`. */
  host: z.string().trim().min(1).max(255),
  transport: z.enum(['udp', 'tcp', 'tls']).default('udp'),
  /** Register with the operator as a client. */
  register: z.boolean().default(false),
  username: z.string().max(128).optional(),
  /** Kept sealed; never given out. */
  secret: z.string().max(512).optional(),
  /** Domain of our addresses at the operator; its host when absent. */
  domain: z.string().max(255).optional(),
  /** The number we show. */
  callerId: z.string().max(64).optional(),
  /** SRTP with the operator; many refuse calls that offer it. */
  srtp: srtp.default('off'),
  /** Calls at once, both ways. */
  maxCalls: z.number().int().min(1).max(1000).default(30),
  enabled: z.boolean().default(true),
  ...stamps,
});
export type Trunk = z.output<typeof trunk>;

/** One contact of a registered device (SIP Contact, or the gatekeeper's registration). */
export const registration = z.object({
  id,
  endpointId: id,
  protocol,
  ...contactPlace.shape,
  callId: z.string().max(256).optional(),
  cseq: z.number().int().optional(),
  /** H.323: aliases registered, and the gatekeeper's endpoint identifier. */
  aliases: z.array(z.string().max(256)).default([]),
  expiresAt: z.date(),
  ...stamps,
});
export type Registration = z.output<typeof registration>;
