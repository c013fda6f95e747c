import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { afterEach, describe, it } from 'mocha';
import type { Entry } from '../../../provisioning/entries.ts';
import { applySettings } from '../../../provisioning/roomos/apply.ts';
import { type CodecAddress, CodecError, CodecSession } from '../../../provisioning/roomos/client.ts';
import { DocumentError, plainPath, readConfiguration, readPutAnswer } from '../../../provisioning/roomos/document.ts';
import { type CodecOptions, RoomCodec } from '../../peers/room-codec.ts';

const host = '127.0.0.1';
const password = 'mat-khau & quản trị';
const entry = (name: string, value: string, secret = false): Entry => ({ name, value, secret, key: false });
const settings = [
  entry('SIP/URI', 'phong-hop@192.0.2.10'),
  entry('SIP/Authentication/Password', 'bi-mat', true),
  entry('SIP/Proxy[1]/Address', '192.0.2.10:5060'),
  entry('SIP/Proxy[2]/Address', '192.0.2.11'),
  entry('SIP/DefaultTransport', 'UDP'),
  entry('Conference/AutoAnswer/Mode', 'On'),
];
const knows: CodecOptions['knows'] = {
  'sip/uri': undefined,
  'sip/authentication/password': undefined,
  'sip/proxy/address': undefined,
  'sip/proxy[2]/address': undefined,
  'sip/defaulttransport': ['UDP', 'TCP', 'Tls', 'Auto'],
  'conference/autoanswer/mode': ['Off', 'On'],
};

