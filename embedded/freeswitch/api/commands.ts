import { randomUUID } from 'node:crypto';
import { recordingPath, setVariable } from '../channel/applications.ts';
import type { Channel } from '../channel/channel.ts';
import { soundStatistics } from '../channel/statistics.ts';
import { channelHeaders } from '../esl/event.ts';
import { plainHeaders } from '../esl/switch-event.ts';
import type { Switch } from '../switch.ts';
import { pictureStatistics } from '../video/statistics.ts';
import { conferenceCommand } from './conference.ts';

/* The `api` commands, answered in FreeSWITCH's words. */

type Command = (argument: string, engine: Switch) => string;

/** Runs one command line; unknown ones get FreeSWITCH's answer. */
export function runCommand(line: string, engine: Switch): string {
  const trimmed = line.trim();
  const space = trimmed.search(/\s/);
  const name = space === -1 ? trimmed : trimmed.slice(0, space);
  const argument = space === -1 ? '' : trimmed.slice(space + 1).trim();
  if (!Object.hasOwn(commands, name)) return `-ERR ${name.slice(0, 200)} Command not found!\n`;
  return commands[name]?.(argument, engine) ?? '';
}

/** A command on a channel named first. */
const onChannel =
  (run: (channel: Channel, rest: string, engine: Switch) => string): Command =>
  (argument, engine) => {
    const [uuid = '', ...rest] = argument.split(/\s+/);
    const channel = engine.channels.get(uuid);
    return channel === undefined ? '-ERR No such channel!\n' : run(channel, rest.join(' '), engine);
  };

const ruler = '='.repeat(97);

const commands: Record<string, Command> = {
  conference: conferenceCommand,
  sofia: (argument, engine) => {
    if (!/^(x?status)/.test(argument)) return '-ERR Unknown command!\n';
    const address = `sip:mod_sofia@${engine.sipAddress}`;
    return [
      '                     Name\t   Type\t                                      Data\tState',
      ruler,
      `             drachtio_mrf\tprofile\t${address.padStart(42)}\tRUNNING (0)`,
      ruler,
      '1 profile 0 aliases',
      '',
    ].join('\n');
  },
  status: (_argument, engine) => {
    const seconds = Math.floor((Date.now() - engine.startedAt) / 1000);
    return `UP 0 years, 0 days, ${Math.floor(seconds / 3600)} hours, ${Math.floor(seconds / 60) % 60} minutes, ${seconds % 60} seconds, 0 milliseconds, 0 microseconds\nFreeSWITCH (diemcau media engine) is ready\n${engine.sessionsSoFar} session(s) since startup\n${engine.channels.size} session(s) - peak ${engine.channels.size}, last 5min ${engine.channels.size}\n${engine.settings.maxSessions} session(s) max\n`;
  },
  version: () => 'FreeSWITCH Version 1.10.0 (diemcau media engine)\n',
  create_uuid: () => randomUUID(),
  global_getvar: (argument, engine) => (argument === 'core_uuid' ? engine.coreUuid : ''),
  show: (argument, engine) => {
    if (!/^(channels|calls)/.test(argument)) return '-USAGE: channels|calls [count]\n';
    if (/count/.test(argument)) return `\n${engine.channels.size} total.\n`;
    const rows = [...engine.channels.values()].map(
      (channel) => `${channel.uuid},inbound,${new Date(channel.createdAt).toISOString()},drachtio`,
    );
    return `uuid,direction,created,dest\n${rows.join('\n')}\n\n${engine.channels.size} total.\n`;
  },
  uuid_exists: (argument, engine) => String(engine.channels.has(argument)),
  uuid_kill: onChannel((channel, rest, engine) => {
    engine.end(channel, { name: rest === '' ? 'NORMAL_CLEARING' : rest, q850: 16 });
    return '+OK\n';
  }),
  uuid_break: onChannel((channel, _rest, engine) => {
    engine.breakOff(channel);
    return '+OK\n';
  }),
  uuid_getvar: onChannel((channel, rest, engine) => {
    const name = rest.trim();
    return channelHeaders(channel, engine).get(`variable_${name}`) ?? '_undef_';
  }),
  uuid_setvar: onChannel((channel, rest) => {
    const [name = '', ...value] = rest.split(/\s+/);
    if (name === '') return '-ERR No variable specified\n';
    setVariable(channel, name, value.join(' '));
    return '+OK\n';
  }),
  uuid_setvar_multi: onChannel((channel, rest) => {
    for (const part of rest.split(';')) {
      const equals = part.indexOf('=');
      if (equals > 0) setVariable(channel, part.slice(0, equals), part.slice(equals + 1));
    }
    return '+OK\n';
  }),
  uuid_dump: onChannel((channel, rest, engine) => {
    const headers = channelHeaders(channel, engine);
    if (rest.trim() === 'json') return JSON.stringify(Object.fromEntries(headers));
    return `${plainHeaders(headers)}\n`;
  }),
  uuid_record: onChannel((channel, rest, engine) => {
    const [action = '', path = ''] = rest.split(/\s+/);
    if (action === 'start') {
      channel.startRecording(recordingPath(path, engine));
      return '+OK Success\n';
    }
    if (action === 'stop') {
      const stopped = channel.stopRecording(path === 'all' ? undefined : recordingPath(path, engine));
      return stopped ? '+OK Success\n' : '-ERR Cannot stop recording session!\n';
    }
    return '-ERR Operation Failed\n';
  }),
  uuid_send_dtmf: onChannel((channel, rest) =>
    channel.rtp.sendDigits(rest.replace(/@.*/, '')) ? '+OK\n' : '-ERR Operation failed\n',
  ),
  uuid_recv_dtmf: onChannel((channel, rest) => {
    for (const digit of rest
      .replace(/@.*/, '')
      .replace(/[^0-9*#A-D]/gi, '')
      .slice(0, 64))
      channel.digit(digit, 100, 'ENDPOINT');
    return '+OK\n';
  }),
  uuid_audio: onChannel((channel, rest) => {
    const match = /^(start|stop)(?:\s+(read|write)\s+mute(?:\s+(-?\d+))?)?/.exec(rest);
    if (match === null) return '-ERR invalid parms\n';
    channel.muted = match[1] === 'start' && match[2] === 'read';
    return '+OK Success\n';
  }),
  uuid_set_media_stats: onChannel((channel) => {
    for (const [name, value] of Object.entries(soundStatistics(channel.rtp))) channel.variables.set(name, value);
    for (const [name, value] of Object.entries(pictureStatistics(channel.video))) channel.variables.set(name, value);
    return '+OK Success\n';
  }),
  uuid_transfer: onChannel((channel, rest) => {
    if (!/^(-both )?park inline/.test(rest) && !/^park/.test(rest)) return '-ERR not supported\n';
    channel.leaveConference();
    return '+OK\n';
  }),
};
