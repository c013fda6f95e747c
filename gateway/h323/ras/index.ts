export { FarGatekeepers } from './client/clients.ts';
export { DeviceGatekeeper } from './gatekeeper/gatekeeper.ts';
export type { GatekeeperLimits, GatekeeperParts } from './gatekeeper/settings.ts';
export * from './interface.ts';
