import type { Codec, Settings } from './settings.ts';

/** `server` is `sipHost:sipPort` in one. */
type Scalar = Exclude<keyof Settings, 'codecs'> | 'server';

/** One parameter of a device's file: a fixed value, or a setting, whose value goes through `values` where given. */
export type Parameter =
  | { name: string; fixed: string }
  | { name: string; setting: Scalar; values?: Readonly<Record<string, string>>; secret?: true };

/** What stands at each place of the order of codecs. */
export interface CodecPlace {
  /** Takes the codec's name. */
  codec: string;
  /** Takes `1`, or `0` where fewer codecs are wanted than there are places. */
  enable?: string;
  /** Takes the place, from 1. */
  priority?: string;
}

/** How the models of one kind are set: data alone. */
export interface Template {
  vendor: string;
  /** Model names as printed on the devices. */
  models: readonly string[];
  format: 'yealink-cfg' | 'grandstream-xml';
  /** File that the device asks for: what stands before and after its MAC address (12 lower-case hexadecimal digits). */
  file: { before: string; after: string };
  parameters: readonly Parameter[];
  codecPlaces: readonly CodecPlace[];
  codecNames: Readonly<Record<Codec, string>>;
}
