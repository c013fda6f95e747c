import { recordingPath } from '../channel/applications.ts';
import type { Conference } from '../mixer/conference.ts';
import type { Member } from '../mixer/member.ts';
import { openSource } from '../sound/source.ts';
import type { Switch } from '../switch.ts';
import { pictureVerbs } from '../video/commands.ts';

/* `api conference NAME …`, answered in mod_conference's words. */

export function conferenceCommand(argument: string, engine: Switch): string {
  const [name = '', verb = '', ...rest] = argument.split(/\s+/);
  if (name === 'list' || name === 'json_list' || (name === '' && verb === '')) return listAll(name, engine);
  const conference = engine.conferences.get(name);
  if (conference === undefined) return `-ERR Conference ${name.slice(0, 200)} not found\n`;
  if (verb === '') return '-ERR No conference command given\n';
  const act = Object.hasOwn(verbs, verb.toLowerCase()) ? verbs[verb.toLowerCase()] : undefined;
  return act === undefined
    ? `-ERR Conference command '${verb.slice(0, 100)}' not found.\n`
    : act(conference, rest, engine);
}

type Verb = (conference: Conference, rest: string[], engine: Switch) => string;

function listAll(form: string, engine: Switch): string {
  const all = [...engine.conferences.values()];
  if (form === 'json_list') return `${JSON.stringify(all.map(described))}\n`;
  if (all.length === 0) return 'No active conferences.\n';
  return all
    .map(
      (conference) =>
        `Conference ${conference.name} (${conference.members.size} members rate: ${conference.rate} flags: running|answered|dynamic)\n${table(conference)}`,
    )
    .join('');
}

/** Members meant by a word: an id, several with commas, `all`, `last`, `non_moderator`. */
function membersOf(conference: Conference, word: string): Member[] {
  const all = [...conference.members.values()];
  if (word === 'all') return all;
  if (word === 'last') return all.slice(-1);
  if (word === 'non_moderator') return all.filter((member) => !member.flags.moderator);
  const ids = new Set(word.split(',').map(Number));
  return all.filter((member) => ids.has(member.id));
}

/** A verb on members, with the line that answers for each. */
const onMembers =
  (run: (member: Member, conference: Conference, rest: string[]) => string): Verb =>
  (conference, [word = '', ...rest]) => {
    const members = membersOf(conference, word);
    if (members.length === 0) return `-ERR Non-Existant ID ${word.slice(0, 50)}\n`;
    return members.map((member) => run(member, conference, rest)).join('');
  };

const setFlag = (flag: 'mute' | 'deaf', value: boolean, verb: string): Verb =>
  onMembers((member, conference) => {
    if (flag === 'mute') member.mute(value);
    else member.flags.deaf = value;
    conference.emit('maintenance', `${verb}-member`, member, {});
    return `+OK ${verb} ${member.id}\n`;
  });

const steps = (text: string | undefined): number => Math.max(-4, Math.min(4, Math.trunc(Number(text ?? 0)) || 0));

