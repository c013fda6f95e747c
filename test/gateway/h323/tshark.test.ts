import assert from 'node:assert/strict';
import {
  decodeRas,
  decodeSignalling,
  encodeRas,
  encodeSignalling,
  tunnelH245,
  tunnelledH245,
} from '../../../gateway/h323/h225/index.ts';
import { decodeH245, encodeH245 } from '../../../gateway/h323/h245/index.ts';
import { controls } from './messages/h245.ts';
import type { Sample } from './messages/parts.ts';
import { rasMessages } from './messages/ras.ts';
import { signallings } from './messages/signalling.ts';
import { readByTshark, type Sent } from './tshark.ts';

/** A FACILITY that carries one H.245 message, as tunnelled H.245 goes once the call is up. */
const tunnelled = controls.map(
  (sample): Sample<Sent> => ({
    ...sample,
    message: {
      signalling: {
        type: 'facility',
        callReference: 321,
        fromDestination: false,
        elements: {},
        userInformation: {
          'h323-uu-pdu': {
            'h323-message-body': { empty: null },
            h245Tunneling: true,
            h245Control: tunnelH245([sample.message]),
          },
        },
      },
    },
  }),
);

const samples: Sample<Sent>[] = [
  ...rasMessages.map((sample) => ({ ...sample, message: { ras: sample.message } })),
  ...signallings.map((sample) => ({ ...sample, message: { signalling: sample.message } })),
  ...tunnelled,
];

describe('our messages', function () {
  this.timeout(60_000);

  for (const { name, message } of rasMessages) {
    it(`${name} means the same once read`, () => assert.deepEqual(decodeRas(encodeRas(message)), message));
  }
  for (const { name, message } of controls) {
    it(`${name} means the same once read`, () => assert.deepEqual(decodeH245(encodeH245(message)), message));
  }
  for (const { name, message } of signallings) {
    it(`${name} means the same once read`, () => {
      const read = decodeSignalling(encodeSignalling(message));
      assert.deepEqual(read, message);
      if (read.userInformation !== undefined) tunnelledH245(read.userInformation);
    });
  }

  describe('as tshark reads them', () => {
    const asked = [...new Set(samples.flatMap(({ expect }) => Object.keys(expect)))];
    let read: ReturnType<typeof readByTshark>;
    before(() => {
      read = readByTshark(
        samples.map(({ message }) => message),
        asked,
      );
    });

    it('none is malformed or gives cause to complain', () => assert.deepEqual(read.faults, []));
    samples.forEach(({ name, expect }, place) => {
      it(`${name}: the fields are what we meant`, () => {
        const fields = read.fields[place];
        assert.deepEqual(Object.fromEntries(Object.keys(expect).map((field) => [field, fields?.get(field)])), expect);
      });
    });
  });
});