describe('a RoomOS codec over HTTPS', function () {
  this.timeout(20_000);
  const open: RoomCodec[] = [];
  afterEach(async () => {
    for (const codec of open.splice(0)) await codec.close();
  });
  const codecWith = async (options: Partial<CodecOptions> = {}): Promise<RoomCodec> => {
    const codec = await RoomCodec.open({ host, password, knows, ...options });
    open.push(codec);
    return codec;
  };
  const address = ({ port }: { port: number }, more: Partial<CodecAddress> = {}): CodecAddress => ({
    host,
    port,
    username: 'admin',
    password,
    fingerprint: undefined,
    ...more,
  });
  const faultOf = (promise: Promise<unknown>): Promise<string> =>
    promise.then(
      () => 'none',
      (error: unknown) => (error instanceof CodecError ? error.fault : String(error)),
    );
  const applied = async (codec: RoomCodec, entries: readonly Entry[]) => {
    const session = await CodecSession.open(address(codec));
    const results = await applySettings(session, entries);
    await session.close();
    return results;
  };

  it('takes all in one document; each is read back; the session is given back, the password shown once', async () => {
    const codec = await codecWith();
    const results = await applied(codec, settings);
    assert.deepEqual(
      results,
      settings.map(({ name }) => ({ path: name, result: 'applied' })),
    );
    assert.equal(codec.values.get('sip/proxy[2]/address'), '192.0.2.11');
    assert.equal(codec.values.get('sip/authentication/password'), 'bi-mat');
    assert.deepEqual(codec.asked, [
      'POST /xmlapi/session/begin',
      'POST /putxml',
      'GET /getxml',
      'POST /xmlapi/session/end',
    ]);
    assert.deepEqual([codec.sessions.size, codec.shown], [0, 1]);
  });

  for (const refuses of ['document', 'setting'] as const)
    it(`one that it does not know, when it refuses the ${refuses}: the others are applied, that one is told with its reason`, async () => {
      const codec = await codecWith({ refuses });
      const results = await applied(codec, [
        entry('Time/Zone', 'Asia/Ho_Chi_Minh'),
        ...settings,
        entry('Conference/AutoAnswer/Mode', 'Maybe'),
      ]);
      assert.deepEqual(results[0], {
        path: 'Time/Zone',
        result: 'refused',
        reason: 'No match on address expression.',
      });
      assert.equal(results.at(-1)?.reason, 'Invalid or missing parameters');
      const others = results.slice(1, -2).map(({ result }) => result);
      assert.deepEqual(others, ['applied', 'applied', 'applied', 'applied', 'applied']);
      assert.equal(codec.values.get('sip/authentication/password'), 'bi-mat');
    });

  it('one that says yes and keeps what it had differs', async () => {
    const codec = await codecWith();
    codec.stubborn.set('sip/defaulttransport', 'Auto');
    const results = await applied(codec, settings);
    assert.deepEqual(
      results.filter(({ result }) => result !== 'applied'),
      [{ path: 'SIP/DefaultTransport', result: 'differs' }],
    );
  });

  it('software without sessions is spoken to all the same', async () => {
    const codec = await codecWith({ withoutSessions: true });
    assert.ok((await applied(codec, settings)).every(({ result }) => result === 'applied'));
    assert.ok(codec.shown > 1);
  });

  it('wrong password, no session free, no codec at all, nobody there', async () => {
    const codec = await codecWith({ sessions: 1 });
    assert.equal(await faultOf(CodecSession.open(address(codec, { password: 'x' }))), 'password-refused');
    const kept = await CodecSession.open(address(codec));
    assert.equal(await faultOf(CodecSession.open(address(codec))), 'busy');
    await kept.close();
    assert.equal(await faultOf(CodecSession.open(address(codec)).then((session) => session.close())), 'none');
    const { port } = codec;
    await open.pop()?.close();
    assert.equal(await faultOf(CodecSession.open(address({ port }))), 'silent');
    const mute = createServer(() => {});
    await new Promise<void>((resolve) => mute.listen(0, host, resolve));
    const { port: mutePort } = mute.address() as { port: number };
    assert.equal(await faultOf(CodecSession.open(address({ port: mutePort }), { connectMs: 200 })), 'silent');
    mute.close();
  });

  it('whoever shows another certificate than the first time is not told the password', async () => {
    const codec = await codecWith();
    const first = await CodecSession.open(address(codec));
    const { fingerprint } = first;
    await first.close();
    assert.match(fingerprint ?? '', /^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
    const again = await CodecSession.open(address(codec, { fingerprint }));
    await again.close();
    const shown = codec.shown;
    await codec.renewCertificate();
    assert.equal(await faultOf(CodecSession.open(address(codec, { fingerprint }))), 'not-trusted');
    assert.equal(codec.shown, shown, 'nothing was sent');
  });
});

describe('documents of a codec', () => {
  it('paths are alike whatever their capitals, and the first of several needs no number', () => {
    assert.equal(plainPath('Configuration/SIP/Proxy[1]/Address'), 'sip/proxy/address');
    assert.equal(plainPath('/Configuration/Video/Input/Connector[2]/Name'), 'video/input/connector[2]/name');
  });
  it('values are read by their path, as they stand there', () => {
    const values = readConfiguration(
      '<?xml version="1.0"?>\n<Configuration product="x"><SIP item="1" maxOccurrence="1"><Proxy item="1"><Address item="1">a &amp; b</Address></Proxy>' +
        '<Proxy item="2"><Address>0012</Address></Proxy><Empty item="1"/></SIP></Configuration>',
    );
    assert.deepEqual(
      [...values],
      [
        ['sip/proxy/address', 'a & b'],
        ['sip/proxy[2]/address', '0012'],
        ['sip/empty', ''],
      ],
    );
  });
  it('what is none is a fault of its own; a document brings no entities', () => {
    for (const text of ['', 'x', '<Status/>', '<Configuration>'.repeat(50), '<Other/>'])
      assert.throws(() => readConfiguration(text), DocumentError, text);
    const entity = '<!DOCTYPE a [<!ENTITY x "expanded">]><Configuration><A>&x;</A></Configuration>';
    assert.throws(() => readConfiguration(entity), DocumentError);
    const faults = readPutAnswer(
      '<?xml version="1.0"?><Configuration status="Error"><Reason>No match on address expression.</Reason><XPath>Configuration/A/B</XPath></Configuration>',
    );
    assert.deepEqual(faults, [{ reason: 'No match on address expression.', path: 'Configuration/A/B' }]);
    assert.deepEqual(readPutAnswer('<Configuration><Success/></Configuration>'), []);
    assert.throws(() => readPutAnswer('OK'), DocumentError);
  });
});
