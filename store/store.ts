import mongoose, { type Connection } from 'mongoose';
import type { Clock } from '../platform/clock.ts';
import { type Collection, openCollection } from './collection.ts';
import { type Token, token, type User, user } from './schema/account.ts';
import { type Attachment, attachment } from './schema/attachment.ts';
import { type Case, reception } from './schema/case.ts';
import { type DaySums, daySums } from './schema/day-sums.ts';
import {
  type ContactWindow,
  contactWindow,
  type DeviceOverrides,
  type DeviceSecrets,
  type DeviceState,
  deviceOverrides,
  deviceSecrets,
  deviceState,
  type TestCall,
  testCall,
  type UnknownDevice,
  unknownDevice,
} from './schema/devices.ts';
import { type DialRule, dialRule } from './schema/dialplan.ts';
import { type IncidentRecord, incidentRecord } from './schema/incident.ts';
import { type Office, office } from './schema/office.ts';
import {
  type Endpoint,
  endpoint,
  type Registration,
  registration,
  type Site,
  site,
  type Trunk,
  trunk,
} from './schema/places.ts';
import { type Rehearsal, rehearsal } from './schema/rehearsal.ts';
import { type LegRecord, legRecord, type Recording, recording, type Session, session } from './schema/session.ts';

/** Everything that is kept, but for the session log (`session-log.ts`) and planned work (`planned-work.ts`). */
export interface Store {
  /** The connection under it, for the log and for planned work. */
  connection: Connection;
  sites: Collection<Site>;
  endpoints: Collection<Endpoint>;
  trunks: Collection<Trunk>;
  registrations: Collection<Registration>;
  deviceOverrides: Collection<DeviceOverrides>;
  deviceSecrets: Collection<DeviceSecrets>;
  deviceStates: Collection<DeviceState>;
  contactWindows: Collection<ContactWindow>;
  unknownDevices: Collection<UnknownDevice>;
  testCalls: Collection<TestCall>;
  incidents: Collection<IncidentRecord>;
  dialRules: Collection<DialRule>;
  sessions: Collection<Session>;
  legs: Collection<LegRecord>;
  recordings: Collection<Recording>;
  cases: Collection<Case>;
  attachments: Collection<Attachment>;
  rehearsals: Collection<Rehearsal>;
  daySums: Collection<DaySums>;
  offices: Collection<Office>;
  users: Collection<User>;
  tokens: Collection<Token>;
  close(): Promise<void>;
}