const verbs: Record<string, Verb> = {
  ...pictureVerbs,
  list: (conference, [what]) => {
    if (what === 'count') return `${conference.members.size}\n`;
    return table(conference);
  },
  json_list: (conference) => `${JSON.stringify([described(conference)])}\n`,
  mute: setFlag('mute', true, 'mute'),
  unmute: setFlag('mute', false, 'unmute'),
  deaf: setFlag('deaf', true, 'deaf'),
  undeaf: setFlag('deaf', false, 'undeaf'),
  tmute: onMembers((member, conference) => {
    member.mute(!member.flags.mute);
    const verb = member.flags.mute ? 'mute' : 'unmute';
    conference.emit('maintenance', `${verb}-member`, member, {});
    return `+OK ${verb} ${member.id}\n`;
  }),
  kick: onMembers((member, conference) => {
    conference.emit('maintenance', 'kick-member', member, {});
    member.channel.leaveConference();
    return `+OK kicked ${member.id}\n`;
  }),
  hup: onMembers((member, conference) => {
    conference.emit('maintenance', 'hup-member', member, {});
    const { channel } = member;
    channel.leaveConference();
    channel.hangUp({ name: 'NORMAL_CLEARING', q850: 16 });
    return `+OK hup ${member.id}\n`;
  }),
  lock: (conference) => {
    conference.locked = true;
    conference.emit('maintenance', 'lock', undefined, {});
    return `+OK ${conference.name} locked\n`;
  },
  unlock: (conference) => {
    conference.locked = false;
    conference.emit('maintenance', 'unlock', undefined, {});
    return `+OK ${conference.name} unlocked\n`;
  },
  record: (conference, [path = ''], engine) => startRecording(conference, path, engine),
  norecord: (conference, [path = ''], engine) => stopRecording(conference, path, engine),
  chkrecord: (conference) => checkRecording(conference),
  pause: (conference, [path = ''], engine) => pauseRecording(conference, path, true, engine),
  resume: (conference, [path = ''], engine) => pauseRecording(conference, path, false, engine),
  recording: (conference, [action = '', path = ''], engine) => {
    switch (action) {
      case 'start':
        return startRecording(conference, path, engine);
      case 'stop':
        return stopRecording(conference, path, engine);
      case 'pause':
        return pauseRecording(conference, path, true, engine);
      case 'resume':
        return pauseRecording(conference, path, false, engine);
      case 'check':
        return checkRecording(conference);
      default:
        return '-USAGE: recording [start|stop|check|pause|resume] [<filename>|all]\n';
    }
  },
  play: (conference, [file = '', who], engine) => {
    const source = openSource(file, engine.settings.soundsFolder, conference.rate);
    if (source === undefined) return `(play) File: ${file} not found.\n`;
    if (who === undefined || who === 'async' || who === 'nomux') {
      conference.play(source, undefined);
      return `+OK (play) Playing file ${file}\n`;
    }
    const [member] = membersOf(conference, who);
    if (member === undefined) return `(play) Member: ${who} not found.\n`;
    conference.play(source, member);
    return `+OK (play) Playing file ${file} to member ${who}\n`;
  },
  stop: (conference, [what = 'current']) => `+OK Stopped ${conference.stopPlaying(what === 'all')} files.\n`,
  volume_in: onMembers((member, conference, [value]) => {
    if (value !== undefined) member.volumeIn = steps(value);
    conference.emit('maintenance', 'volume-in-member', member, { 'Volume-Level': String(member.volumeIn) });
    return `+OK Volume IN ${member.id} = ${member.volumeIn}\n`;
  }),
  volume_out: onMembers((member, conference, [value]) => {
    if (value !== undefined) member.volumeOut = steps(value);
    conference.emit('maintenance', 'volume-out-member', member, { 'Volume-Level': String(member.volumeOut) });
    return `+OK Volume OUT ${member.id} = ${member.volumeOut}\n`;
  }),
  energy: onMembers((member, conference, [value]) => {
    if (value !== undefined) member.energy = Math.max(0, Math.trunc(Number(value)) || 0);
    conference.emit('maintenance', 'energy-level-member', member, {});
    return `Energy ${member.id} = ${member.energy}\n`;
  }),
  relate: (conference, [one = '', other = '', relation = '']) => {
    const [member] = membersOf(conference, one);
    const [otherMember] = membersOf(conference, other);
    if (member === undefined || otherMember === undefined) return '-ERR relationship not found\n';
    if (relation === 'nospeak') otherMember.unheard.add(member.id);
    else if (relation === 'nohear') member.unheard.add(otherMember.id);
    else if (relation === 'clear') {
      member.unheard.delete(otherMember.id);
      otherMember.unheard.delete(member.id);
    } else return '-ERR Usage: relate <id> <other id> nospeak|nohear|clear\n';
    return `+OK ${relation} ${member.id}->${otherMember.id}\n`;
  },
  dtmf: (conference, [who = '', digits = '']) => {
    const members = membersOf(conference, who);
    if (members.length === 0) return `-ERR Non-Existant ID ${who.slice(0, 50)}\n`;
    for (const member of members) member.channel.rtp.sendDigits(digits);
    return `+OK sent ${digits} to ${who}\n`;
  },
  get: (conference, [what = '']) => {
    if (what === 'count') return String(conference.members.size);
    if (what === 'run_time') return String(Math.floor((Date.now() - conference.startedAt) / 1000));
    if (what === 'max_members') return String(conference.maxMembers);
    return '-ERR unknown parameter\n';
  },
  set: (conference, [what = '', value = '']) => {
    if (what !== 'max_members' || !/^\d+$/.test(value)) return '-ERR unknown parameter\n';
    conference.maxMembers = Number(value);
    return `${value}\n`;
  },
};

