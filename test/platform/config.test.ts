import assert from 'node:assert/strict';
import { ConfigError, readConfig } from '../../platform/config.ts';

describe('settings', () => {
  const table: [name: string, environment: Record<string, string>, https: number, provisioningTls: number][] = [
    ['as they are, every port is the usual one', {}, 8444, 8443],
    [
      'with plain ports taken as they come, so are the encrypted ones',
      { HTTP_PORT: '0', PROVISIONING_PORT: '0' },
      0,
      0,
    ],
    ['with another plain port, the encrypted one meets nobody else’s', { HTTP_PORT: '9080' }, 0, 8443],
    ['say what they are told', { HTTP_PORT: '0', HTTPS_PORT: '443', PROVISIONING_TLS_PORT: '444' }, 443, 444],
  ];
  for (const [name, environment, https, provisioningTls] of table) {
    it(name, () => {
      const config = readConfig(environment, 'no such file');
      assert.deepEqual([config.httpsPort, config.provisioningTlsPort], [https, provisioningTls]);
    });
  }

  it('name the one that cannot be used', () => {
    assert.throws(
      () => readConfig({ SIP_PORT: '70000', CALLS_MAX: 'many' }, 'no such file'),
      (error: unknown) =>
        error instanceof ConfigError && /SIP_PORT: /.test(error.message) && /CALLS_MAX: /.test(error.message),
    );
  });
});
