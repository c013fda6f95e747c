import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { MediaEngines } from '../../../freeswitch/media/engines.ts';
import { MediaError } from '../../../freeswitch/media/media.ts';
import { type MediaHouse, openMediaHouse, quiet } from './house.ts';
import { Terminal } from './terminal.ts';

/* The connection to an engine is cut in the middle: by a wire that the test holds. */

describe('a media engine that is lost', function () {
  this.timeout(30_000);
  let house: MediaHouse;
  let wire: Server;
  let port: number;
  const sockets = new Set<Socket>();
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
    sockets.clear();
  };

  before(async () => {
    house = await openMediaHouse();
    wire = createServer((near) => {
      const far = connect(house.eventSocket.port, house.eventSocket.host);
      for (const socket of [near, far]) {
        sockets.add(socket);
        socket.on('error', () => {});
        socket.on('close', () => {
          near.destroy();
          far.destroy();
        });
      }
      near.pipe(far).pipe(near);
    }).listen(0, '127.0.0.1');
    await once(wire, 'listening');
    port = (wire.address() as AddressInfo).port;
  });
  after(async () => {
    cut();
    wire.close();
    await house.close();
  });

  it('is told, refuses meanwhile, and is connected again', async () => {
    const media = new MediaEngines([{ ...house.eventSocket, port }], () => house.sip, quiet);
    await media.start();
    const down = once(media, 'down');
    const up = once(media, 'up');
    cut();
    await down;
    assert.equal(media.connected, false);
    await assert.rejects(media.createEndpoint(), MediaError);
    await up;
    const phone = await Terminal.open();
    const endpoint = await media.createEndpoint(phone.sdp());
    assert.equal(await endpoint.codec(), 'PCMA');
    await endpoint.destroy();
    phone.close();
    await media.close();
  });
  it('leaves no connection of its own behind, however often it is lost', async () => {
    const media = new MediaEngines([{ ...house.eventSocket, port }], () => house.sip, quiet);
    await media.start();
    for (let times = 0; times < 4; times++) {
      const up = once(media, 'up');
      cut();
      await up;
    }
    await media.close();
    const until = performance.now() + 5_000;
    while (sockets.size > 0 && performance.now() < until) {
      for (const socket of sockets) if (socket.destroyed) sockets.delete(socket);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    assert.equal(sockets.size, 0);
  });
  it('says why the first connection fails, and does not knock on for ever', async () => {
    const wrong = new MediaEngines([{ ...house.eventSocket, secret: 'wrong' }], () => house.sip, quiet);
    await assert.rejects(wrong.start(), /no media engine is reached: refuses our secret/);
    await wrong.close();
  });
});
