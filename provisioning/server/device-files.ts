import type { Seal } from '../../platform/seal.ts';
import type { Endpoint } from '../../store/schema/places.ts';
import type { Store } from '../../store/store.ts';
import type { DeviceKeys } from '../access/device-keys.ts';
import { hashOf } from '../access/device-keys.ts';
import { modelNamed } from '../catalogue.ts';
import { type Surroundings, settingsOf } from '../device.ts';
import { inOrder, storedLayers } from '../layers.ts';
import { type DeviceFile, filesOf } from '../render.ts';
import { type DeviceSettings, deviceSettings } from '../settings.ts';
import { shortfall } from '../shortfall.ts';
import type { Template } from '../template.ts';

/** A file as it should be on the device. */
export interface VersionedFile extends DeviceFile {
  /** SHA-256 of the text, lower-case hexadecimal. */
  version: string;
  /** Whether it holds settings, not merely where they are. */
  settles: boolean;
}

/** Everything that a device is to be set to. */
export interface DeviceSet {
  template: Template;
  settings: DeviceSettings;
  files: VersionedFile[];
  /** Settings that no file carries: to be set on the device itself. */
  notCarried: string[];
}

export interface DeviceFilesParts {
  store: Pick<Store, 'deviceOverrides'>;
  seal: Seal;
  keys: DeviceKeys;
  surroundings: () => Surroundings;
  /** Address of the server as devices have it; ends in `/`. */
  baseUrl: () => string;
}

/** Makes a device's files out of its endpoint, its secrets and what was set otherwise for its model, site and itself. */
export class DeviceFiles {
  private readonly parts: DeviceFilesParts;

  constructor(parts: DeviceFilesParts) {
    this.parts = parts;
  }

  /** The address with its key in it from which a device fetches. */
  urlOf(key: string): string {
    return `${this.parts.baseUrl()}p/${key}/`;
  }

  /** `undefined` when there is no template for it. @throws ZodError when its settings do not fit together. */
  async of(endpoint: Endpoint): Promise<DeviceSet | undefined> {
    const { device } = endpoint;
    const found = device === undefined ? undefined : modelNamed(device.model);
    if (device === undefined || found === undefined) return undefined;
    const { keys, seal, surroundings } = this.parts;
    const { adminPassword, key } = await keys.of(endpoint.id);
    const settings = deviceSettings.parse(
      settingsOf(endpoint, surroundings(), {
        password: endpoint.secret === undefined ? '' : seal.open(endpoint.secret),
        layers: inOrder(await storedLayers(this.parts.store, endpoint)),
        added: { provisioningUrl: this.urlOf(key), adminPassword },
      }),
    );
    const { model, template } = found;
    const files = filesOf(template, settings, { model, mac: device.mac });
    return {
      template,
      settings,
      files: files.map((file, place) => ({
        ...file,
        version: hashOf(file.text),
        settles: template.files[place]?.holds === 'settings',
      })),
      notCarried: shortfall(template, settings),
    };
  }
}

/** A file by what a device calls it; vendors are careless with capitals. */
export function fileNamed<F extends DeviceFile>(files: readonly F[], asked: string): F | undefined {
  const wanted = asked.toLowerCase();
  return files.find(({ paths }) => paths.some((path) => path.toLowerCase() === wanted));
}

/** Whether a device has what it should: the files with its settings, and every other that it ever took, as they are now. */
export function isUpToDate(
  files: readonly Pick<VersionedFile, 'paths' | 'version' | 'settles'>[],
  given: readonly { file: string; version: string }[],
): boolean {
  const settling = files.filter((file) => file.settles);
  return (
    settling.length > 0 &&
    files.every((file) => {
      const version = given.find((one) => one.file === file.paths[0])?.version;
      return version === undefined ? !file.settles : version === file.version;
    })
  );
}