function startRecording(conference: Conference, path: string, engine: Switch): string {
  if (path === '') return '-ERR No file given\n';
  if (conference.recordings.has(recordingPath(path, engine))) return `-ERR Already recording ${path}\n`;
  conference.startRecording(recordingPath(path, engine));
  return `+OK Record file ${path}\n`;
}

function stopRecording(conference: Conference, path: string, engine: Switch): string {
  const paths = path === 'all' ? [...conference.recordings.keys()] : [recordingPath(path, engine)];
  const stopped = paths.filter((one) => conference.stopRecording(one));
  // The real one counts files left over here; clients look for the line before.
  if (stopped.length === 0) return `-ERR non-existant recording '${path}'\n`;
  return `Stopped recording file ${path}\n+OK Stopped recording 0 files\n`;
}

function pauseRecording(conference: Conference, path: string, paused: boolean, engine: Switch): string {
  const word = paused ? 'Pause' : 'Resume';
  if (!conference.pauseRecording(recordingPath(path, engine), paused)) return `-ERR non-existant recording '${path}'\n`;
  return `+OK ${word} recording file ${path}\n`;
}

function checkRecording(conference: Conference): string {
  const [first] = conference.recordings.keys();
  return first === undefined ? '-ERR No recording\n' : `+OK Record file ${first}\n`;
}

function table(conference: Conference): string {
  return [...conference.members.values()]
    .reverse()
    .map((member) => {
      const flags = [
        ...(member.flags.deaf ? [] : ['hear']),
        ...(member.flags.mute ? [] : ['speak']),
        ...(member.talking ? ['talking'] : []),
        ...(conference.floor === member ? ['floor'] : []),
      ];
      const { source } = member.channel.call;
      return `${member.id};sofia/drachtio_mrf/nobody@${source.address}:${source.port};${member.channel.uuid};unknown;;${flags.join('|')};${member.volumeIn};${member.volumeOut};${member.energy}\n`;
    })
    .join('');
}

function described(conference: Conference): unknown {
  const now = Date.now();
  return {
    conference_name: conference.name,
    member_count: conference.members.size,
    ghost_count: 0,
    rate: conference.rate,
    run_time: Math.floor((now - conference.startedAt) / 1000),
    conference_uuid: conference.uuid,
    locked: conference.locked,
    running: true,
    answered: true,
    dynamic: true,
    recording: conference.recordings.size > 0,
    max_members: conference.maxMembers,
    variables: {},
    members: [...conference.members.values()].reverse().map((member) => ({
      type: 'caller',
      id: member.id,
      flags: {
        can_hear: !member.flags.deaf,
        can_see: true,
        can_speak: !member.flags.mute,
        hold: false,
        mute_detect: false,
        talking: member.talking,
        has_video: member.channel.video?.receives === true,
        has_floor: conference.floor === member,
        is_moderator: member.flags.moderator,
        end_conference: member.flags.endconf,
      },
      uuid: member.channel.uuid,
      caller_id_name: 'unknown',
      caller_id_number: '',
      join_time: Math.floor((now - member.joinedAt) / 1000),
      last_talking: member.lastTalkingAt === 0 ? 0 : Math.floor((now - member.lastTalkingAt) / 1000),
      energy: member.energy,
      volume_in: member.volumeIn,
      volume_out: member.volumeOut,
    })),
  };
}