/** Connects to the store and makes sure of its indexes. @throws when it cannot be reached within `timeoutMs`. */
export async function openStore(url: string, clock: Clock, timeoutMs = 15_000): Promise<Store> {
  const connection = await mongoose
    .createConnection(url, { serverSelectionTimeoutMS: timeoutMs, autoIndex: true, ignoreUndefined: true })
    .asPromise();
  const present = (field: string) => ({ unique: true, partialFilterExpression: { [field]: { $exists: true } } });
  return {
    connection,
    sites: await openCollection(connection, 'sites', site, [{ fields: { name: 1 } }], clock),
    endpoints: await openCollection(
      connection,
      'endpoints',
      endpoint,
      [
        { fields: { username: 1 }, options: present('username') },
        { fields: { number: 1 }, options: present('number') },
        { fields: { siteId: 1 } },
        { fields: { 'device.mac': 1 }, options: present('device.mac') },
      ],
      clock,
    ),
    trunks: await openCollection(connection, 'trunks', trunk, [{ fields: { name: 1 } }], clock),
    registrations: await openCollection(
      connection,
      'registrations',
      registration,
      [{ fields: { endpointId: 1, expiresAt: 1 } }, { fields: { aliases: 1 } }, { fields: { expiresAt: 1 } }],
      clock,
    ),
    deviceOverrides: await openCollection(
      connection,
      'deviceOverrides',
      deviceOverrides,
      [{ fields: { scope: 1, of: 1 }, options: { unique: true } }],
      clock,
    ),
    deviceSecrets: await openCollection(
      connection,
      'deviceSecrets',
      deviceSecrets,
      [
        { fields: { keyHash: 1 }, options: { unique: true } },
        { fields: { formerKeyHash: 1 }, options: { sparse: true } },
      ],
      clock,
    ),
    deviceStates: await openCollection(
      connection,
      'deviceStates',
      deviceState,
      [{ fields: { lastAskedAt: -1 } }],
      clock,
    ),
    contactWindows: await openCollection(
      connection,
      'contactWindows',
      contactWindow,
      [{ fields: { closesAt: 1 } }],
      clock,
    ),
    unknownDevices: await openCollection(
      connection,
      'unknownDevices',
      unknownDevice,
      [{ fields: { lastAt: -1 } }, { fields: { mac: 1 } }],
      clock,
    ),
    testCalls: await openCollection(
      connection,
      'testCalls',
      testCall,
      [{ fields: { endpointId: 1, startedAt: -1 } }],
      clock,
    ),
    incidents: await openCollection(
      connection,
      'incidents',
      incidentRecord,
      [{ fields: { lastAt: -1 } }, { fields: { code: 1, lastAt: -1 } }],
      clock,
    ),
    dialRules: await openCollection(connection, 'dialRules', dialRule, [{ fields: { priority: 1 } }], clock),
    sessions: await openCollection(
      connection,
      'sessions',
      session,
      [
        { fields: { room: 1, state: 1 } },
        { fields: { state: 1, plannedStart: 1 } },
        { fields: { createdAt: -1, _id: -1 } },
        { fields: { plannedStart: 1, _id: 1 } },
        { fields: { startedAt: 1, _id: 1 } },
        { fields: { words: 1 } },
        { fields: { caseIds: 1 } },
      ],
      clock,
    ),
    legs: await openCollection(
      connection,
      'legs',
      legRecord,
      [
        { fields: { sessionId: 1, createdAt: 1 } },
        { fields: { state: 1, createdAt: 1 } },
        { fields: { joinedAt: 1, _id: 1 } },
        { fields: { createdAt: -1, _id: -1 } },
      ],
      clock,
    ),
    recordings: await openCollection(
      connection,
      'recordings',
      recording,
      [
        { fields: { sessionId: 1, startedAt: 1 } },
        { fields: { startedAt: -1, _id: -1 } },
        { fields: { state: 1, startedAt: 1 } },
      ],
      clock,
    ),
    cases: await openCollection(
      connection,
      'cases',
      reception,
      [
        { fields: { code: 1 }, options: { unique: true } },
        { fields: { words: 1 } },
        { fields: { state: 1, registeredAt: 1 } },
        { fields: { registeredAt: 1, _id: 1 } },
        { fields: { updatedAt: 1, _id: 1 } },
        { fields: { 'decision.at': 1 }, options: { sparse: true } },
        { fields: { 'notice.issuedAt': 1 }, options: { sparse: true } },
        { fields: { sessionId: 1 } },
      ],
      clock,
    ),
    attachments: await openCollection(
      connection,
      'attachments',
      attachment,
      [{ fields: { 'owner.id': 1, createdAt: 1 } }],
      clock,
    ),
    rehearsals: await openCollection(
      connection,
      'rehearsals',
      rehearsal,
      [{ fields: { sessionId: 1, startedAt: 1 } }, { fields: { state: 1 } }, { fields: { startedAt: 1, _id: 1 } }],
      clock,
    ),
    daySums: await openCollection(connection, 'daySums', daySums, [], clock),
    offices: await openCollection(connection, 'offices', office, [], clock),
    users: await openCollection(
      connection,
      'users',
      user,
      [{ fields: { username: 1 }, options: { unique: true } }],
      clock,
    ),
    tokens: await openCollection(
      connection,
      'tokens',
      token,
      [
        { fields: { hash: 1 }, options: { unique: true } },
        { fields: { userId: 1 } },
        { fields: { expiresAt: 1 }, options: { expireAfterSeconds: 0 } },
      ],
      clock,
    ),
    close: () => connection.close(),
  };
}
