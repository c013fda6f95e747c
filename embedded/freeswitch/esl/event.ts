import { hostname } from 'node:os';
import type { Channel } from '../channel/channel.ts';
import type { Conference } from '../mixer/conference.ts';
import type { Member } from '../mixer/member.ts';
import type { Switch } from '../switch.ts';
import type { Headers } from './switch-event.ts';

/* What events carry: FreeSWITCH's header names and the forms of their values. */

const name = hostname();

/** Puts down the headers that every event starts with. */
export function putEvent(headers: Headers, event: string, coreUuid: string, sequence: number): void {
  const now = new Date();
  headers.set('Event-Name', event);
  headers.set('Core-UUID', coreUuid);
  headers.set('FreeSWITCH-Hostname', name);
  headers.set('FreeSWITCH-Switchname', name);
  headers.set('FreeSWITCH-IPv4', '127.0.0.1');
  headers.set('FreeSWITCH-IPv6', '::1');
  headers.set('Event-Date-Local', now.toISOString().slice(0, 19).replace('T', ' '));
  headers.set('Event-Date-GMT', now.toUTCString());
  headers.set('Event-Date-Timestamp', `${now.getTime()}000`);
  headers.set('Event-Sequence', String(sequence));
}

/** Puts down what is told of the channel that an event is about, its variables too. */
export function putChannel(headers: Headers, channel: Channel, engine: Switch): void {
  const ended = channel.hungUp !== undefined;
  const codec = channel.codec;
  const { request, source, callId } = channel.call;
  const channelName = `sofia/drachtio_mrf/nobody@${source.address}:${source.port}`;
  const header = (wanted: string): string => request.headers.find((entry) => entry.name === wanted)?.value ?? '';
  headers.set('Channel-State', ended ? 'CS_HANGUP' : 'CS_EXECUTE');
  headers.set('Channel-Call-State', ended ? 'HANGUP' : 'ACTIVE');
  headers.set('Channel-State-Number', ended ? '10' : '4');
  headers.set('Channel-Name', channelName);
  headers.set('Unique-ID', channel.uuid);
  headers.set('Call-Direction', 'inbound');
  headers.set('Presence-Call-Direction', 'inbound');
  headers.set('Channel-HIT-Dialplan', 'true');
  headers.set('Channel-Call-UUID', channel.uuid);
  headers.set('Answer-State', ended ? 'hangup' : 'answered');
  if (channel.hungUp !== undefined) headers.set('Hangup-Cause', channel.hungUp.name);
  if (codec !== undefined) {
    headers.set('Channel-Read-Codec-Name', codec.name);
    headers.set('Channel-Read-Codec-Rate', String(codec.rate));
    headers.set('Channel-Write-Codec-Name', codec.name);
    headers.set('Channel-Write-Codec-Rate', String(codec.rate));
  }
  headers.set('Caller-Direction', 'inbound');
  headers.set('Caller-Caller-ID-Name', 'unknown');
  headers.set('Caller-Network-Addr', source.address);
  headers.set('Caller-Destination-Number', 'drachtio');
  headers.set('Caller-Unique-ID', channel.uuid);
  headers.set('Caller-Context', 'mrf');
  headers.set('Caller-Channel-Name', channelName);
  headers.set('Caller-Channel-Created-Time', `${channel.createdAt}000`);
  headers.set('Caller-Channel-Answered-Time', `${channel.answeredAt}000`);
  headers.set('variable_direction', 'inbound');
  headers.set('variable_uuid', channel.uuid);
  headers.set('variable_session_id', String(channel.sessionNumber));
  headers.set('variable_channel_name', channelName);
  headers.set('variable_sip_call_id', callId);
  headers.set('variable_sip_network_ip', source.address);
  headers.set('variable_sip_network_port', String(source.port));
  headers.set('variable_sip_user_agent', header('user-agent'));
  headers.set('variable_sofia_profile_name', 'drachtio_mrf');
  headers.set('variable_local_media_ip', engine.settings.publicHost);
  headers.set('variable_local_media_port', String(channel.rtp.port));
  headers.set('variable_rtp_use_ssrc', String(channel.rtp.sender.ssrc));
  headers.set('variable_endpoint_disposition', 'ANSWER');
  headers.set('variable_sip_h_X-esl-outbound', header('x-esl-outbound'));
  for (const [variable, value] of channel.variables) headers.set(`variable_${variable}`, value);
}

/** What is known of a channel. */
export function channelHeaders(channel: Channel, engine: Switch): Headers {
  const headers: Headers = new Map();
  putChannel(headers, channel, engine);
  return headers;
}

/** The first answer on a socket that a channel opened: its data, as `connect` is answered. */
export function channelData(channel: Channel, engine: Switch, sequence: number): Headers {
  const headers: Headers = new Map();
  putEvent(headers, 'CHANNEL_DATA', engine.coreUuid, sequence);
  headers.set('Channel-Direction', 'inbound');
  headers.set('Channel-Unique-ID', channel.uuid);
  headers.set('Channel-Source', 'mod_sofia');
  headers.set('Channel-Context', 'mrf');
  headers.set('Channel-Destination-Number', 'drachtio');
  headers.set(
    'Channel-Channel-Name',
    `sofia/drachtio_mrf/nobody@${channel.call.source.address}:${channel.call.source.port}`,
  );
  putChannel(headers, channel, engine);
  return headers;
}

const flag = (value: boolean): string => String(value);

/** What is told of a conference's member. */
export function memberHeaders(member: Member, conference: Conference): Record<string, string> {
  return {
    Floor: flag(conference.floor === member),
    Video: flag(member.channel.video?.receives === true),
    Hear: flag(!member.flags.deaf),
    See: 'true',
    Speak: flag(!member.flags.mute),
    Talking: flag(member.talking),
    'Mute-Detect': 'false',
    Hold: 'false',
    'Member-ID': String(member.id),
    'Member-Type': member.flags.moderator ? 'moderator' : 'member',
    'Member-Ghost': 'false',
    'Energy-Level': String(member.energy),
    'Current-Energy': String(Math.round(member.level)),
  };
}
