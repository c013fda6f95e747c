import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'mocha';
import { models, templateOf } from '../../provisioning/catalogue.ts';
import { entriesOf, render } from '../../provisioning/render.ts';
import { overrides, settings } from '../../provisioning/settings.ts';

const desk = settings.parse({
  displayName: 'Phòng tiếp dân & <lễ tân>',
  username: 'tiepdan',
  password: 'mat]khau&dai="12"',
  sipHost: '192.0.2.10',
  sipPort: 5061,
  transport: 'tls',
  srtp: 'required',
  codecs: ['PCMA', 'G722'],
  autoAnswer: 'on',
  ntpServer: '192.0.2.1',
});
const mac = '001565aabbcc';

/** Reads a Yealink file back: the version line first, then `name = value` and nothing else. */
function readCfg(text: string): [string, string][] {
  const [first, ...lines] = text.trimEnd().split('\n');
  assert.equal(first, '#!version:1.0.0.1');
  return lines.map((line) => {
    const match = /^([a-z0-9_.]+) = (\S.*)$/.exec(line);
    assert.ok(match, line);
    return [match[1]!, match[2]!];
  });
}

/** Reads a Grandstream file back: its few elements, properly nested, character data free of markup. */
function readXml(text: string): [string, string][] {
  const whole =
    /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<gs_provision version="1">\n {2}<mac>[0-9a-f]{12}<\/mac>\n {2}<config version="1">\n((?: {4}<(P\d+)>[^<>]*<\/\2>\n)+) {2}<\/config>\n<\/gs_provision>\n$/.exec(
      text,
    );
  assert.ok(whole, text);
  return [...whole[1]!.matchAll(/<(P\d+)>([^<>]*)</g)].map(([, name = '', value = '']) => {
    assert.doesNotMatch(value, /&(?!(amp|lt|gt);)/);
    return [name, value.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')];
  });
}

describe('provisioning: templates', () => {
  for (const [model, read] of [
    ['SIP-T46S', readCfg],
    ['GXP1782', readXml],
  ] as const) {
    const template = templateOf(model)!;
    const entries = entriesOf(template, desk);
    const file = render(template, mac, entries);

    it(`${model}: the file is the golden one`, () => {
      assert.equal(file.text, readFileSync(`fixtures/provisioning/${file.name}`, 'utf8'));
    });
    it(`${model}: what is read back is what was meant, each name once`, () => {
      const meant = entries.map(({ name, value }) => [name, value]);
      assert.deepEqual(read(file.text), meant);
      assert.equal(new Set(meant.map(([name]) => name)).size, meant.length);
    });
  }

  it('every model has a name of its own, and a value for every choice of every setting', () => {
    assert.equal(new Set(models.map(({ model }) => model)).size, models.length);
    for (const { template } of models)
      for (const transport of settings.shape.transport.unwrap().options)
        for (const srtp of settings.shape.srtp.unwrap().options)
          for (const dtmf of settings.shape.dtmf.unwrap().options)
            assert.ok(entriesOf(template, { ...desk, transport, srtp, dtmf, autoAnswer: 'off' }).length > 0);
  });

  it('codecs come in order, and no default comes back in behind them', () => {
    const valuesOf = (model: string) =>
      new Map(entriesOf(templateOf(model)!, desk).map(({ name, value }) => [name, value]));
    const grandstream = valuesOf('GXP1782');
    assert.deepEqual(
      ['P57', 'P58', 'P59', 'P98'].map((name) => grandstream.get(name)),
      ['8', '9', '9', '9'],
    );
    const yealink = valuesOf('SIP-T46S');
    assert.equal(yealink.get('account.1.codec.1.payload_type'), 'PCMA');
    assert.equal(yealink.get('account.1.codec.3.enable'), '0');
  });

  it('an override that says nothing changes nothing', () => {
    assert.deepEqual(overrides.parse({}), {});
  });

  it('a value that would begin a line of its own is refused', () => {
    for (const displayName of ['a\nb', 'a\rb', 'a\u0000b', ''])
      assert.equal(settings.safeParse({ ...desk, displayName }).success, false);
  });
});
