import { hostname } from 'node:os';
import type { Channel } from '../channel/channel.ts';
import type { Conference } from '../mixer/conference.ts';
import type { Member } from '../mixer/member.ts';
import type { Switch } from '../switch.ts';

/* What events carry: FreeSWITCH's header names and the forms of their values. */

const name = hostname();

/** The headers that every event starts with. */
export function eventHeaders(event: string, coreUuid: string, sequence: number): Record<string, string> {
  const now = new Date();
  return {
    'Event-Name': event,
    'Core-UUID': coreUuid,
    'FreeSWITCH-Hostname': name,
    'FreeSWITCH-Switchname': name,
    'FreeSWITCH-IPv4': '127.0.0.1',
    'FreeSWITCH-IPv6': '::1',
    'Event-Date-Local': now.toISOString().slice(0, 19).replace('T', ' '),
    'Event-Date-GMT': now.toUTCString(),
    'Event-Date-Timestamp': `${now.getTime()}000`,
    'Event-Sequence': String(sequence),
  };
}

/** What is told of the channel that an event is about, its variables too. */
export function channelHeaders(channel: Channel, engine: Switch): Record<string, string> {
  const ended = channel.hungUp !== undefined;
  const codec = channel.codec;
  const { request, source, callId } = channel.call;
  const channelName = `sofia/drachtio_mrf/nobody@${source.address}:${source.port}`;
  const header = (wanted: string): string => request.headers.find((entry) => entry.name === wanted)?.value ?? '';
  const headers: Record<string, string> = {
    'Channel-State': ended ? 'CS_HANGUP' : 'CS_EXECUTE',
    'Channel-Call-State': ended ? 'HANGUP' : 'ACTIVE',
    'Channel-State-Number': ended ? '10' : '4',
    'Channel-Name': channelName,
    'Unique-ID': channel.uuid,
    'Call-Direction': 'inbound',
    'Presence-Call-Direction': 'inbound',
    'Channel-HIT-Dialplan': 'true',
    'Channel-Call-UUID': channel.uuid,
    'Answer-State': ended ? 'hangup' : 'answered',
    ...(channel.hungUp === undefined ? {} : { 'Hangup-Cause': channel.hungUp.name }),
    ...(codec === undefined
      ? {}
      : {
          'Channel-Read-Codec-Name': codec.name,
          'Channel-Read-Codec-Rate': String(codec.rate),
          'Channel-Write-Codec-Name': codec.name,
          'Channel-Write-Codec-Rate': String(codec.rate),
        }),
    'Caller-Direction': 'inbound',
    'Caller-Caller-ID-Name': 'unknown',
    'Caller-Network-Addr': source.address,
    'Caller-Destination-Number': 'drachtio',
    'Caller-Unique-ID': channel.uuid,
    'Caller-Context': 'mrf',
    'Caller-Channel-Name': channelName,
    'Caller-Channel-Created-Time': `${channel.createdAt}000`,
    'Caller-Channel-Answered-Time': `${channel.answeredAt}000`,
    variable_direction: 'inbound',
    variable_uuid: channel.uuid,
    variable_session_id: String(channel.sessionNumber),
    variable_channel_name: channelName,
    variable_sip_call_id: callId,
    variable_sip_network_ip: source.address,
    variable_sip_network_port: String(source.port),
    variable_sip_user_agent: header('user-agent'),
    variable_sofia_profile_name: 'drachtio_mrf',
    variable_local_media_ip: engine.settings.publicHost,
    variable_local_media_port: String(channel.rtp.port),
    variable_rtp_use_ssrc: String(channel.rtp.sender.ssrc),
    variable_endpoint_disposition: 'ANSWER',
    'variable_sip_h_X-esl-outbound': header('x-esl-outbound'),
  };
  for (const [variable, value] of channel.variables) headers[`variable_${variable}`] = value;
  return headers;
}

/** The first answer on a socket that a channel opened: its data, as `connect` is answered. */
export function channelData(channel: Channel, engine: Switch, sequence: number): Record<string, string> {
  const known = channelHeaders(channel, engine);
  return {
    ...eventHeaders('CHANNEL_DATA', engine.coreUuid, sequence),
    'Channel-Direction': 'inbound',
    'Channel-Unique-ID': channel.uuid,
    'Channel-Source': 'mod_sofia',
    'Channel-Context': 'mrf',
    'Channel-Destination-Number': 'drachtio',
    'Channel-Channel-Name': known['Channel-Name'] ?? '',
    ...known,
  };
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
