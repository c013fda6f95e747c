import { randomIds } from '../../platform/ids.ts';
import type { LegRecord } from '../../store/schema/session.ts';
import type { House } from '../api/house.ts';

/** Where everything is that the pages of a test show. */
export interface Furnished {
  session: string;
  planned: string;
  ended: string;
  case: string;
  recording: string;
  leg: LegRecord;
  /** A device with its model and MAC address. */
  phone: string;
}

const idOf = async (
  answer: Promise<{ status: number; text: string; body: Record<string, unknown> }>,
): Promise<string> => {
  const { body, status, text } = await answer;
  if (status >= 300) throw new Error(text);
  return String(body.id);
};

/** Fills a house so that no page is empty: sites, devices, lines, cases, sessions, legs, a recording. */
export async function furnish(house: House): Promise<Furnished> {
  const make = (path: string, body: object = {}) => idOf(house.ask('POST', path, body));
  const commune = await make('/sites', { name: 'Phòng Tiếp công dân xã', kind: 'commune' });
  const province = await make('/sites', {
    name: 'Trụ sở Tiếp công dân tỉnh',
    kind: 'province',
    uplink: { protocol: 'h323', address: '10.9.8.7', menuCode: ',,4321#' },
  });
  const device = { kind: 'sip', siteId: commune, secret: 'mat-khau-thiet-bi' };
  const codec = await make('/endpoints', { ...device, name: 'Codec phòng tiếp dân', number: '101', username: 'codec' });
  await make('/endpoints', { name: 'Codec hội trường', kind: 'h323-address', address: '10.1.2.3', siteId: commune });
  const phone = await make('/endpoints', {
    ...device,
    name: 'Máy bàn trực',
    number: '102',
    username: 'ban-truc',
    device: { model: 'SIP-T46S', mac: '001565aabbcc' },
  });
  await make('/trunks', { name: 'Nhà mạng', host: 'sip.example.vn', addresses: ['203.0.113.7'] });
  await make('/dial-plan/rules', {
    name: 'Gọi lên tỉnh',
    pattern: { type: 'exact', value: '900' },
    destination: { kind: 'uplink', siteId: province },
  });
  const citizens = [{ name: 'Nguyễn Thị Lan', birthYear: 1952, phone: '0912345678', address: 'Thôn Già Khê' }];
  const asked = {
    title: 'Khiếu nại về đền bù đất',
    kind: 'remote',
    authority: 'commune',
    citizens,
    summary: 'Tóm tắt.',
  };
  const caseId = await make('/cases', asked);
  await make('/cases', { ...asked, title: 'Phản ánh về bãi rác', kind: 'crowd' });
  await house.ask('POST', `/cases/${caseId}/steps`, { step: 'propose' });
  const decided = { step: 'accept', decidedBy: 'Chủ tịch UBND xã', reason: 'Đủ điều kiện' };
  await house.ask('POST', `/cases/${caseId}/steps`, decided);
  const now = Date.now();
  const session = await make('/sessions', {
    title: 'Tiếp công dân trực tuyến',
    room: '5001',
    pin: '2468',
    plannedStart: new Date(now - 60_000).toISOString(),
    caseIds: [caseId],
    chair: { name: 'Hoàng Văn Minh', position: 'Chủ tịch UBND xã' },
    participants: [
      { kind: 'endpoint', endpointId: codec },
      { kind: 'uplink', siteId: province },
    ],
    runningOrder: [{ title: 'Khai mạc', minutes: 5 }],
  });
  const planned = await make('/sessions', {
    title: 'Phiên ngày mai',
    room: '5002',
    plannedStart: new Date(now + 86_400_000).toISOString(),
  });
  const ended = await make('/sessions', { title: 'Phiên tuần trước', room: '5003' });
  for (const id of [session, ended]) await house.ask('POST', `/sessions/${id}/start`, {});
  const leg = await join(house, session, {
    name: 'Codec phòng tiếp dân',
    number: '101',
    siteId: commune,
    codec: 'G722',
  });
  await join(house, ended, { name: 'Codec phòng tiếp dân', number: '101', siteId: commune, state: 'ended' });
  await house.ask('POST', `/sessions/${ended}/end`, {});
  await house.store.incidents.insert({
    id: randomIds(),
    code: 'uplink.lost',
    sessionId: ended,
    values: { name: 'Trụ sở Tiếp công dân tỉnh', text: 'hết giờ chờ' },
    count: 3,
    lastAt: new Date(now),
  });
  const startedAt = new Date(now - 3_600_000);
  const recording = await house.store.recordings.insert({
    id: randomIds(),
    sessionId: ended,
    kind: 'room',
    path: 'none.wav',
    format: 'wav',
    state: 'closed',
    bytes: 96_044,
    durationMs: 3_600_000,
    parts: [],
    attempts: 0,
    startedAt,
    endedAt: new Date(now),
  });
  return { session, planned, ended, case: caseId, recording: recording.id, leg, phone };
}

/** Somebody comes into a session. */
export async function join(house: House, sessionId: string, who: Partial<LegRecord>): Promise<LegRecord> {
  const leg = await house.store.legs.insert({
    id: randomIds(),
    sessionId,
    protocol: 'sip',
    direction: 'in',
    name: '',
    number: '',
    state: 'joined',
    muted: false,
    floor: false,
    alarms: [],
    joinedAt: new Date(),
    ...who,
  });
  house.gateway.emit('leg', leg);
  return leg;
}
