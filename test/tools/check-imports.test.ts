import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { breaches, importsOf, judge } from '../../tools/check-imports.ts';

describe('import rules', () => {
  const cases: [from: string, to: string, allowed: boolean][] = [
    ['api/server.ts', 'gateway/gateway.ts', true],
    ['api/server.ts', 'store/store.ts', true],
    ['gateway/rooms/room.ts', 'api/server.ts', false],
    ['store/store.ts', 'gateway/gateway.ts', false],
    ['platform/log.ts', 'store/store.ts', false],
    ['gateway/rooms/room.ts', 'freeswitch/media/media.ts', true],
    ['freeswitch/media/fsmrf.ts', 'gateway/call.ts', false],
    ['gateway/sip/inbound.ts', 'embedded/drachtio/main.ts', false],
    ['embedded/drachtio/main.ts', 'platform/log.ts', false],
    ['embedded/drachtio/main.ts', 'embedded/mongod/main.ts', false],
    ['embedded/drachtio/main.ts', 'embedded/drachtio/parse.ts', true],
    ['gateway/h323/per/codec.ts', 'gateway/h323/h245/schema.ts', false],
    ['gateway/h323/h245/schema.ts', 'gateway/h323/per/codec.ts', true],
    ['gateway/h323/h245/schema.ts', 'gateway/h323/call/call.ts', false],
    ['gateway/h323/call/call.ts', 'gateway/rooms/room.ts', false],
    ['gateway/h323/call/call.ts', 'gateway/call.ts', true],
    ['gateway/sip/inbound.ts', 'gateway/h323/call/call.ts', false],
    ['gateway/sip/inbound.ts', 'gateway/rooms/room.ts', false],
    ['gateway/call.ts', 'store/schema/names.ts', true],
    ['gateway/call.ts', 'freeswitch/media/media.ts', false],
    ['gateway/compose.ts', 'gateway/sip/inbound.ts', true],
    ['gateway/compose.ts', 'embedded/freeswitch/main.ts', false],
    ['provisioning/server.ts', 'gateway/gateway.ts', false],
    ['start.ts', 'gateway/compose.ts', true],
    ['test/e2e/house.ts', 'embedded/drachtio/main.ts', true],
    ['stray/file.ts', 'store/store.ts', false],
  ];
  for (const [from, to, allowed] of cases) {
    it(`${from} ${allowed ? 'may' : 'may not'} import ${to}`, () => {
      assert.equal(judge(from, to) === undefined, allowed, judge(from, to));
    });
  }

  it('finds every form of import', () => {
    const text = `import a from './a.ts';\nimport type { B } from "../b.ts";\nexport * from './c.ts';\nimport './d.ts';
import {\n  e,\n  f,\n} from './e.ts';\nconst g = await import('./g.ts');\nimport fs from 'node:fs';`;
    assert.deepEqual(importsOf('api/x.ts', text), ['api/a.ts', 'b.ts', 'api/c.ts', 'api/d.ts', 'api/e.ts', 'api/g.ts']);
  });

  it('hold in this repository', async () => {
    assert.deepEqual(await breaches('.'), []);
  });
});
