import { relative, resolve } from 'node:path';
import { setImmediate as afterPendingInput } from 'node:timers/promises';
import type { MemberFlags } from '../mixer/member.ts';
import { openSource, type Source } from '../sound/source.ts';
import type { Switch } from '../switch.ts';
import { type Channel, normalClearing } from './channel.ts';

/* The dialplan applications that a program may execute on a channel (`sendmsg … execute`). */

/** What an application says of itself when it ended; FreeSWITCH's Application-Response. */
type Outcome = string;

interface Application {
  /** Waits its turn behind what sounds now, instead of running at once. */
  queued: boolean;
  run(channel: Channel, argument: string, engine: Switch): Promise<Outcome> | Outcome;
}

const nothing = '_none_';
const atOnce = (run: Application['run']): Application => ({ queued: false, run });
const inTurn = (run: Application['run']): Application => ({ queued: true, run });

const assign = (channel: Channel, text: string): void => {
  const equals = text.indexOf('=');
  if (equals > 0) setVariable(channel, text.slice(0, equals).trim(), text.slice(equals + 1).trim());
};

/** Sets a channel variable; bounded, since programs choose the names. */
export function setVariable(channel: Channel, name: string, value: string): void {
  if (value === '') channel.variables.delete(name);
  else if (channel.variables.size < 1000) channel.variables.set(name.slice(0, 200), value.slice(0, 8192));
}

const play = async (channel: Channel, argument: string, engine: Switch): Promise<Outcome> => {
  const delimiter = channel.variables.get('playback_delimiter');
  const name =
    delimiter !== undefined && argument.includes(delimiter) && !argument.startsWith('file_string://')
      ? `file_string://${argument.split(delimiter).join('!')}`
      : argument;
  const source = openSource(name.replace(/@@\d+$/, ''), engine.settings.soundsFolder, channel.rate);
  if (source === undefined) return 'FILE NOT FOUND';
  const terminators = channel.variables.get('playback_terminators') ?? '*';
  const stop = (digit: string): void => {
    if (terminators !== 'none' && (terminators === 'any' || terminators.includes(digit))) {
      channel.variables.set('playback_terminator_used', digit);
      channel.stopPlaying();
    }
  };
  channel.on('digit', stop);
  try {
    await channel.play(source);
    return 'FILE PLAYED';
  } finally {
    channel.off('digit', stop);
  }
};

/** Collects digits: up to `max`, ended by a terminator or by silence. */
async function collect(
  channel: Channel,
  prompt: Source | undefined,
  options: { max: number; firstMs: number; betweenMs: number; terminators: string },
): Promise<{ digits: string; terminator: string | undefined }> {
  let digits = '';
  let terminator: string | undefined;
  const { terminators } = options;
  await new Promise<void>((done) => {
    let timer: NodeJS.Timeout | undefined;
    const finish = (): void => {
      clearTimeout(timer);
      channel.off('digit', onDigit);
      channel.off('hangup', finish);
      channel.stopPlaying();
      done();
    };
    const wait = (ms: number): void => {
      clearTimeout(timer);
      timer = setTimeout(finish, ms);
    };
    const onDigit = (digit: string): void => {
      channel.stopPlaying();
      if (terminators !== 'none' && terminators.includes(digit)) {
        terminator = digit;
        finish();
        return;
      }
      digits += digit;
      if (digits.length >= options.max) finish();
      else wait(options.betweenMs);
    };
    channel.on('digit', onDigit);
    channel.on('hangup', finish);
    if (prompt === undefined) wait(options.firstMs);
    else
      void channel.play(prompt).then((status) => {
        if (status === 'done' && digits === '') wait(options.firstMs);
      });
  });
  return { digits, terminator };
}

