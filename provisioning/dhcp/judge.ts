import type { Offer } from './offer.ts';

/* What is missing in what a network offers, for devices that are to find this product. Pure. */

/** Vietnam keeps one time, seven hours ahead of UTC, without summer time. */
export const offsetS = 7 * 3600;
export const posixZone = '<+07>-7';
export const zoneName = 'Asia/Ho_Chi_Minh';

export interface Finding {
  code:
    | 'dhcp.no-answer'
    | 'dhcp.several-servers'
    | 'dhcp.found-us'
    | 'dhcp.no-address'
    | 'dhcp.other-address'
    | 'dhcp.no-url'
    | 'dhcp.http-only'
    | 'dhcp.no-66'
    | 'dhcp.no-160'
    | 'dhcp.no-ntp'
    | 'dhcp.no-zone'
    | 'dhcp.other-zone';
  /** `good`; `hint`: works, but not for all devices; `fault`: devices will not come. */
  level: 'good' | 'hint' | 'fault';
  values: Record<string, string | number>;
}

export interface Wanted {
  /** Where devices fetch their configuration, with scheme and path: first the one to put on the router. */
  urls: readonly [string, ...string[]];
}

/** Judges what one network offers. */
export function judgeOffers(offers: readonly Offer[], { urls }: Wanted): Finding[] {
  const finding = (code: Finding['code'], level: Finding['level'], values: Finding['values'] = {}): Finding => ({
    code,
    level,
    values,
  });
  if (offers.length === 0) return [finding('dhcp.no-answer', 'fault', { url: urls[0] })];
  const findings: Finding[] = [];
  const servers = [...new Set(offers.map(({ server }) => server))];
  if (servers.length > 1) findings.push(finding('dhcp.several-servers', 'fault', { servers: servers.join(', ') }));
  for (const server of servers) {
    const own = offers.filter((offer) => offer.server === server);
    findings.push(...judgeServer(server, own, urls, finding));
  }
  return findings;
}

function judgeServer(
  server: string,
  offers: readonly Offer[],
  urls: Wanted['urls'],
  finding: (code: Finding['code'], level: Finding['level'], values?: Finding['values']) => Finding,
): Finding[] {
  const findings: Finding[] = [];
  const [url] = urls;
  const leadsTo = (value: string): boolean => leads(value, urls);
  const all = <K extends keyof Offer>(key: K): NonNullable<Offer[K]>[] =>
    offers.map((offer) => offer[key]).filter((value) => value !== undefined) as NonNullable<Offer[K]>[];
  const told = [...all('option66'), ...all('option160'), ...all('option43'), ...all('option150').flat()];
  const ours = told.filter((value) => leadsTo(value));
  if (told.length === 0) findings.push(finding('dhcp.no-address', 'fault', { server, url }));
  else if (ours.length === 0) {
    const plain = told.find((value) => hostOf(value) === hostOf(url) && !value.includes('://'));
    findings.push(
      plain === undefined
        ? finding('dhcp.other-address', 'fault', { server, value: told[0] ?? '', url })
        : finding('dhcp.no-url', 'fault', { server, value: plain, url }),
    );
  } else {
    findings.push(finding('dhcp.found-us', 'good', { server, value: ours[0] ?? '' }));
    const secure = (text: string): boolean => /https:/i.test(text);
    if (secure(url) && !ours.some(secure)) findings.push(finding('dhcp.http-only', 'hint', { server, url }));
    if (!all('option66').some((value) => leadsTo(value))) findings.push(finding('dhcp.no-66', 'hint', { server, url }));
    if (!all('option160').some((value) => leadsTo(value)))
      findings.push(finding('dhcp.no-160', 'hint', { server, url }));
  }
  if (all('option42').flat().length === 0) findings.push(finding('dhcp.no-ntp', 'hint', { server }));
  const offset = all('option2')[0];
  const zones = [...all('option100'), ...all('option101')];
  if (offset === undefined && zones.length === 0) findings.push(finding('dhcp.no-zone', 'hint', { server }));
  const other = offset !== undefined && offset !== offsetS;
  if (other) findings.push(finding('dhcp.other-zone', 'fault', { server, hours: offset / 3600 }));
  return findings;
}

/** Whether a value leads devices to us: host and port as one of ours, by HTTP or HTTPS, whatever the path. */
function leads(value: string, urls: readonly string[]): boolean {
  const found = /https?:\/\/[^\s;,"']+/i.exec(value)?.[0];
  const host = found === undefined ? undefined : urlOf(found)?.host;
  return host !== undefined && urls.some((url) => urlOf(url)?.host === host);
}

const hostOf = (text: string): string | undefined => urlOf(text.includes('://') ? text : `http://${text}`)?.hostname;

function urlOf(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}
