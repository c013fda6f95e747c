import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { readConfig } from '../platform/config.ts';
import { type MessageCode, say } from '../platform/messages/messages.ts';
import { checkNetworks } from '../provisioning/dhcp/check.ts';
import { DhcpUnavailable } from '../provisioning/dhcp/probe.ts';

/*
 * `npm run provisioning:dhcp [-- --interface eth0] [--url http://…/] [--language en] [--json]`: asks what the network
 * offers to devices, and says what is missing and what to put on the router. Ends with 0 when nothing hinders a device,
 * 1 when something does, 2 when the network could not be asked. Needs port 68: root, or CAP_NET_BIND_SERVICE.
 */

const { values: options } = parseArgs({
  options: {
    interface: { type: 'string' },
    url: { type: 'string' },
    language: { type: 'string', default: 'vi' },
    json: { type: 'boolean', default: false },
  },
});
const language = options.language === 'en' ? 'en' : 'vi';
const tell = (code: MessageCode, values: Record<string, string | number> = {}): void => {
  if (!options.json) console.log(say(language, code, values));
};

/** The ports that a running product really took, else the configured ones. */
function ownAddress(): string {
  const config = readConfig();
  const file = join(config.dataDir, 'ports.json');
  const ports = existsSync(file)
    ? z.record(z.string(), z.number()).safeParse(JSON.parse(readFileSync(file, 'utf8'))).data
    : undefined;
  return `http://${config.publicHost}:${ports?.provisioning ?? config.provisioningPort}/`;
}

try {
  const checks = await checkNetworks({ urls: [options.url ?? ownAddress()] }, options.interface, ({ address, name }) =>
    tell('dhcp.asking', { name, address }),
  );
  if (options.json) console.log(JSON.stringify(checks));
  else
    for (const { findings, offers, settings } of checks) {
      for (const { asked: _asked, server, ...offered } of offers) {
        tell('dhcp.offers', { server });
        for (const [name, value] of Object.entries(offered))
          console.log(`  ${name.replace('option', 'option ')}: ${String(value)}`);
      }
      const marks = { good: '✓', hint: '·', fault: '✗' };
      for (const { code, level, values } of findings) console.log(`${marks[level]} ${say(language, code, values)}`);
      if (findings.every(({ level }) => level === 'good')) continue;
      tell('dhcp.settings');
      for (const { lines, system } of settings) console.log(`\n# ${system}\n${lines.join('\n')}`);
    }
  process.exit(checks.some(({ findings }) => findings.some(({ level }) => level === 'fault')) ? 1 : 0);
} catch (error) {
  if (!(error instanceof DhcpUnavailable)) throw error;
  console.error(say(language, error.code));
  process.exit(2);
}
