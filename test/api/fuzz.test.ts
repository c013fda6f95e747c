import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { after, before, describe, it } from 'mocha';
import { type House, openHouse } from './house.ts';

/** Numbers that look random and are the same in each run (xorshift32). */
function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

const odd = [
  '\0',
  '\r\n',
  '\n\n',
  '%00',
  '%ff',
  '../',
  '{',
  '"',
  '\\',
  ': ',
  ' ',
  '9'.repeat(400),
  '\u00ff',
  'HTTP/9.9',
  'é',
];

describe('API: 1,000 mutated requests', function () {
  this.timeout(120_000);
  let house: House;
  before(async () => {
    house = await openHouse();
  });
  after(() => house?.close());

  const samples = (): string[] => {
    const head = `Host: x\r\nAuthorization: Bearer ${house.tokens.admin}\r\n`;
    const json = (body: string) => `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    const site = '{"name":"Xa","kind":"commune","uplink":{"protocol":"sip","address":"sip:1@192.0.2.1"}}';
    const rule =
      '{"name":"R","pattern":{"type":"regex","value":"^(\\\\d+)$"},"destination":{"kind":"reject","sip":404}}';
    return [
      `GET /api/v1/sites?limit=5&sort=-name HTTP/1.1\r\n${head}\r\n`,
      `GET /api/v1/log?limit=5&from=2026-05-13T08:00:00Z HTTP/1.1\r\n${head}\r\n`,
      `GET /api/v1/recordings/x/file HTTP/1.1\r\n${head}Range: bytes=0-5\r\n\r\n`,
      `POST /api/v1/sites HTTP/1.1\r\n${head}${json(site)}`,
      `POST /api/v1/dial-plan/rules HTTP/1.1\r\n${head}${json(rule)}`,
      `POST /api/v1/sessions HTTP/1.1\r\n${head}Idempotency-Key: k\r\n${json('{"title":"P","participants":[]}')}`,
      `POST /api/v1/sites HTTP/1.1\r\n${head}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"nam\r\n0\r\n\r\n`,
    ];
  };

  /** Sends bytes, and waits until the server answered or closed, or half a second passed: it may wait for the rest. */
  async function send(bytes: Buffer): Promise<string> {
    const socket = connect(house.api.ports.http, '127.0.0.1');
    let answer = '';
    socket.on('error', () => {});
    socket.on('data', (data) => {
      answer += data.toString('latin1');
      socket.end();
    });
    socket.setTimeout(500, () => socket.destroy());
    socket.write(bytes);
    await once(socket, 'close');
    return answer;
  }

  it('leave it alive, answering, and sized as before', async () => {
    const random = seeded(20260513);
    const mutate = (sample: string): Buffer => {
      let bytes = Buffer.from(sample, 'latin1');
      for (let times = 1 + random(4); times > 0; times -= 1) {
        const place = random(bytes.length);
        const kind = random(4);
        if (kind === 0) bytes[place] = random(256);
        else if (kind === 1) bytes = Buffer.concat([bytes.subarray(0, place), bytes.subarray(place + 1 + random(20))]);
        else if (kind === 2) {
          bytes = Buffer.concat([
            bytes.subarray(0, place),
            Buffer.from(odd[random(odd.length)]!),
            bytes.subarray(place),
          ]);
        } else bytes = Buffer.concat([bytes.subarray(0, place), bytes.subarray(random(bytes.length))]);
        if (bytes.length === 0) bytes = Buffer.from('\r\n');
      }
      return bytes;
    };
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const heapUsed = (): number => {
      collect();
      return process.memoryUsage().heapUsed;
    };
    const all = samples();
    const round = async (count: number): Promise<string[]> => {
      const answers: string[] = [];
      for (let sent = 0; sent < count; sent += 25) {
        const batch = Array.from({ length: 25 }, () => send(mutate(all[random(all.length)]!)));
        answers.push(...(await Promise.all(batch)));
      }
      return answers;
    };
    // The first hundred fill caches that stay.
    await round(100);
    const before = heapUsed();
    const answers = await round(1_000);
    const statuses = answers.map((answer) => Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0));
    assert.ok(statuses.filter((status) => status >= 400 && status < 500).length > 300, 'faults are answered as faults');
    assert.deepEqual(
      answers.filter((answer) => /^HTTP\/1\.1 5/.test(answer)),
      [],
    );
    assert.ok(answers.filter((answer) => answer.includes('at file:') || answer.includes('node_modules')).length === 0);
    const growth = heapUsed() - before;
    assert.ok(growth < 20 * 1024 * 1024, `the heap grew by ${growth} bytes`);
    assert.equal((await house.ask('GET', '/health')).body.status, 'ok');
    assert.doesNotThrow(() => process.kill(house.storePid ?? 0, 0), 'the store lives');
  });
});
