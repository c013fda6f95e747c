import type { Codec } from './settings.ts';

/** What a parameter of the whole device can take. `syslog` is `host:port`; `resyncMinutes`/`resyncHours` follow `resyncS`. */
export type DeviceValue =
  | 'dtmf'
  | 'autoAnswer'
  | 'timeZone'
  | 'language'
  | 'ntpServer'
  | 'syslogServer'
  | 'syslogPort'
  | 'syslog'
  | 'adminPassword'
  | 'userPassword'
  | 'callRateKbps'
  | 'picture'
  | 'frameRate'
  | 'gatekeeper'
  | 'gatekeeperPort'
  | 'gatekeeperAndPort'
  | 'h323Alias'
  | 'e164'
  | 'h323Password'
  | 'provisioningUrl'
  | 'provisioningScheme'
  | 'provisioningAddress'
  | 'resyncS'
  | 'resyncMinutes'
  | 'resyncHours'
  | 'firmwareUrl'
  | 'firmwareAddress'
  | 'dialPlan';

/**
 * What a parameter of one account can take besides: `serverAndPort` is `host:port`, `backup` the same of the backup,
 * `transportAndSrtp` both with a hyphen between them, and what is the whole device's (`dtmf`, `autoAnswer`).
 */
export type AccountValue =
  | 'displayName'
  | 'username'
  | 'password'
  | 'server'
  | 'port'
  | 'serverAndPort'
  | 'transport'
  | 'srtp'
  | 'backupServer'
  | 'backupPort'
  | 'backup'
  | DeviceValue;

/** What a parameter of one speed-dial key can take; `address` is `number@server` of the first account. */
export type KeyValue = 'label' | 'number' | 'address';

/** A piece of a parameter that takes several values. `without`: characters that would end the piece; blanks stand for them. */
export type Piece<V extends string> = string | { from: V; without?: string };

/**
 * One parameter of a device's file. `name` is the vendor's, in formats of nested elements a path (`SIP/Proxy[1]/Address`).
 * A parameter whose setting is absent, or not in its table of `values`, is left out; so is one whose `when` is absent, and
 * one whose `unless` is there.
 */
export type Parameter<V extends string> = { name: string; secret?: true; when?: V; unless?: V } & (
  | { fixed: string }
  | { from: V; values?: Readonly<Record<string, string>> }
  | { pieces: readonly Piece<V>[] }
);

/** How a vendor writes which codecs are wanted, and in which order. */
export type CodecOrder =
  /** A place each: takes the codec's name; places left over are switched off, take `none`, or repeat the last codec. */
  | {
      kind: 'places';
      places: readonly { codec: string; none?: string; enable?: { name: string; on: string; off: string } }[];
    }
  /** A parameter for each codec takes its rank from 1, or `off`. */
  | { kind: 'ranks'; names: Readonly<Partial<Record<Codec, string>>>; off: string }
  /** For each codec a switch, and its place in the order. */
  | {
      kind: 'switches';
      codecs: Readonly<Partial<Record<Codec, { enable: string; rank: string }>>>;
      on: string;
      off: string;
    }
  /** One parameter lists them; `tail` always follows. */
  | { kind: 'list'; name: string; separator: string; tail?: string };

/** How a vendor writes dial patterns: see dial-patterns.ts. */
export type DialDialect = 'grandstream' | 'cisco' | 'poly' | 'yealink' | 'snom';

/** How a file is written down: see formats/. */
export type Format =
  | 'yealink-cfg'
  | 'grandstream-xml'
  | 'grandstream-items'
  | 'poly-xml'
  | 'poly-directory'
  | 'cisco-xml'
  | 'snom-xml'
  | 'fanvil-xml'
  | 'roomos-xml';

/**
 * A file that a device asks for. `paths`: what it may call it, the first its real name; placeholders `{mac}` and `{MAC}`
 * (12 hexadecimal digits, small or capital), `{model}` (the model's `file`, else its name).
 */
export interface TemplateFile {
  paths: readonly string[];
  format: Format;
  /** All parameters, but for keys where these have a file of their own; keys; or only where another of the files is. */
  holds: 'settings' | 'keys' | { pointerTo: string };
}

/** A model as printed on the device. */
export interface Model {
  name: string;
  /** How it calls itself in User-Agent headers and file names, where that is not its name. */
  agent?: string;
  file?: string;
}

/** How the models of one kind are set: data alone. */
export interface Template {
  /** Unique, kept in the store: `yealink-phones`. */
  id: string;
  vendor: string;
  models: readonly Model[];
  /** `phone`, `ata` or `codec` (of a room). */
  kind: 'phone' | 'ata' | 'codec';
  protocols: readonly ('sip' | 'h323')[];
  /** How the settings get there: the device fetches files, or is told by xAPI. */
  delivery: 'fetch' | 'xapi';
  /** In the order in which the device asks for them. */
  files: readonly TemplateFile[];
  device: readonly Parameter<DeviceValue>[];
  /** One list for each account that the device has. */
  accounts: readonly (readonly Parameter<AccountValue>[])[];
  /** One list for each key, key 1 first. */
  keys: readonly (readonly Parameter<KeyValue>[])[];
  codecs: CodecOrder | undefined;
  codecNames: Readonly<Partial<Record<Codec, string>>>;
  dialDialect?: DialDialect;
  /** How it proves itself to the file server, beyond the key in the URL. */
  authentication: readonly ('basic' | 'digest' | 'certificate')[];
  /** Event header of the SIP NOTIFY that makes it ask again at once. */
  resync?: { event: string };
  /** Regular expression over a User-Agent header, with a group `model`. */
  userAgent: string;
  /** First three octets of its vendor's MAC addresses, 6 small hexadecimal digits. */
  macPrefixes: readonly string[];
}
