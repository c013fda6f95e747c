import type { SheetItem, SheetSection } from './sheet.ts';

/** How a device calls what an H.323 terminal is told. */
interface H323Names {
  menu?: readonly string[];
  on?: { name: string; value: string };
  mode?: { name: string; value: string };
  gatekeeper?: string;
  /** Where the port goes: beside the address in one field, or into a field of its own. */
  port?: 'with-address' | { name?: string };
  h323Name?: string;
  e164?: string;
  authentication?: { name: string; value: string };
  user?: string;
  password?: string;
}

/** The H.323 part; names that are absent are not confirmed. */
export function h323(names: H323Names = {}): SheetSection {
  const { on, mode, port, authentication } = names;
  return {
    title: 'sheet.section-h323',
    protocol: 'h323',
    ...named('menu', names.menu),
    items: [
      { meaning: 'sheet.h323-on', ...named('name', on?.name), ...(on ? { fixed: on.value } : yes) },
      { meaning: 'sheet.h323-name', ...named('name', names.h323Name), from: 'h323Alias' },
      { meaning: 'sheet.e164', ...named('name', names.e164), from: 'e164' },
      { meaning: 'sheet.gatekeeper-mode', ...named('name', mode?.name), ...(mode ? { fixed: mode.value } : yes) },
      {
        meaning: 'sheet.gatekeeper',
        ...named('name', names.gatekeeper),
        from: port === 'with-address' ? 'gatekeeperAndPort' : 'gatekeeper',
      },
      ...(port === 'with-address'
        ? []
        : [{ meaning: 'sheet.gatekeeper-port', ...named('name', port?.name), from: 'gatekeeperPort' } as const]),
      {
        meaning: 'sheet.authentication',
        ...named('name', authentication?.name),
        when: 'h323Password',
        ...(authentication ? { fixed: authentication.value } : yes),
      },
      { meaning: 'sheet.user', ...named('name', names.user), from: 'h323Alias', when: 'h323Password' },
      { meaning: 'sheet.password', ...named('name', names.password), when: 'h323Password', secret: true },
    ],
  };
}

interface SipNames {
  menu?: readonly string[];
  server?: string;
  /** Where the server is entered once more. */
  proxy?: string;
  user?: string;
  /** Where the name to log in with is entered once more. */
  login?: string;
  password?: string;
  displayName?: string;
  register?: { name: string; value: string };
  transport?: string;
}

/** The SIP part; names that are absent are not confirmed. */
export function sip(names: SipNames = {}): SheetSection {
  const { register } = names;
  return {
    title: 'sheet.section-sip',
    protocol: 'sip',
    ...named('menu', names.menu),
    items: [
      { meaning: 'sheet.register', ...named('name', register?.name), ...(register ? { fixed: register.value } : yes) },
      { meaning: 'sheet.server', ...named('name', names.server), from: 'server' },
      ...(names.proxy === undefined ? [] : [{ meaning: 'sheet.server', name: names.proxy, from: 'server' } as const]),
      { meaning: 'sheet.port', from: 'port' },
      {
        meaning: 'sheet.transport',
        ...named('name', names.transport),
        from: 'transport',
        values: { udp: 'UDP', tcp: 'TCP', tls: 'TLS' },
      },
      { meaning: 'sheet.display-name', ...named('name', names.displayName), from: 'displayName' },
      { meaning: 'sheet.user', ...named('name', names.user), from: 'username' },
      ...(names.login === undefined ? [] : [{ meaning: 'sheet.user', name: names.login, from: 'username' } as const]),
      { meaning: 'sheet.password', ...named('name', names.password), secret: true },
    ],
  };
}

interface CallNames {
  menu?: readonly string[];
  autoAnswer?: { name: string; on: string; off: string };
  rate?: string;
  /** What else stands there. */
  more?: readonly SheetItem[];
}

/** Calls and time, which every room codec has; names that are absent are not confirmed. */
export function others(names: CallNames = {}): readonly SheetSection[] {
  const { on, off } = names.autoAnswer ?? { on: 'sheet.on', off: 'sheet.off' };
  return [
    {
      title: 'sheet.section-call',
      ...named('menu', names.menu),
      items: [
        {
          meaning: 'sheet.auto-answer',
          ...named('name', names.autoAnswer?.name),
          from: 'autoAnswer',
          values: { on, off },
        },
        { meaning: 'sheet.rate', ...named('name', names.rate), from: 'callRateKbps' },
        ...(names.more ?? []),
      ],
    },
    {
      title: 'sheet.section-time',
      items: [
        { meaning: 'sheet.zone', from: 'timeZone', values: { 'Asia/Ho_Chi_Minh': 'GMT+07:00 (Hanoi, Bangkok)' } },
        { meaning: 'sheet.ntp', from: 'ntpServer' },
      ],
    },
  ];
}

/** Chosen on the device, whatever it calls it. */
const yes = { fixed: 'sheet.on' } as const;

function named<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]?: V });
}
