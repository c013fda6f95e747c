import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'mocha';
import { entriesOf } from '../../provisioning/entries.ts';
import { ciscoRoomos } from '../../provisioning/templates/cisco/roomos.ts';
import { full, minimal } from './samples.ts';

interface Space {
  values?: string[];
  maxLength?: number;
  min?: number;
  max?: number;
}

const { configuration } = JSON.parse(readFileSync('fixtures/provisioning/cisco/xapi-schema-excerpt.json', 'utf8')) as {
  configuration: Record<string, Space>;
};

/** `SIP/Proxy[1]/Address` → `SIP Proxy[1..4] Address`, as the schema names ranges. */
function spaceOf(name: string): Space | undefined {
  const path = name.replaceAll('/', ' ');
  const found = Object.entries(configuration).find(([known]) => {
    const pattern = known.replace(/\[(\d)\.\.(\d)\]/g, '[[$1-$2]]').replace(/^|$/g, (_, at) => (at === 0 ? '^' : '$'));
    return new RegExp(pattern.replace(/\[\[/g, '\\[[').replace(/\]\]/g, ']\\]')).test(path);
  });
  return found?.[1];
}

describe('provisioning: Cisco RoomOS against its schema', () => {
  for (const [kind, settings] of [
    ['full', full(ciscoRoomos)],
    ['minimal', minimal(ciscoRoomos)],
  ] as const)
    it(`${kind}: every path is in the schema and every value in its space`, () => {
      for (const { name, value } of entriesOf(ciscoRoomos, settings)) {
        const space = spaceOf(name);
        assert.ok(space, name);
        if (space.values) assert.ok(space.values.includes(value), `${name} ${value}`);
        if (space.maxLength !== undefined) assert.ok(value.length <= space.maxLength, `${name} ${value}`);
        if (space.max !== undefined) assert.ok(Number(value) >= (space.min ?? 0) && Number(value) <= space.max, name);
      }
    });
});
