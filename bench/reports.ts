import { cpus } from 'node:os';
import { searchWords } from '../platform/search.ts';
import { chainAfter, genesis } from '../store/chain.ts';
import { keepDays } from '../store/reports/days.ts';
import { openHouse } from '../test/api/house.ts';

/*
 * Reports and pages of a store that was used for years, asked through the API: 10,000 sessions, 50,000 legs, 10,000
 * cases, 1,000,000 log entries. `npm run bench -- reports [log entries] [sessions]`.
 */

const entries = Number(process.argv[2] ?? 1_000_000);
const sessionCount = Number(process.argv[3] ?? 10_000);
const rounds = 100;
const years = 5;
const end = Math.min(Date.now(), Date.UTC(2026, 11, 31));
const start = end - years * 365 * 86_400_000;

const house = await openHouse();
const { db } = house.store.connection;
if (db === undefined) throw new Error('the store is not connected');

const at = (share: number): Date => new Date(start + Math.floor((end - start) * share));
const batches = async (collection: string, count: number, make: (n: number) => object): Promise<void> => {
  for (let done = 0; done < count; done += 5_000) {
    const batch = Array.from({ length: Math.min(5_000, count - done) }, (_, n) => make(done + n));
    await db.collection(collection).insertMany(batch as never[]);
  }
};
const kinds = ['remote', 'crowd', 'several-agencies', 'on-request', 'chair-decides'];
const authorities = ['commune', 'province', 'central'];
const names = ['Nguyễn Thị Bưởi', 'Trần Văn An', 'Lê Thị Ước', 'Đỗ Mười', 'Phạm Văn Khoai', 'Hoàng Thị Na'];
const filling = performance.now();
await batches('sites', 20, (n) => ({
  _id: `site${n}`,
  name: `Điểm cầu ${n}`,
  kind: n === 0 ? 'province' : n === 1 ? 'central' : 'commune',
  createdAt: at(0),
  updatedAt: at(0),
}));
await batches('sessions', sessionCount, (n) => {
  const began = at(n / sessionCount);
  const title = `Phiên tiếp công dân ${n}`;
  return {
    _id: `session${n}`,
    title,
    room: String(1000 + (n % 9000)),
    state: 'ended',
    plannedStart: began,
    startedAt: began,
    endedAt: new Date(began.getTime() + 3_600_000 + (n % 60) * 60_000),
    participants: [],
    siteIds: [`site${n % 20}`],
    words: searchWords(title),
    createdAt: began,
    updatedAt: began,
  };
});
await batches('legs', sessionCount * 5, (n) => {
  const joined = at(n / (sessionCount * 5));
  return {
    _id: `leg${n}`,
    sessionId: `session${Math.floor(n / 5)}`,
    protocol: n % 3 === 0 ? 'h323' : 'sip',
    direction: 'out',
    name: 'Codec',
    number: '101',
    siteId: `site${n % 20}`,
    state: 'ended',
    joinedAt: joined,
    endedAt: joined,
    quality: { readings: 100, score: 3.2 + (n % 13) / 10, worst: 3, lossPercent: (n % 7) / 10, jitterMs: 3 },
    createdAt: joined,
    updatedAt: joined,
  };
});
await batches('cases', sessionCount, (n) => {
  const registered = at(n / sessionCount);
  const name = `${names[n % names.length]} ${n}`;
  const title = `Đề nghị xem xét ranh giới thửa đất số ${n}`;
  return {
    _id: `case${n}`,
    code: `${registered.getUTCFullYear()}-${String(n % 100_000).padStart(5, '0')}`,
    title,
    kind: kinds[n % 5],
    authority: authorities[n % 3],
    state: 'closed',
    citizens: [{ name, birthYear: 1950 + (n % 50) }],
    registeredAt: registered,
    words: searchWords(title, name),
    createdAt: registered,
    updatedAt: registered,
  };
});
const events = ['leg.joined', 'leg.ended', 'leg.failed', 'api.change', 'uplink.redial', 'session.opened', 'leg.silent'];
// What the house itself wrote is of now: the time of a log never runs backwards.
await house.log.flush();
for (const name of ['sessionLog', 'logWords']) await db.collection(name).deleteMany({});
let head = { seq: 0, hash: genesis };
await batches('sessionLog', entries, (n) => {
  const entry = chainAfter(head, {
    time: at(n / entries),
    event: events[n % 50 === 0 ? n % 7 : n % 2] ?? 'leg.joined',
    actor: { kind: 'system' },
    sessionId: `session${Math.floor((n / entries) * sessionCount)}`,
    // Each 997th tells of a person whom no other entry names.
    detail: {
      name: n % 997 === 0 ? `Người ${n}` : (names[n % names.length] ?? ''),
      text: n % 2 === 0 ? 'đường truyền' : 'hình ảnh',
    },
  });
  head = { seq: entry.seq, hash: entry.hash };
  const { seq, ...rest } = entry;
  return { _id: seq, ...rest };
});
const fillSeconds = Math.round((performance.now() - filling) / 1000);
const indexing = performance.now();
await house.logWords.catchUp();
const indexSeconds = Math.round((performance.now() - indexing) / 1000);
const summing = performance.now();
await keepDays(house, { signal: new AbortController().signal, touch: async () => {} });
const sumSeconds = Math.round((performance.now() - summing) / 1000);