const playAndGetDigits = async (channel: Channel, argument: string, engine: Switch): Promise<Outcome> => {
  const [
    least = '1',
    most = '128',
    tries = '1',
    timeout = '5000',
    terminators = '#',
    file = '',
    invalid = '',
    name = '',
    pattern = '\\d+',
    between = '',
  ] = argument.split(/\s+/);
  const prompt = openSource(file, engine.settings.soundsFolder, channel.rate);
  const wrong = openSource(invalid, engine.settings.soundsFolder, channel.rate);
  channel.variables.delete(name);
  channel.variables.delete(`${name}_invalid`);
  channel.variables.delete('read_terminator_used');
  const fits = safePattern(pattern);
  for (let attempt = 0; attempt < Math.min(Number(tries) || 1, 20) && channel.hungUp === undefined; attempt++) {
    const { digits, terminator } = await collect(channel, prompt, {
      max: Math.min(Number(most) || 128, 128),
      firstMs: Number(timeout) || 5000,
      betweenMs: Number(between) || Number(timeout) || 5000,
      terminators,
    });
    if (terminator !== undefined) channel.variables.set('read_terminator_used', terminator);
    if (digits.length >= (Number(least) || 0) && fits(digits)) {
      channel.variables.set('read_result', 'success');
      if (name !== '') setVariable(channel, name, digits);
      return nothing;
    }
    if (digits !== '') setVariable(channel, `${name}_invalid`, digits);
    if (wrong !== undefined && channel.hungUp === undefined) await channel.play(wrong);
  }
  channel.variables.set('read_result', 'failure');
  return nothing;
};

