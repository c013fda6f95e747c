import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { describe, it } from 'mocha';
import { defaultLimits } from '../../../embedded/drachtio/sip/parse.ts';
import { Transport } from '../../../embedded/drachtio/transport/transport.ts';

const transport = (port: number): Transport =>
  new Transport({ host: '0.0.0.0', port, limits: defaultLimits, maxStreams: 10, streamIdleMs: 60_000 });

describe('ports of the SIP engine', () => {
  it('a second one on the port of all addresses is refused, though those who listen to one group have room there', async () => {
    const free = transport(0);
    await free.listen();
    const { port } = free;
    await free.close();
    const group = createSocket({ type: 'udp4', reuseAddr: true });
    group.bind({ address: '224.0.1.75', port, exclusive: true });
    await once(group, 'listening');
    const one = transport(port);
    await one.listen();
    try {
      await assert.rejects(transport(port).listen(), { code: 'EADDRINUSE' });
      assert.equal(one.port, port);
    } finally {
      await one.close();
      group.close();
    }
  });
});
