import { z } from 'zod';
import { Fault } from '../../platform/fault.ts';
import { say } from '../../platform/messages/messages.ts';
import { checkNetworks } from '../../provisioning/dhcp/check.ts';
import { DhcpUnavailable } from '../../provisioning/dhcp/probe.ts';
import { type Route, route } from '../route.ts';
import type { Services } from '../services.ts';

const texts = z.array(z.string()).optional();
const offer = z.object({
  server: z.string(),
  /** Vendor classes that got this; '' for a device that names none. */
  asked: z.array(z.string()),
  option66: z.string().optional(),
  option67: z.string().optional(),
  option150: texts,
  option160: z.string().optional(),
  option43: z.string().optional(),
  option42: texts,
  option2: z.number().optional(),
  option100: z.string().optional(),
  option101: z.string().optional(),
  router: texts,
  dns: texts,
  domain: z.string().optional(),
});

const check = z.object({
  name: z.string(),
  address: z.string(),
  offers: z.array(offer),
  findings: z.array(
    z.object({
      code: z.string(),
      level: z.enum(['good', 'hint', 'fault']),
      /** A sentence for people. */ text: z.string(),
    }),
  ),
  /** Lines to put on the router or DHCP server. */
  settings: z.array(z.object({ system: z.string(), lines: z.array(z.string()) })),
});

/** What the networks that this machine is in offer to devices. */
export function networkCheck({ provisioningUrls }: Services): Route[] {
  let running: Promise<unknown> | undefined;
  return [
    route({
      method: 'POST',
      path: '/provisioning/network-check',
      tag: 'provisioning',
      access: 'admin',
      summary: 'Ask the DHCP servers of the network what they offer to devices, and say what is missing (takes 3 s)',
      body: z.strictObject({ interface: z.string().min(1).max(64).optional() }),
      answer: z.object({ networks: z.array(check) }),
      handle: async ({ body, language }) => {
        // Two looks at once would take each other's answers.
        if (running !== undefined) throw new Fault('busy', 'busy');
        try {
          const found = checkNetworks({ urls: provisioningUrls() }, body.interface);
          running = found;
          const networks = (await found).map((network) => ({
            ...network,
            findings: network.findings.map(({ code, level, values }) => ({
              code,
              level,
              text: say(language, code, values),
            })),
          }));
          return { networks };
        } catch (error) {
          if (!(error instanceof DhcpUnavailable)) throw error;
          throw error.code === 'dhcp.no-interface'
            ? new Fault('invalid', error.code, { field: 'interface' })
            : new Fault('unavailable', error.code);
        } finally {
          running = undefined;
        }
      },
    }),
  ];
}
