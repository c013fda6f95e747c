import { z } from 'zod';

/** Control characters, line separators, halves of surrogate pairs, and what XML 1.0 (clause 2.2) cannot carry: none may get into a device's file. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused.
const oneLine = /^[^\u0000-\u001f\u007f-\u009f\u2028\u2029\ud800-\udfff\ufffe\uffff]*$/u;

/** Text that ends up on one line of a device's file, so that none of it can begin a line of its own. */
const line = z.string().trim().min(1).max(200).regex(oneLine);
/** Printable ASCII without blanks: what every device's keypad, menu and file can hold. */
const token = z
  .string()
  .max(128)
  .regex(/^[!-~]+$/);
/** A host name, an IPv4 address, or an IPv6 address. */
const host = z
  .string()
  .trim()
  .max(253)
  .regex(/^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$|^[0-9a-fA-F:.]*:[0-9a-fA-F:.]*$/);
const port = z.number().int().min(1).max(65535);
const url = z
  .url({ protocol: /^https?$/, normalize: true })
  .max(500)
  .regex(/^[!-~]+$/);

const codec = z.enum(['PCMA', 'PCMU', 'G722', 'G729', 'OPUS']);
export type Codec = z.output<typeof codec>;

/** An account at a SIP registrar. */
const account = z.strictObject({
  displayName: line,
  username: line,
  password: line,
  server: host,
  port,
  transport: z.enum(['udp', 'tcp', 'tls']).default('udp'),
  srtp: z.enum(['off', 'preferred', 'required']).default('off'),
  /** Where to register when the server does not answer; same transport. */
  backupServer: host.optional(),
  backupPort: port.optional(),
});
export type Account = z.output<typeof account>;

/** A key that dials. `key`: its place on the device, from 1. */
const speedDial = z.strictObject({
  label: line,
  number: z
    .string()
    .trim()
    .max(64)
    .regex(/^[\w.+*#@:-]+$/),
  key: z.number().int().min(1).max(100),
});
export type SpeedDial = z.output<typeof speedDial>;

/**
 * A pattern of numbers that may be dialled and are sent off once complete: digits, `*`, `#`, `x` any digit, `[2-9]` one of
 * a range, and at the end `.`: more digits, any number of them.
 */
const dialPattern = z
  .string()
  .max(64)
  .regex(/^(?:[0-9*#x]|\[[0-9](?:-[0-9])?(?:[0-9](?:-[0-9])?)*\])+\.?$/);

/** Where an H.323 terminal registers and who it is there (ITU-T H.225.0, clause 7.18). */
const h323 = z.strictObject({
  gatekeeper: host,
  gatekeeperPort: port.default(1719),
  /** H.323 identifier. */
  alias: line.optional(),
  e164: z
    .string()
    .regex(/^[0-9*#]{1,32}$/)
    .optional(),
  password: line.optional(),
});

/** Everything of a device that is not an account of its own, without defaults. */
const whole = z.strictObject({
  /** Most wanted first. */
  codecs: z
    .array(codec)
    .min(1)
    .max(5)
    .refine((list) => new Set(list).size === list.length),
  dtmf: z.enum(['rfc4733', 'info', 'inband']),
  dialPlan: z.array(dialPattern).min(1).max(20).optional(),
  speedDials: z
    .array(speedDial)
    .max(100)
    .refine((list) => new Set(list.map(({ key }) => key)).size === list.length),
  autoAnswer: z.enum(['on', 'off']),
  timeZone: z.enum(['Asia/Ho_Chi_Minh']),
  language: z.enum(['vi', 'en']),
  ntpServer: host.optional(),
  syslogServer: host.optional(),
  syslogPort: port.optional(),
  /** Of the device's own menu and web page. */
  adminPassword: token.optional(),
  /** Of the web page's lesser account, where the device has one. */
  userPassword: token.optional(),
  /** Highest rate of a call with picture, kbit/s. */
  callRateKbps: z.number().int().min(64).max(8192).optional(),
  /** Largest picture sent, lines. */
  picture: z.enum(['360p', '720p', '1080p']).optional(),
  /** Pictures a second, at most. */
  frameRate: z.enum(['15', '25', '30', '60']).optional(),
  h323: h323.optional(),
  /** Folder that the device fetches its files from; ends in `/`. */
  provisioningUrl: url.regex(/\/$/).optional(),
  /** How often the device asks whether something changed, s. */
  resyncS: z.number().int().min(3600).max(2_592_000).multipleOf(3600).optional(),
  /** Firmware file or folder, as the vendor wants it. */
  firmwareUrl: url.optional(),
});

/** What a device is set to, whoever made it. Templates say under which names its vendor knows these. */
export const deviceSettings = whole.extend({
  /** The first is the one that keys dial with. None: an H.323 device. */
  accounts: z.array(account).max(4),
  codecs: whole.shape.codecs.default(['G722', 'PCMA', 'PCMU']),
  dtmf: whole.shape.dtmf.default('rfc4733'),
  speedDials: whole.shape.speedDials.default([]),
  autoAnswer: whole.shape.autoAnswer.default('off'),
  timeZone: whole.shape.timeZone.default('Asia/Ho_Chi_Minh'),
  language: whole.shape.language.default('vi'),
  resyncS: whole.shape.resyncS.unwrap().default(86_400),
});
export type DeviceSettings = z.output<typeof deviceSettings>;

/** What of every account may be set otherwise: not who it is. */
const accountOverrides = z
  .strictObject({
    displayName: line,
    server: host,
    port,
    transport: account.shape.transport.unwrap(),
    srtp: account.shape.srtp.unwrap(),
    backupServer: host,
    backupPort: port,
  })
  .partial();

/** What of the gatekeeper may be set otherwise: not who the device is there. */
const h323Overrides = h323.omit({ alias: true, password: true }).extend({ gatekeeperPort: port }).partial();

/**
 * Single settings that an admin sets otherwise, without defaults: an override that says nothing changes nothing. Not
 * among them: who the device is, and secrets.
 */
export const overrides = whole
  .omit({ provisioningUrl: true, adminPassword: true, userPassword: true, h323: true })
  .partial()
  .extend({ account: accountOverrides.optional(), h323: h323Overrides.optional() });
export type Overrides = z.output<typeof overrides>;

/** Lays overrides over settings, the first first: model, then site, then device. The outcome still needs its check. */
export function overlaid(
  base: z.input<typeof deviceSettings>,
  layers: readonly Overrides[],
): z.input<typeof deviceSettings> {
  return layers.reduce(({ accounts, h323: gatekeeper, ...rest }, { account: one, h323: other, ...others }) => {
    return {
      ...rest,
      ...others,
      accounts: accounts.map((each) => ({ ...each, ...one })),
      // A device that registers by SIP alone gets no gatekeeper from what is set for all at its site.
      ...(gatekeeper === undefined ? {} : { h323: { ...gatekeeper, ...other } }),
    };
  }, base);
}
