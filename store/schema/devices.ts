import { z } from 'zod';
import { clearCause, id, stamps } from './names.ts';

/** A hardware address: 12 lower-case hexadecimal digits, without separators. */
export const mac = z.string().regex(/^[0-9a-f]{12}$/);

/** Single settings that are set otherwise; which there are, `provisioning` knows and checks. */
const overrideSet = z.record(z.string().max(64), z.unknown());

/** The hardware that an endpoint is, where the product configures it. */
export const device = z.object({
  /** As printed on it, and as the catalogue of models names it. */
  model: z.string().trim().min(1).max(64),
  /** No two endpoints have the same. */
  mac,
  serial: z.string().trim().min(1).max(64).optional(),
  /** Of this device alone; those of its model and site stand in `deviceOverrides`. */
  overrides: overrideSet.default({}),
});

/** Settings of all devices of a model, or of all at a site. The later counts: model, then site, then device. */
export const deviceOverrides = z.object({
  id,
  scope: z.enum(['model', 'site']),
  /** Name of the model, or id of the site. */
  of: z.string().trim().min(1).max(64),
  overrides: overrideSet,
  ...stamps,
});
export type DeviceOverrides = z.output<typeof deviceOverrides>;

/** What one device alone may know, besides its account's password (the endpoint's own `secret`). `id` is the endpoint's. */
export const deviceSecrets = z.object({
  id,
  /** Password of the device's own administrator page. Sealed. */
  adminPassword: z.string().max(512),
  /** Stands in the addresses from which this device takes its files. Sealed. */
  key: z.string().max(512),
  /** SHA-256 of the key, lower-case hexadecimal: the key is found by it. */
  keyHash: z.string().regex(/^[0-9a-f]{64}$/),
  keyMadeAt: z.date(),
  /** The key before, which fetches the file with the new one, until then. */
  formerKeyHash: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
  formerKeyUntil: z.date().optional(),
  ...stamps,
});
export type DeviceSecrets = z.output<typeof deviceSecrets>;

/** How a device showed that it is the one: key in the address, user and password, its vendor's certificate, a window. */
export const proof = z.enum(['key', 'password', 'certificate', 'window']);
export type Proof = z.output<typeof proof>;

/** Where a device is reached by SIP, as its REGISTER told. */
export const contactPlace = z.object({
  /** SIP contact URI, or H.323 call-signalling address `host:port`. */
  contact: z.string().max(512),
  /** Where the request came from: `host:port`, and how. */
  source: z.string().max(128),
  transport: z.string().max(16),
  userAgent: z.string().max(256).optional(),
});
export type ContactPlace = z.output<typeof contactPlace>;

/** What is known of a device from its asking. `id` is the endpoint's. */
export const deviceState = z.object({
  id,
  lastAskedAt: z.date().optional(),
  /** Network address. */
  lastAskedFrom: z.string().max(64).optional(),
  lastFile: z.string().max(200).optional(),
  /** As it names itself. */
  userAgent: z.string().max(256).optional(),
  /** Firmware that it says it runs (from the User-Agent, or what it reported). */
  firmware: z.string().max(64).optional(),
  /** Which version (SHA-256 of the content) of which file it was last given. */
  given: z
    .array(z.object({ file: z.string().max(200), version: z.string().max(64), at: z.date() }))
    .max(32)
    .default([]),
  /** First contact, and what it was proven by. */
  provenAt: z.date().optional(),
  provenBy: proof.optional(),
  /** What the last file was given upon. */
  lastProof: proof.optional(),
  /** Networks (CIDR) from which it has asked and may. */
  networks: z.array(z.string().max(64)).max(32).default([]),
  /** Another network from which its key was used, until an admin says what that was. */
  elsewhere: z.object({ network: z.string().max(64), at: z.date(), count: z.number().int().min(1) }).optional(),
  /** Times that somebody asked in its name and was refused. */
  refusals: z.number().int().min(0).default(0),
  lastRefusedAt: z.date().optional(),
  lastRefusedFrom: z.string().max(64).optional(),
  /** Last time it was told to fetch, and what came of it. */
  pushedAt: z.date().optional(),
  pushResult: z.string().max(500).optional(),
  /** When it is told again, since it could not be reached; and how often it was told in vain. */
  pushDueAt: z.date().optional(),
  pushTries: z.number().int().min(0).optional(),
  /**
   * Where it was registered, and as whom, when its account was changed: until it registers anew it is told there that
   * there are settings to fetch, for it can be told nowhere else. Opens nothing. `secret` is sealed.
   */
  formerAccount: z
    .object({
      username: z.string().max(128),
      secret: z.string().max(512),
      contacts: z.array(contactPlace).max(32),
      until: z.date(),
    })
    .optional(),
  /** Certificate of its web interface, as it showed it first (SHA-256). */
  certificate: z.object({ fingerprint: z.string().max(128), at: z.date() }).optional(),
  ...stamps,
});
export type DeviceState = z.output<typeof deviceState>;

/** A time in which devices that are known by their MAC address alone are given their key. */
export const contactWindow = z.object({
  id,
  /** The one device, or all of a site; exactly one of the two. */
  endpointId: id.optional(),
  siteId: id.optional(),
  closesAt: z.date(),
  /** First contacts that it lets in. */
  most: z.number().int().min(1).max(1000),
  /** Endpoints that came through it. */
  used: z.array(z.object({ endpointId: id, at: z.date(), from: z.string().max(64) })).default([]),
  ...stamps,
});
export type ContactWindow = z.output<typeof contactWindow>;

/** Something that speaks on the network and is not known. */
export const unknownDevice = z.object({
  id,
  /** How it was seen: it asked for a file, registered by SIP, by H.323 (RRQ), or called for plug-and-play. */
  seen: z.enum(['file', 'register', 'rrq', 'pnp']),
  mac: mac.optional(),
  vendor: z.string().max(64).optional(),
  model: z.string().max(64).optional(),
  userAgent: z.string().max(256).optional(),
  /** User name, alias, or file that it asked for. */
  name: z.string().max(256).optional(),
  /** Network address. */
  source: z.string().max(64),
  count: z.number().int().min(1),
  lastAt: z.date(),
  /** Somebody said that it is none of ours. */
  dismissed: z.boolean().default(false),
  ...stamps,
});
export type UnknownDevice = z.output<typeof unknownDevice>;

/** One direction of a test call, as measured. */
const direction = z.object({
  packets: z.number().int().min(0).optional(),
  lossPercent: z.number().min(0).max(100).optional(),
  jitterMs: z.number().min(0).optional(),
});

/** A call that was made to a device to try its line. */
export const testCall = z.object({
  id,
  endpointId: id,
  state: z.enum(['calling', 'testing', 'done', 'failed']),
  startedAt: z.date(),
  endedAt: z.date().optional(),
  /** What arrived here from the device. */
  received: direction.optional(),
  /** What the device says arrived there (RTCP, RFC 3550 clause 6.4); empty when it says nothing. */
  sent: direction.extend({ roundTripMs: z.number().min(0).optional() }).optional(),
  codec: z.string().max(64).optional(),
  verdict: z.enum(['good', 'no sound', 'loss']).optional(),
  cause: clearCause.optional(),
  ...stamps,
});
export type TestCall = z.output<typeof testCall>;
