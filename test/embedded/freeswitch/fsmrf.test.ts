import assert from 'node:assert/strict';
import { type EventEmitter, once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Fsmrf from 'drachtio-fsmrf';
import Srf from 'drachtio-srf';
import { Caller, toneLevel } from './caller.ts';
import { type Engine, secret, startMedia, startSip } from './engine.ts';

// The library ships no types: what the story uses of it.
interface Endpoint extends EventEmitter {
  uuid: string;
  execute(application: string, argument: string): Promise<unknown>;
  api(command: string, argument?: string): Promise<{ getBody(): string }>;
  local: { sdp: string };
  set(values: Record<string, string>): Promise<unknown>;
  play(file: string): Promise<unknown>;
  playCollect(
    options: Record<string, unknown>,
  ): Promise<{ digits: string | null | undefined; terminatorUsed: string | null | undefined }>;
  join(room: Room): Promise<{ memberId: number; confUuid: string }>;
  modify(sdp: string): Promise<string>;
  confMute(): Promise<string>;
  confUnmute(): Promise<string>;
  confDeaf(): Promise<string>;
  confUndeaf(): Promise<string>;
  unjoin(): Promise<string>;
  getChannelVariables(includeMedia: boolean): Promise<Record<string, string>>;
  destroy(): Promise<unknown>;
}
interface Room extends EventEmitter {
  uuid: string;
  getSize(): Promise<number>;
  list(): Promise<{ getBody(): string }>;
  chkRecord(): Promise<{ getBody(): string }>;
  lock(): Promise<string>;
  unlock(): Promise<string>;
  play(file: string): Promise<unknown>;
  startRecording(path: string): Promise<string>;
  pauseRecording(path: string): Promise<string>;
  resumeRecording(path: string): Promise<string>;
  stopRecording(path: string): Promise<string>;
  destroy(): Promise<unknown>;
}
interface MediaServer {
  sip: { ipv4: { udp: { address: string } } };
  connectCaller(request: unknown, response: unknown): Promise<{ endpoint: Endpoint; dialog: Srf.Dialog }>;
  createEndpoint(): Promise<Endpoint>;
  createConference(name: string, options: Record<string, unknown>): Promise<Room>;
  api(command: string): Promise<string>;
  disconnect(): void;
}
const Mrf = Fsmrf as unknown as new (
  srf: Srf,
) => {
  connect(options: Record<string, unknown>): Promise<MediaServer>;
};

describe('media engine: unmodified drachtio-srf and drachtio-fsmrf through both engines', function () {
  this.timeout(30_000);
  const folder = mkdtempSync(join(tmpdir(), 'fsmrf-'));
  let media: Engine;
  let sip: Engine;
  let srf: Srf;
  let server: MediaServer;
  let caller: Caller;
  /** What becomes of the next caller. */
  let connected: Promise<{ endpoint: Endpoint; dialog: Srf.Dialog }>;
  const expectCaller = (): void => {
    connected = new Promise((resolve, reject) => {
      answer = (req, res) => void server.connectCaller(req, res).then(resolve, reject);
    });
  };
  let answer: (req: unknown, res: unknown) => void;

  before(async () => {
    [media, sip] = await Promise.all([startMedia({ RECORDINGS_DIR: folder }), startSip()]);
    srf = new Srf();
    srf.connect({ host: '127.0.0.1', port: sip.ports.control!, secret });
    await once(srf, 'connect');
    server = await new Mrf(srf).connect({
      address: '127.0.0.1',
      port: media.ports.esl!,
      secret,
      listenAddress: '127.0.0.1',
    });
    caller = await Caller.open(sip.ports.sip!);
    srf.invite((req, res) => answer(req, res));
  });
  after(async () => {
    caller.close();
    server.disconnect();
    srf.disconnect();
    await Promise.all([media.stop(), sip.stop()]);
    rmSync(folder, { recursive: true });
  });

  it('plays the story of a caller, a second endpoint and a room, step by step', async () => {
    assert.equal(server.sip.ipv4.udp.address, `127.0.0.1:${media.ports.sip}`);
    expectCaller();
    assert.equal((await caller.invite()).status, 200);
    caller.talk(440);
    const { endpoint, dialog } = await connected;
    assert.match(endpoint.local.sdp, /^v=0\r\no=FreeSWITCH /);
    const heardEvents: string[] = [];
    for (const name of ['playback-start', 'playback-stop'] as const)
      endpoint.on(name, (event: { file: string }) => heardEvents.push(`${name} ${event.file}`));
    await endpoint.set({ hangup_after_bridge: 'false', park_after_bridge: 'true' });
    const played = await endpoint.play('tone_stream://%(500,0,440)');
    assert.deepEqual(played, {
      playbackSeconds: '0',
      playbackMilliseconds: '500',
      playbackLastOffsetPos: '4000',
    });
    assert.deepEqual(heardEvents, [
      'playback-start tone_stream://%(500,0,440)',
      'playback-stop tone_stream://%(500,0,440)',
    ]);
    await assert.rejects(endpoint.play('/nowhere.wav'), /File Not Found/);
    const none = await endpoint.playCollect({ file: 'tone_stream://%(200,0,350)', timeout: 300, max: 4 });
    assert.equal(none.digits ?? null, null);
    // The story's set-up has two digits keyed while the prompt plays: it stops at the first.
    const keyed = endpoint.playCollect({ file: 'tone_stream://%(4000,0,350)', timeout: 3_000, max: 4 });
    await once(endpoint, 'playback-start');
    for (const event of [1, 2, 11]) await caller.press(event);
    const collected = await keyed;
    assert.equal(collected.digits, '12');
    assert.equal(collected.terminatorUsed, '#');
    const leg = join(folder, 'leg.wav');
    await endpoint.execute('record_session', leg);

    const room = await server.createConference('t1', { maxMembers: 10 });
    const told: string[] = [];
    for (const name of [
      'addMember',
      'delMember',
      'muteMember',
      'unmuteMember',
      'startRecording',
      'stopRecording',
      'playFileDone',
      'kickMember',
      'lock',
      'unlock',
    ])
      room.on(name, () => told.push(name));
    const joined = await endpoint.join(room);
    assert.equal(joined.confUuid, room.uuid);
    const second = await server.createEndpoint();
    const offered = second.local.sdp;
    assert.match(offered, /m=audio \d+ RTP\/AVP/);
    const listener = await Caller.open(0);
    const sdp = await second.modify(listener.sdp());
    listener.remotePort = Number(/m=audio (\d+)/.exec(String(sdp))?.[1]);
    await second.join(room);
    assert.equal(await room.getSize(), 3);
    const member = joined.memberId;
    const list = (await room.list()).getBody().trim().split('\n');
    assert.deepEqual(
      list.map((line) => line.replace(/[^;]*@[^;]*/, 'name').split(';').length),
      [9, 9, 9],
    );
    assert.match(list[1] ?? '', new RegExp(`^${member};.*;${endpoint.uuid};unknown;;hear\\|speak`));
    const [described] = JSON.parse(await server.api('conference t1 json_list'));
    assert.equal(described.member_count, 3);
    assert.equal(described.max_members, 10);
    assert.deepEqual(
      described.members.map((one: { id: number }) => one.id),
      [member + 1, member, member - 1],
    );
    assert.equal(await endpoint.confMute(), `+OK mute ${member}\n`);
    assert.equal(await endpoint.confUnmute(), `+OK unmute ${member}\n`);
    assert.equal(await endpoint.confDeaf(), `+OK deaf ${member}\n`);
    assert.equal(await endpoint.confUndeaf(), `+OK undeaf ${member}\n`);
    assert.equal(await room.lock(), '+OK t1 locked\n');
    assert.equal(await room.unlock(), '+OK t1 unlocked\n');
    const path = join(folder, 'conf-t1.wav');
    assert.equal(await room.startRecording(path), `+OK Record file ${path}\n`);
    assert.deepEqual(await room.play('tone_stream://%(600,0,500)'), { seconds: 0, milliseconds: 600, samples: 9_600 });
    assert.equal((await room.chkRecord()).getBody(), `+OK Record file ${path}\n`);
    assert.equal(await room.pauseRecording(path), `+OK Pause recording file ${path}\n`);
    assert.equal(await room.resumeRecording(path), `+OK Resume recording file ${path}\n`);
    assert.equal(await room.stopRecording(path), `Stopped recording file ${path}\n+OK Stopped recording 0 files\n`);
    assert.ok(existsSync(path));
    assert.equal(await server.api('conference nosuch list'), '-ERR Conference nosuch not found\n');
    assert.equal(await server.api('nosuchcommand x'), '-ERR nosuchcommand Command not found!\n');
    assert.equal(await server.api(`conference t1 volume_in ${member} 2`), `+OK Volume IN ${member} = 2\n`);
    assert.equal(await server.api(`conference t1 energy ${member} 300`), `Energy ${member} = 300\n`);
    const variables = await endpoint.getChannelVariables(true);
    assert.ok(Number(variables.variable_rtp_audio_in_packet_count) > 0, JSON.stringify(variables));
    assert.match(String(await second.unjoin()), /^\+OK kicked \d+\n$/);
    await second.destroy();
    assert.match(String(await endpoint.unjoin()), /^\+OK kicked \d+\n$/);
    await endpoint.execute('stop_record_session', leg);
    const sound = readFileSync(leg);
    assert.equal(sound.readUInt32LE(40), sound.length - 44);
    const second440 = Array.from({ length: 8_000 }, (_, at) => sound.readInt16LE(44 + 2 * at));
    assert.ok(toneLevel(second440, 440) > 4_500, 'the recording of the leg lacks its tone');
    const bye = once(caller, 'message');
    dialog.destroy();
    assert.match(String((await bye)[0]), /^BYE /);
    await endpoint.destroy();
    await room.destroy();
    listener.close();
    assert.equal(told.filter((name) => name === 'addMember').length, 2, String(told));
    for (const name of [
      'muteMember',
      'unmuteMember',
      'lock',
      'unlock',
      'startRecording',
      'stopRecording',
      'playFileDone',
      'kickMember',
      'delMember',
    ])
      assert.ok(told.includes(name), `${name} was not told: ${told}`);
  });

  it('hears digits in the sound of a caller who knows no telephone events', async () => {
    const plain = await Caller.open(sip.ports.sip!);
    expectCaller();
    assert.equal((await plain.invite(plain.sdp([`m=audio ${plain.rtp.address().port} RTP/AVP 8`]))).status, 200);
    const { endpoint, dialog } = await connected;
    const heard: string[] = [];
    endpoint.on('dtmf', ({ dtmf, source }: { dtmf: string; source: string }) => heard.push(`${dtmf} ${source}`));
    // When this is answered, the engine knows what the library listens for.
    await endpoint.set({ listening: 'true' });
    for (const [low, high] of [
      [770, 1_336],
      [941, 1_477],
    ] as const) {
      plain.talk(low, high);
      await plain.listen(120);
      plain.quiet();
      plain.talk(0);
      await plain.listen(120);
      plain.quiet();
    }
    plain.talk(0);
    await plain.listen(200);
    assert.deepEqual(heard, ['5 INBAND_AUDIO', '# INBAND_AUDIO']);
    dialog.destroy();
    await endpoint.destroy();
    plain.close();
  });
});
