import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { macIn, recognise } from '../../../provisioning/discovery/recognise.ts';
import { resyncEvent } from '../../../provisioning/push/events.ts';
import { bestOf, resultOf } from '../../../provisioning/push/outcome.ts';

const known = [
  { vendor: 'Yealink', model: 'SIP-T46S' },
  { vendor: 'Yealink', model: 'SIP-T21P E2' },
  { vendor: 'Yealink', model: 'SIP-T4' },
  { vendor: 'Grandstream', model: 'GXP1760' },
  { vendor: 'Poly', model: 'VVX 410' },
  { vendor: 'Cisco', model: 'CP-8851-3PCC' },
  { vendor: 'Snom', model: 'D785' },
  { vendor: 'Fanvil', model: 'X4U' },
];

describe('a device by its own words', () => {
  const cases: [said: string, vendor?: string, model?: string, mac?: string][] = [
    ['Yealink SIP-T46S 66.85.0.5', 'Yealink', 'SIP-T46S'],
    ['Yealink SIP-T46S 66.85.0.5 805ec0123456', 'Yealink', 'SIP-T46S', '805ec0123456'],
    ['Yealink SIP-T21P_E2 52.84.0.15 80:5E:C0:12:34:56', 'Yealink', 'SIP-T21P E2', '805ec0123456'],
    ['Yealink SIP-T46SX 1.0', 'Yealink'],
    ['Grandstream Model HW GXP1760 SW 1.0.1.57 DevId 000b82aabbcc', 'Grandstream', 'GXP1760', '000b82aabbcc'],
    ['PolycomVVX-VVX_410-UA/5.9.0.9373', 'Poly', 'VVX 410'],
    ['Cisco-CP-8851-3PCC/11.3.1', 'Cisco', 'CP-8851-3PCC'],
    ['Cisco/SPA504G-7.6.2f', 'Cisco'],
    ['snomD785/10.1.33.33', 'Snom', 'D785'],
    ['Fanvil X4U 2.4.3 0c383e010203', 'Fanvil', 'X4U', '0c383e010203'],
    ['friendly-scanner'],
    [''],
  ];
  for (const [said, vendor, model, mac] of cases)
    it(`“${said}”`, () => {
      const found = recognise(said, known);
      assert.deepEqual([found.vendor, found.model, found.mac], [vendor, model, mac]);
    });
  it('MAC addresses are those of single devices alone', () => {
    assert.equal(macIn('MAC%3a00135E874B49'), undefined);
    assert.equal(macIn('MAC:00135E874B49@x'), '00135e874b49');
    assert.equal(macIn('01005e000001'), undefined);
    assert.equal(macIn('000000000000'), undefined);
    assert.equal(macIn('x000b82aabbccdd'), undefined);
  });
});

describe('the order to take settings', () => {
  it('is called what the vendor calls it', () => {
    assert.equal(resyncEvent(undefined, 'Yealink SIP-T46S 66.85.0.5'), 'check-sync;reboot=false');
    assert.equal(resyncEvent(undefined, 'Cisco/SPA504G-7.6.2f'), 'resync');
    assert.equal(resyncEvent(undefined, 'Grandstream GXP1760'), 'check-sync');
    assert.equal(resyncEvent(undefined, undefined), 'check-sync');
    assert.equal(resyncEvent('SIP-T46S', 'friendly-scanner'), 'check-sync;reboot=false');
  });
  it('an answer means something; of several contacts one that took it is enough', () => {
    assert.deepEqual(
      [200, 202, 401, 403, 405, 408, 481, 486, 489, 503].map(resultOf),
      ['accepted', 'accepted', 'password-refused', 'password-refused', 'not-understood'].concat([
        'silent',
        'not-understood',
        'refused',
        'not-understood',
        'not-sent',
      ]),
    );
    assert.equal(bestOf(['silent', 'accepted']), 'accepted');
    assert.equal(bestOf([]), 'not-registered');
  });
});
