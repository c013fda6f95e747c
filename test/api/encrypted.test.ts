import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { connect as connectTls } from 'node:tls';
import { adminPassword, type House, openHouse } from './house.ts';

/* The same API over TLS, with the installation's own certificate. */

describe('API over TLS', () => {
  let house: House;
  before(async () => {
    house = await openHouse();
  });
  after(() => house.close());

  const ask = async (method: string, path: string, body?: object, cookie = '') => {
    const asked = request({
      ...{ host: '127.0.0.1', port: house.api.ports.https, path: `/api/v1${path}`, method, rejectUnauthorized: false },
      headers: {
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...(cookie === '' ? {} : { Cookie: cookie }),
        'Sec-Fetch-Site': 'same-origin',
      },
    });
    asked.end(body === undefined ? undefined : JSON.stringify(body));
    const [response] = (await once(asked, 'response')) as [IncomingMessage];
    return { status: response.statusCode, headers: response.headers, text: await text(response) };
  };
  const fingerprint = async (): Promise<string> => {
    const socket = connectTls({ host: '127.0.0.1', port: house.api.ports.https, rejectUnauthorized: false });
    await once(socket, 'secureConnect');
    const { fingerprint256 } = socket.getPeerCertificate();
    socket.destroy();
    return fingerprint256;
  };

  it('gives a cookie that is never sent in the clear, and knows it again', async () => {
    const login = await ask('POST', '/login', { username: 'admin', password: adminPassword });
    const [cookie = ''] = login.headers['set-cookie'] ?? [];
    assert.match(cookie, /; secure/i);
    assert.match(cookie, /; httponly/i);
    const me = await ask('GET', '/me', undefined, cookie.split(';')[0]);
    assert.deepEqual([me.status, JSON.parse(me.text).username], [200, 'admin']);
  });

  it('shows another certificate as soon as there is one', async () => {
    const before = await fingerprint();
    const renewed = await house.ask('POST', '/system/certificate/renew', {});
    assert.equal(renewed.status, 200, renewed.text);
    const shown = await fingerprint();
    assert.notEqual(shown, before);
    assert.equal(shown, renewed.body.sha256);
  });

  it('takes neither old TLS nor what is no TLS', async () => {
    const old = connectTls({
      ...{ host: '127.0.0.1', port: house.api.ports.https, rejectUnauthorized: false },
      ...{ maxVersion: 'TLSv1.1' as const, minVersion: 'TLSv1' as const },
    });
    await once(old, 'error');
    const plain = connect(house.api.ports.https, '127.0.0.1');
    plain.on('error', () => {});
    plain.write('GET /api/v1/me HTTP/1.1\r\nHost: x\r\n\r\n');
    await once(plain, 'close');
    assert.equal((await ask('GET', '/health')).status, 200);
  });
});
