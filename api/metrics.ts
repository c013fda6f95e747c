import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Gateway } from '../gateway/gateway.ts';
import type { SessionLog } from '../store/session-log.ts';

/** Figures for Prometheus; names follow its conventions (seconds, `_total`). */
export class Metrics {
  private readonly registry = new Registry();
  private readonly requests: Histogram<'method' | 'route' | 'status'>;
  private readonly logIns: Counter<'result'>;

  constructor(gateway: Gateway, log: SessionLog) {
    const registers = [this.registry];
    collectDefaultMetrics({ register: this.registry });
    this.requests = new Histogram({
      name: 'diemcau_http_request_seconds',
      help: 'Time to answer an API request',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.005, 0.02, 0.05, 0.1, 0.5, 2],
      registers,
    });
    this.logIns = new Counter({ name: 'diemcau_logins_total', help: 'Log-ins', labelNames: ['result'], registers });
    const gauge = (name: string, help: string, read: () => number) =>
      new Gauge({
        name: `diemcau_${name}`,
        help,
        registers,
        collect() {
          this.set(read());
        },
      });
    gauge('calls', 'Calls at this moment', () => gateway.health().calls);
    gauge('rooms', 'Open rooms', () => gateway.health().rooms);
    gauge('sip_up', 'SIP engine reachable', () => Number(gateway.health().sip.up));
    gauge('h323_up', 'H.323 side listening', () => Number(gateway.health().h323.up));
    gauge('media_up', 'Media engine reachable', () => Number(gateway.health().media.up));
    gauge('recordings_free_bytes', 'Free space for recordings', () => gateway.health().space?.freeBytes ?? Number.NaN);
    gauge('recordings_space_state', 'Space for recordings: 0 enough, 1 low, 2 recordings stopped', () =>
      ['ok', 'low', 'full'].indexOf(gateway.health().space?.state ?? 'ok'),
    );
    gauge('log_entries', 'Entries of the session log', () => log.status().seq);
    gauge('log_waiting', 'Log entries that wait for the store', () => log.status().waiting);
  }

  answered(method: string, route: string, status: number, seconds: number): void {
    this.requests.observe({ method, route, status: String(status) }, seconds);
  }

  loggedIn(result: 'ok' | 'refused'): void {
    this.logIns.inc({ result });
  }

  text(): Promise<string> {
    return this.registry.metrics();
  }

  get mediaType(): string {
    return this.registry.contentType;
  }
}