const random = (limit: number): number => Math.floor(Math.random() * limit);
const month = () => `${2022 + random(5)}-${String(1 + random(12)).padStart(2, '0')}`;
const asked: Record<string, { path: () => string; times: number }> = {
  logPage: { path: () => `/log?limit=50&beforeSeq=${1 + random(entries)}`, times: rounds },
  sessionLogPage: { path: () => `/sessions/session${random(sessionCount)}/log?limit=50`, times: rounds },
  logOfADay: {
    path: () => {
      const from = at(Math.random());
      const to = new Date(from.getTime() + 86_400_000);
      return `/log?limit=50&from=${from.toISOString()}&to=${to.toISOString()}`;
    },
    times: rounds,
  },
  logByRareWord: { path: () => `/log?limit=50&q=nguoi%20${997 * random(Math.floor(entries / 997))}`, times: rounds },
  logByCommonWords: { path: () => `/log?limit=50&q=${encodeURIComponent('bưởi đường truyền')}`, times: rounds },
  logByWordsNeverTogether: { path: () => '/log?limit=50&q=duong%20hinh', times: rounds },
  logOfASessionByWords: {
    path: () => `/sessions/session${random(sessionCount)}/log?limit=50&q=hinh%20anh`,
    times: rounds,
  },
  sessionsPage: { path: () => `/sessions?sort=-plannedStart&limit=50&offset=${random(10) * 50}`, times: rounds },
  sessionsByWords: { path: () => `/sessions?q=phien%20${random(sessionCount)}`, times: rounds },
  casesByWords: { path: () => `/cases?q=${encodeURIComponent(`buoi ${random(sessionCount)}`)}`, times: rounds },
  casesPage: { path: () => `/cases?limit=50&offset=${random(10) * 50}`, times: rounds },
  reportOfAMonth: { path: () => `/reports?of=${month()}`, times: 20 },
  reportOfAYear: { path: () => `/reports?of=${2022 + random(5)}`, times: 5 },
  trendOfSixMonths: { path: () => `/reports/trend?of=${month()}`, times: 10 },
};
const percentile = (sorted: readonly number[], share: number): number =>
  Math.round((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0) * 10) / 10;
const figures: Record<string, { p50: number; p99: number }> = {};
for (const [name, { path, times }] of Object.entries(asked)) {
  const taken: number[] = [];
  // The first shows the way to caches and compiled code.
  await house.ask('GET', path());
  for (let n = 0; n < times; n += 1) {
    const began = performance.now();
    const answer = await house.ask('GET', path());
    taken.push(performance.now() - began);
    if (answer.status !== 200) throw new Error(`${name}: ${answer.status} ${answer.text}`);
  }
  taken.sort((a, b) => a - b);
  figures[name] = { p50: percentile(taken, 0.5), p99: percentile(taken, 0.99) };
  console.log(name, JSON.stringify(figures[name]));
}
await house.close();
console.log(
  JSON.stringify({
    name: 'reports',
    value: figures.reportOfAMonth?.p99,
    unit: 'ms',
    what: `p99 of the report of a month through the API, ${sessionCount} sessions and ${entries} log entries stored`,
    figures,
    fillSeconds,
    indexSeconds,
    sumSeconds,
    machine: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}`,
    node: process.version,
  }),
);
