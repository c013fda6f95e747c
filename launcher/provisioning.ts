import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isIPv6 } from 'node:net';
import type { Gateway } from '../gateway/gateway.ts';
import type { Clock } from '../platform/clock.ts';
import type { Config } from '../platform/config.ts';
import type { Logger } from '../platform/log.ts';
import type { Seal } from '../platform/seal.ts';
import type { Surroundings } from '../provisioning/device.ts';
import { openProvisioning, type Provisioning } from '../provisioning/server/provisioning.ts';
import { startProvisioningServer } from '../provisioning/server/server.ts';
import type { SessionLog } from '../store/session-log.ts';
import type { Store } from '../store/store.ts';
import type { CertificateFiles } from './certificate.ts';

/** What devices fetch their files from, as it runs. */
export interface FileServer {
  provisioning: Provisioning;
  ports: { http: number; https: number };
  /** Address of the folder that devices are told; ends in `/`. */
  url(): string;
  /** Another certificate lies there: new connections get it. */
  renewCertificate(): Promise<void>;
  /** Whether devices can prove themselves by a vendor's certificate where they are told to fetch. */
  believesCertificates(): boolean;
  close(): Promise<void>;
}

/** Starts it; what somebody should look at becomes an incident of the gateway. */
export async function openFileServer(parts: {
  config: Config;
  surroundings: Surroundings;
  store: Store;
  log: SessionLog;
  seal: Seal;
  clock: Clock;
  logger: Logger;
  tls: CertificateFiles;
  gateway: Gateway;
}): Promise<FileServer> {
  const { config, gateway, logger, surroundings, tls } = parts;
  let ports = { http: config.provisioningPort, https: config.provisioningTlsPort };
  let own = isOwnCertificate(tls);
  const url = (): string => {
    if (config.provisioningUrl !== undefined) return config.provisioningUrl;
    const host = isIPv6(config.publicHost) ? `[${config.publicHost}]` : config.publicHost;
    // Devices refuse a certificate that no authority signed, and would never come up.
    return own ? `http://${host}:${ports.http}/` : `https://${host}:${ports.https}/`;
  };
  const provisioning = await openProvisioning({
    ...parts,
    dataDir: config.dataDir,
    surroundings: () => surroundings,
    baseUrl: url,
    elsewhere: config.provisioningElsewhere,
    mostRefusals: config.provisioningMaxRefusals,
  });
  provisioning.events.on('incident', (incident) => gateway.emit('incident', incident));
  provisioning.events.on('discovered', (count) => gateway.emit('discovered', { count }));
  const server = await startProvisioningServer({
    host: config.provisioningHost,
    port: config.provisioningPort,
    tlsPort: config.provisioningTlsPort,
    tls,
    authorities: provisioning.authorities,
    desk: provisioning.desk,
    logger,
  });
  ports = server.ports;
  return {
    provisioning,
    ports,
    url,
    renewCertificate: async () => {
      await server.renewCertificate();
      own = isOwnCertificate(tls);
    },
    believesCertificates: () => url().startsWith('https:') && server.believesCertificates(),
    close: async () => {
      await server.close();
      await provisioning.close();
    },
  };
}

function isOwnCertificate({ cert }: CertificateFiles): boolean {
  const { issuer, subject } = new X509Certificate(readFileSync(cert));
  return issuer === subject;
}
