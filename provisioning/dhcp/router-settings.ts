import { offsetS, posixZone, zoneName } from './judge.ts';

/* The lines that a router or server wants, so that devices find us. They are the same in every language. Pure. */

export interface RouterSettings {
  system: 'MikroTik RouterOS' | 'Cisco IOS' | 'dnsmasq' | 'ISC dhcpd' | 'Kea';
  lines: string[];
}

/** `ntp`: addresses of time servers. @throws when the address holds a quote or a control character. */
export function routerSettings({ ntp, url }: { url: string; ntp: readonly string[] }): RouterSettings[] {
  // What follows puts it between quotes.
  if (!/^https?:\/\/[^\s"'\\]+$/.test(url)) throw new Error('not an address for a router');
  const servers = ntp.filter((address) => /^[\d.]+$/.test(address));
  const offset = offsetS.toString(16).padStart(8, '0');
  const some = <T>(lines: T): T | [] => (servers.length === 0 ? [] : lines);
  return [
    {
      system: 'MikroTik RouterOS',
      lines: [
        `/ip dhcp-server option add name=config66 code=66 value="'${url}'"`,
        `/ip dhcp-server option add name=config160 code=160 value="'${url}'"`,
        `/ip dhcp-server option add name=offset code=2 value=0x${offset}`,
        `/ip dhcp-server option add name=zone code=101 value="'${zoneName}'"`,
        '/ip dhcp-server option sets add name=phones options=config66,config160,offset,zone',
        '/ip dhcp-server network set [find] dhcp-option-set=phones',
        ...some([`/ip dhcp-server network set [find] ntp-server=${servers.join(',')}`]),
      ],
    },
    {
      system: 'Cisco IOS',
      lines: [
        'ip dhcp pool LAN',
        ` option 66 ascii "${url}"`,
        ` option 160 ascii "${url}"`,
        ...some([` option 42 ip ${servers.join(' ')}`]),
        ` option 2 hex ${offset.slice(0, 4)}.${offset.slice(4)}`,
        ` option 101 ascii "${zoneName}"`,
      ],
    },
    {
      system: 'dnsmasq',
      lines: [
        `dhcp-option-force=66,"${url}"`,
        `dhcp-option-force=160,"${url}"`,
        ...some([`dhcp-option-force=42,${servers.join(',')}`]),
        `dhcp-option-force=2,${offsetS}`,
        `dhcp-option-force=100,"${posixZone}"`,
        `dhcp-option-force=101,"${zoneName}"`,
      ],
    },
    {
      system: 'ISC dhcpd',
      lines: [
        'option config-address code 160 = text;',
        'option posix-zone code 100 = text;',
        'option zone-name code 101 = text;',
        `option tftp-server-name "${url}";`,
        `option config-address "${url}";`,
        ...some([`option ntp-servers ${servers.join(', ')};`]),
        `option time-offset ${offsetS};`,
        `option posix-zone "${posixZone}";`,
        `option zone-name "${zoneName}";`,
      ],
    },
    {
      system: 'Kea',
      lines: [
        '"option-def": [ { "name": "config-address", "code": 160, "type": "string", "space": "dhcp4" } ],',
        '"option-data": [',
        `  { "name": "tftp-server-name", "data": "${url}" },`,
        `  { "name": "config-address", "data": "${url}" },`,
        ...some([`  { "name": "ntp-servers", "data": "${servers.join(', ')}" },`]),
        `  { "name": "time-offset", "data": "${offsetS}" },`,
        `  { "name": "tcode", "data": "${zoneName}" }`,
        ']',
      ],
    },
  ];
}
