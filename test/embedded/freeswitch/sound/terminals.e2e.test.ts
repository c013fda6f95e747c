import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Fsmrf from 'drachtio-fsmrf';
import Srf from 'drachtio-srf';
import { closedProfile, openedProfile } from '../../../../freeswitch/media/secure-offer.ts';
import { Baresip, type BaresipOptions } from '../../../peers/baresip.ts';
import { loudness, tonesIn, writeTone } from '../../../peers/tones.ts';
import { type Engine, secret, startMedia, startSip } from '../engine.ts';
import { EslClient } from '../esl-client.ts';

// The library ships no types: what is used of it.
interface Endpoint {
  uuid: string;
  local: { sdp: string };
  modify(sdp: string): Promise<string>;
  execute(application: string, argument: string): Promise<unknown>;
  getChannelVariables(media: boolean): Promise<Record<string, string>>;
  destroy(): Promise<unknown>;
}
interface MediaServer {
  createEndpoint(options?: Record<string, unknown>): Promise<Endpoint>;
  disconnect(): void;
}
const Mrf = Fsmrf as unknown as new (srf: Srf) => { connect(options: Record<string, unknown>): Promise<MediaServer> };

const tones = [500, 740, 1_130];

describe('media engine: sound of real terminals', function () {
  this.timeout(40_000);
  const folder = mkdtempSync(join(tmpdir(), 'sound-'));
  let media: Engine;
  let sip: Engine;
  let srf: Srf;
  let server: MediaServer;
  let esl: EslClient;
  let terminals: Baresip[] = [];
  let endpoints: Endpoint[] = [];
  let dialogs: Srf.Dialog[] = [];
  /** What becomes of an offer on its way to the engine. */
  let change = (sdp: string): string => sdp;
  let room = 0;

  before(async () => {
    [media, sip] = await Promise.all([startMedia(), startSip()]);
    srf = new Srf();
    srf.connect({ host: '127.0.0.1', port: sip.ports.control!, secret });
    await once(srf, 'connect');
    server = await new Mrf(srf).connect({
      address: '127.0.0.1',
      port: media.ports.esl!,
      secret,
      listenAddress: '127.0.0.1',
    });
    esl = await EslClient.open(media.ports.esl!, secret);
    await esl.command('event json CUSTOM rtp::unauthentic rtp::quality');
    srf.invite(async (request, response) => {
      try {
        // The library takes RTP/SAVP for DTLS: the media client sends such offers so.
        const offer = change(request.body);
        const endpoint = await server.createEndpoint({ remoteSdp: openedProfile(offer) });
        const localSdp = closedProfile(endpoint.local.sdp, offer);
        const dialog = await srf.createUAS(request, response, { localSdp });
        await enter(endpoint, dialog);
      } catch {
        response.send(488);
      }
    });
  });
  afterEach(async () => {
    change = (sdp) => sdp;
    room++;
    for (const dialog of dialogs) await dialog.destroy();
    await Promise.all(terminals.map((terminal) => terminal.stop()));
    for (const endpoint of endpoints) await endpoint.destroy();
    terminals = [];
    endpoints = [];
    dialogs = [];
  });
  after(async () => {
    esl.close();
    server.disconnect();
    srf.disconnect();
    await Promise.all([media.stop(), sip.stop()]);
    rmSync(folder, { recursive: true });
  });

  async function enter(endpoint: Endpoint, dialog: Srf.Dialog): Promise<void> {
    endpoints.push(endpoint);
    dialogs.push(dialog);
    void endpoint.execute('conference', `sound${room}@default`);
  }

  async function terminal(options: Partial<BaresipOptions>): Promise<Baresip> {
    const place = terminals.length;
    const plays = join(folder, `tone${place}.wav`);
    writeTone(plays, tones[place]!, 60);
    const made = await Baresip.start({ name: `t${place}`, plays, ...options });
    terminals.push(made);
    return made;
  }

  /** It calls the engine. */
  async function calls(options: Partial<BaresipOptions>): Promise<Baresip> {
    const made = await terminal(options);
    await made.dial(`sip:room@127.0.0.1:${sip.ports.sip}`);
    await made.event('CALL_ESTABLISHED');
    return made;
  }

  /** The engine's own offer calls it. */
  async function isCalled(options: Partial<BaresipOptions>, offer: Record<string, unknown>): Promise<Baresip> {
    const made = await terminal(options);
    const endpoint = await server.createEndpoint(offer);
    const dialog = await srf.createUAC(`sip:${made.name}@${made.host}`, { localSdp: endpoint.local.sdp });
    await endpoint.modify(dialog.remote.sdp);
    await enter(endpoint, dialog);
    await made.event('CALL_ESTABLISHED');
    return made;
  }

  async function eachHearsTheOthers(): Promise<void> {
    const heard = await Promise.all(
      terminals.map(async (one) => {
        await one.listen(1);
        return one.listen(1);
      }),
    );
    const known = tones.slice(0, terminals.length);
    heard.forEach((sound, place) => {
      const others = known.filter((_, other) => other !== place);
      assert.deepEqual(tonesIn(sound, known), others, `${terminals[place]!.name} hears`);
    });
  }

  async function variables(place: number): Promise<Record<string, string>> {
    return endpoints[place]!.getChannelVariables(true);
  }

  it('G.711, G.722 and Opus hear each other in one room', async () => {
    await calls({ audioCodecs: 'PCMA/8000/1' });
    await calls({ audioCodecs: 'G722/16000/1' });
    await calls({ audioCodecs: 'opus/48000/2' });
    await eachHearsTheOthers();
    const codecs = await Promise.all([0, 1, 2].map(async (at) => (await variables(at)).variable_rtp_use_codec_name));
    assert.deepEqual(codecs, ['PCMA', 'G722', 'opus']);
  });

  it('takes what a called terminal chooses of its own offer', async () => {
    await isCalled({ audioCodecs: 'G722/16000/1' }, {});
    await isCalled({ audioCodecs: 'opus/48000/2' }, {});
    await isCalled({ audioCodecs: 'PCMU/8000/1' }, {});
    await eachHearsTheOthers();
  });

  it('SRTP: obligatory by the terminal, taken where it is offered, beside one in clear', async () => {
    const srtp = { modules: ['srtp.so'] };
    await calls({ ...srtp, account: 'mediaenc=srtp-mand' });
    await calls({ ...srtp, account: 'mediaenc=srtp' });
    await calls({});
    await eachHearsTheOthers();
    const confirmed = await Promise.all(
      [0, 1, 2].map(async (at) => (await variables(at)).variable_rtp_secure_media_confirmed),
    );
    assert.deepEqual(confirmed, ['true', 'true', undefined]);
  });

  it('SRTP: obligatory by our offer, preferred by our offer, refused by a terminal that cannot', async () => {
    const srtp = { modules: ['srtp.so'], account: 'mediaenc=srtp' };
    await isCalled({ modules: ['srtp.so'], account: 'mediaenc=srtp-mand' }, { headers: { 'X-Secure-RTP': 'true' } });
    await isCalled(srtp, { headers: { 'X-Secure-RTP': 'preferred' } });
    await isCalled({}, { headers: { 'X-Secure-RTP': 'preferred' } });
    await eachHearsTheOthers();
    assert.match(endpoints[0]!.local.sdp, /m=audio \d+ RTP\/SAVP /);
    assert.equal((await variables(0)).variable_rtp_secure_media_confirmed, 'true');
    assert.equal((await variables(1)).variable_rtp_secure_media_confirmed, 'true');
    assert.equal((await variables(2)).variable_rtp_secure_media_confirmed, undefined);
  });

  it('wrong keys are silence and an incident', async () => {
    change = (sdp) =>
      sdp.replace(/inline:[A-Za-z0-9+/=]+/g, (key) =>
        key
          .split('')
          .reverse()
          .join('')
          .replace(/^(.*):enilni$/, 'inline:$1'),
      );
    await calls({ modules: ['srtp.so'], account: 'mediaenc=srtp-mand' });
    change = (sdp) => sdp;
    const other = await calls({});
    const { uuid } = endpoints[0]!;
    await esl.until((event) => event['Event-Subclass'] === 'rtp::unauthentic' && event['Unique-ID'] === uuid);
    await other.listen(1);
    const sound = await other.listen(1);
    assert.deepEqual(tonesIn(sound, [tones[0]!]), []);
    assert.ok(loudness(sound) < 0.002, String(loudness(sound)));
    const { variable_rtp_audio_in_unauthentic_count: count } = await variables(0);
    assert.ok(Number(count) >= 50, count);
    const told = await variables(0);
    assert.equal(
      Number(told.variable_rtp_audio_in_packet_count),
      0,
      JSON.stringify(Object.entries(told).filter(([name]) => /rtp_audio/.test(name))),
    );
  });

  it('tells every few seconds how a leg sounds', async () => {
    await calls({});
    const { uuid } = endpoints[0]!;
    const told = await esl.until((event) => event['Event-Subclass'] === 'rtp::quality' && event['Unique-ID'] === uuid);
    assert.ok(Number(told.variable_rtp_audio_in_mos) > 3, told.variable_rtp_audio_in_mos);
    assert.equal(Number(told.variable_rtp_audio_in_loss_percent), 0);
    assert.ok(Number(told.variable_rtp_audio_in_recent_packet_count) > 0);
  });
});
