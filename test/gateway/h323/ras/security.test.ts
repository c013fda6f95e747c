import assert from 'node:assert/strict';
import { decodeRas, type RasMessage } from '../../../../gateway/h323/h225/index.ts';
import { toAlias } from '../../../../gateway/h323/ras/alias.ts';
import { bodyOf, kindOf } from '../../../../gateway/h323/ras/message.ts';
import { procedureVersions } from '../../../../gateway/h323/ras/security/identifiers.ts';
import {
  findPasswordHash,
  passwordHashFits,
  passwordHashToken,
} from '../../../../gateway/h323/ras/security/password-hash.ts';
import {
  encodeSigned,
  findProcedureToken,
  signatureFits,
} from '../../../../gateway/h323/ras/security/procedure-one.ts';
import { ReplayGuard } from '../../../../gateway/h323/ras/security/replay-guard.ts';
import { rasOf } from './captured.ts';
import { faultsOf } from './tshark.ts';

/** Passwords of the two terminals in the captures (127.0.0.4 is `caller`, 127.0.0.5 `callee`). */
const passwordOf = (name: string): string => `secret${name}`;

describe('RAS: passwords by H.235', () => {
  it('knows the MD5 password hashes of another stack, and no other password', () => {
    const hashes = rasOf('gnugk-auth-md5').flatMap(({ bytes }) => {
      const hash = findPasswordHash(bodyOf(decodeRas(bytes))?.cryptoTokens);
      return hash === undefined ? [] : [hash];
    });
    assert.equal(hashes.length, 8);
    for (const hash of hashes) {
      const name = hash.alias['h323-ID'] ?? '';
      assert.equal(passwordHashFits(hash, passwordOf(name)), true);
      assert.equal(passwordHashFits(hash, 'secret'), false);
    }
  });

  it('makes the very token that the other stack made', () => {
    const found = rasOf('gnugk-auth-md5')
      .map(({ bytes }) => findPasswordHash(bodyOf(decodeRas(bytes))?.cryptoTokens))
      .find((hash) => hash !== undefined);
    const ours = passwordHashToken(toAlias('callee'), passwordOf('callee'), found!.timeStamp);
    assert.deepEqual(Buffer.from(ours.cryptoEPPwdHash!.token.hash.bytes), Buffer.from(found!.token.hash.bytes));
  });

  it('knows the signatures of procedure I of another stack, on requests and answers', () => {
    const signed = rasOf('gnugk-auth-h2351').flatMap(({ bytes }) => {
      const token = findProcedureToken(bodyOf(decodeRas(bytes))?.cryptoTokens);
      return token === undefined ? [] : [{ bytes, token, kind: kindOf(decodeRas(bytes)) }];
    });
    assert.equal(signed.length, 16);
    assert.ok(signed.some(({ kind }) => kind === 'admissionConfirm'));
    for (const { bytes, token } of signed) {
      const right = ['caller', 'callee'].filter((name) => signatureFits(bytes, token, passwordOf(name)));
      assert.equal(right.length, 1);
      const forged = Uint8Array.from(bytes);
      forged[2]! ^= 1;
      assert.equal(signatureFits(forged, token, passwordOf(right[0]!)), false, 'a changed message');
    }
  });

  it('signs so that tshark reads it and the other side believes it', () => {
    const message: RasMessage = { disengageConfirm: { requestSeqNum: 7 } };
    for (const oids of procedureVersions) {
      const signature = {
        password: 'mật khẩu',
        sendersId: 'diemcau',
        generalId: 'x',
        timeS: 1_800_000_000,
        random: 5,
        oids,
      };
      const bytes = encodeSigned(message, signature);
      const token = findProcedureToken(bodyOf(decodeRas(bytes))?.cryptoTokens);
      assert.deepEqual([token?.sendersId, token?.generalId, token?.random], ['diemcau', 'x', 5]);
      assert.equal(signatureFits(bytes, token!, 'mật khẩu'), true);
      assert.equal(signatureFits(bytes, token!, 'mat khau'), false);
      assert.deepEqual(faultsOf([bytes]), []);
    }
    assert.equal(bodyOf(message)?.cryptoTokens, undefined, 'the message itself stays as it was');
  });

  it('a password too long for a token proves nothing', () => {
    assert.throws(() => passwordHashToken(toAlias('a'), 'x'.repeat(128), 1), RangeError);
    const token = passwordHashToken(toAlias('a'), 'x', 1).cryptoEPPwdHash!;
    assert.equal(passwordHashFits(token, 'x'.repeat(500)), false);
  });

  const cases: [string, { timeS: number; random?: number; source?: string }[], string[]][] = [
    ['one after the other', [{ timeS: 100 }, { timeS: 101 }], ['fresh', 'fresh']],
    [
      'a number taken once',
      [
        { timeS: 100, random: 5 },
        { timeS: 100, random: 5 },
      ],
      ['fresh', 'replayed'],
    ],
    [
      'two numbers in one second',
      [
        { timeS: 100, random: 5 },
        { timeS: 100, random: 6 },
      ],
      ['fresh', 'fresh'],
    ],
    ['the same hash twice in a second', [{ timeS: 100 }, { timeS: 100 }], ['fresh', 'fresh']],
    ['a hash from elsewhere', [{ timeS: 100 }, { timeS: 100, source: '10.0.0.9' }], ['fresh', 'replayed']],
    ['a wrong clock', [{ timeS: 161 }, { timeS: 39 }, { timeS: 160 }], ['skewed', 'skewed', 'fresh']],
  ];
  for (const [name, tokens, verdicts] of cases) {
    it(`replays: ${name}`, () => {
      const guard = new ReplayGuard(60);
      const judged = tokens.map(({ random, source = '10.0.0.1', timeS }) =>
        guard.judge('device', { timeS, random, source }, 100),
      );
      assert.deepEqual(judged, verdicts);
    });
  }

  it('keeps a bounded memory of what it saw, and forgets nothing that it would take again', () => {
    const guard = new ReplayGuard(600);
    for (let second = 0; second < 300; second++) {
      for (let random = 0; random < 20; random++) {
        assert.equal(guard.judge('device', { timeS: second, random, source: 'a' }, second), 'fresh');
      }
    }
    for (let second = 0; second < 300; second++) {
      assert.equal(guard.judge('device', { timeS: second, random: 3, source: 'a' }, 300), 'replayed');
    }
  });
});