/** Digits of at most 128 against the program's pattern; an unusable pattern fits all. */
function safePattern(pattern: string): (digits: string) => boolean {
  if (pattern === '\\d+' || pattern === '') return (digits) => digits === '' || /^[\d*#A-D]+$/.test(digits);
  try {
    const expression = new RegExp(`^(?:${pattern})$`);
    return (digits) => expression.test(digits);
  } catch {
    return () => true;
  }
}

const read = async (channel: Channel, argument: string, engine: Switch): Promise<Outcome> => {
  const [, most = '128', file = '', name = '', timeout = '5000', terminators = '#'] = argument.split(/\s+/);
  const { digits } = await collect(channel, openSource(file, engine.settings.soundsFolder, channel.rate), {
    max: Math.min(Number(most) || 128, 128),
    firstMs: Number(timeout) || 5000,
    betweenMs: Number(timeout) || 5000,
    terminators,
  });
  setVariable(channel, name, digits);
  return nothing;
};

/** A path that recordings may be written to: below the recordings folder, when one is set. @throws when it is not. */
export function recordingPath(path: string, engine: Switch): string {
  const folder = engine.settings.recordingsFolder;
  if (folder === undefined) return path;
  const whole = resolve(folder, path);
  if (relative(folder, whole).startsWith('..')) throw new Error('outside of the recordings folder');
  return whole;
}

const record = async (channel: Channel, argument: string, engine: Switch): Promise<Outcome> => {
  const [file = '', limit = '0'] = argument.split(/\s+/);
  const path = recordingPath(file, engine);
  channel.startRecording(path);
  await new Promise<void>((done) => {
    const timer = Number(limit) > 0 ? setTimeout(finish, Number(limit) * 1000) : undefined;
    function finish(): void {
      clearTimeout(timer);
      channel.off('digit', onDigit);
      channel.off('hangup', finish);
      done();
    }
    const onDigit = (digit: string): void => {
      const terminators = channel.variables.get('playback_terminators') ?? '*';
      if (terminators === 'any' || terminators.includes(digit)) finish();
    };
    channel.on('digit', onDigit);
    channel.on('hangup', finish);
  });
  channel.stopRecording(path);
  return nothing;
};

const conference = async (channel: Channel, argument: string, engine: Switch): Promise<Outcome> => {
  const match = /^([^@+\s]+)(?:@([\w-]+))?(?:\+([^+{]*))?(?:\+?flags\{([^}]*)\})?/.exec(argument);
  const name = match?.[1];
  if (name === undefined) return '-ERR no conference named';
  const flagNames = new Set((match?.[4] ?? '').split(/[|,]/));
  const flags: MemberFlags = {
    mute: flagNames.has('mute'),
    deaf: flagNames.has('deaf'),
    endconf: flagNames.has('endconf'),
    moderator: flagNames.has('moderator'),
  };
  // Commands written before this one on another connection (a filter for the room's events) are read first.
  await afterPendingInput();
  if (channel.hungUp !== undefined) return nothing;
  const joined = engine.joinConference(channel, name, match?.[2] ?? 'default', flags);
  if (joined === undefined) return '-ERR conference is locked';
  const stay = channel.enter(joined.conference, joined.member);
  engine.pictures.refresh(channel);
  await stay;
  return nothing;
};

const applications: Record<string, Application> = {
  set: atOnce((channel, argument) => {
    assign(channel, argument);
    return nothing;
  }),
  export: atOnce((channel, argument) => {
    assign(channel, argument.replace(/^nolocal:/, ''));
    return nothing;
  }),
  multiset: atOnce((channel, argument) => {
    const custom = /^\^\^(.)(.*)$/s.exec(argument);
    for (const part of (custom?.[2] ?? argument).split(custom?.[1] ?? /\s+/)) assign(channel, part);
    return nothing;
  }),
  unset: atOnce((channel, argument) => {
    channel.variables.delete(argument.trim());
    return nothing;
  }),
  answer: atOnce(() => nothing),
  park: atOnce((channel) => {
    channel.echoing = false;
    channel.leaveConference();
    return nothing;
  }),
  hangup: atOnce((channel) => {
    channel.hangUp(normalClearing);
    return nothing;
  }),
  echo: inTurn(async (channel) => {
    channel.echoing = true;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        channel.off('hangup', done);
        channel.off('broken', done);
        channel.off('digit', onDigit);
        resolve();
      };
      const onDigit = (digit: string): void => {
        if (digit === '#') done();
      };
      channel.on('hangup', done);
      channel.on('broken', done);
      channel.on('digit', onDigit);
    });
    channel.echoing = false;
    return nothing;
  }),
  sleep: inTurn(async (channel, argument) => {
    await new Promise<void>((done) => {
      const timer = setTimeout(done, Math.min(Number(argument) || 0, 3_600_000));
      channel.once('hangup', () => {
        clearTimeout(timer);
        done();
      });
    });
    return nothing;
  }),
  playback: inTurn(play),
  endless_playback: inTurn(async (channel, argument, engine) => {
    let outcome = await play(channel, argument, engine);
    while (channel.hungUp === undefined && outcome === 'FILE PLAYED' && !engine.broken(channel)) {
      outcome = await play(channel, argument, engine);
    }
    return outcome;
  }),
  play_and_get_digits: inTurn(playAndGetDigits),
  read: inTurn(read),
  record: inTurn(record),
  conference: inTurn(conference),
  record_session: atOnce((channel, argument, engine) => {
    // What went wrong stands in a variable alone, as mod_dptools tells it.
    try {
      channel.startRecording(recordingPath(argument.split(/\s+\+/)[0] ?? '', engine));
    } catch {
      channel.variables.set('record_completion_cause', 'uri-failure');
    }
    return nothing;
  }),
  stop_record_session: atOnce((channel, argument, engine) => {
    channel.stopRecording(argument === 'all' || argument === '' ? undefined : recordingPath(argument, engine));
    return nothing;
  }),
  set_mute: atOnce((channel, argument) => {
    const [direction, value] = argument.split(/\s+/);
    if (direction === 'read') channel.muted = value === 'true';
    return nothing;
  }),
  start_dtmf: atOnce((channel) => {
    channel.detectDtmf(true);
    return nothing;
  }),
  stop_dtmf: atOnce((channel) => {
    channel.detectDtmf(false);
    return nothing;
  }),
  send_dtmf: atOnce((channel, argument) => {
    channel.rtp.sendDigits(argument.replace(/@.*/, ''));
    return nothing;
  }),
};

/** The application of a name, if we have it. */
export function applicationNamed(name: string): Application | undefined {
  return Object.hasOwn(applications, name) ? applications[name] : undefined;
}
