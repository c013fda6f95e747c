import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { after, before, describe, it } from 'mocha';
import { decodeSignalling, type SignallingMessage, TpktReader } from '../../../../gateway/h323/h225/index.ts';
import type { HostPort } from '../../../../gateway/h323/ras/interface.ts';
import { ownAddress } from '../../../peers/address.ts';
import { Asterisk } from '../../../peers/asterisk.ts';
import { Zone } from './zone.ts';

describe('a real terminal at our gatekeeper: Asterisk with chan_ooh323', function () {
  this.timeout(60_000);
  const host = ownAddress();
  let zone: Zone;
  let codec: Asterisk;
  let signalling: Server;
  const setups: { message: SignallingMessage; source: HostPort }[] = [];
  before(async () => {
    // Its RAS port is the standard one: this terminal knows no other.
    zone = await Zone.open(host, { port: 1719, pace: 0.3, limits: { timeToLiveS: { least: 1, usual: 3, most: 3 } } });
    zone.dialable.add('8000');
    signalling = createServer((socket) => {
      const reader = new TpktReader();
      socket.on('error', () => {});
      socket.on('data', (data) => {
        for (const packet of reader.push(data)) {
          const source = { host: socket.remoteAddress!, port: socket.remotePort! };
          setups.push({ message: decodeSignalling(packet), source });
          signalling.emit('setup');
          socket.destroy();
        }
      });
    });
    signalling.listen(1720, host);
    await once(signalling, 'listening');
    codec = await Asterisk.start({ gatekeeper: host, h323Id: 'phonghop', e164: '1001' });
  });
  after(async () => {
    await codec?.stop();
    signalling?.close();
    await zone?.close();
  });

  it('is refused while it is not entered; registers when it is', async () => {
    if (!zone.told.includes('refused phonghop, 1001')) await once(zone.gatekeeper, 'refused');
    await zone.device('phonghop', '1001', { address: codec.address });
    const [change] = (await once(zone.gatekeeper, 'registration', { signal: AbortSignal.timeout(50_000) })) as [
      { registered: boolean },
    ];
    assert.equal(change.registered, true);
    await codec.registered();
  });

  it('is found by alias and by number', () => {
    for (const alias of ['phonghop', '1001']) {
      assert.deepEqual(zone.gatekeeper.locate(alias)?.address, { host: codec.address, port: 1720 });
    }
    assert.match(zone.gatekeeper.locate('1001')!.product, /ooh323/i);
  });

  it('keeps its registration over several times to live', async () => {
    const { endpointIdentifier } = zone.gatekeeper.locate('1001')!;
    const until = Date.now() + 8_000;
    while (Date.now() < until) {
      assert.equal(zone.gatekeeper.locate('1001')?.endpointIdentifier, endpointIdentifier);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  });

  it('calls a number that goes somewhere, and its Setup is known; another is refused', async () => {
    const arrived = once(signalling, 'setup', { signal: AbortSignal.timeout(15_000) });
    const call = codec.call('8000');
    await arrived;
    const { message, source } = setups[0]!;
    const setup = message.userInformation?.['h323-uu-pdu']['h323-message-body'].setup;
    const caller = zone.gatekeeper.identify({
      callIdentifier: setup?.callIdentifier?.guid,
      conferenceId: setup?.conferenceID,
      endpointIdentifier: setup?.endpointIdentifier,
      source,
    });
    assert.deepEqual([caller?.by, caller?.name], ['admission', 'Codec phonghop']);
    await call.ended();
    const before = setups.length;
    await codec.call('9999').ended();
    assert.equal(setups.length, before);
  });

  it('loses its registration when it falls silent', async () => {
    const gone = once(zone.gatekeeper, 'registration', { signal: AbortSignal.timeout(20_000) });
    codec.kill();
    const [change] = (await gone) as [{ registered: boolean }];
    assert.equal(change.registered, false);
    assert.equal(zone.gatekeeper.locate('phonghop'), undefined);
  });
});
