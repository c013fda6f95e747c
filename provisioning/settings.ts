import { z } from 'zod';

/** Text that ends up on one line of a device's file: no control characters, so that none can begin a line of its own. */
const line = z
  .string()
  .trim()
  .min(1)
  .max(200)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused.
  .regex(/^[^\u0000-\u001f\u007f]*$/u);

const codec = z.enum(['PCMA', 'PCMU', 'G722', 'G729']);
export type Codec = z.output<typeof codec>;

/** What a SIP phone can be set to, without defaults: those must not come in by an override that says nothing. */
const choices = z.strictObject({
  displayName: line,
  username: line,
  password: line,
  sipHost: line,
  sipPort: z.number().int().min(1).max(65535),
  transport: z.enum(['udp', 'tcp', 'tls']),
  srtp: z.enum(['off', 'preferred', 'required']),
  dtmf: z.enum(['rfc4733', 'info', 'inband']),
  /** Most wanted first. */
  codecs: z
    .array(codec)
    .min(1)
    .max(4)
    .refine((list) => new Set(list).size === list.length),
  autoAnswer: z.enum(['on', 'off']),
  ntpServer: line.optional(),
});

/** What a SIP phone is set to, whoever made it. Templates say under which names its vendor knows these. */
export const settings = choices.extend({
  transport: choices.shape.transport.default('udp'),
  srtp: choices.shape.srtp.default('off'),
  dtmf: choices.shape.dtmf.default('rfc4733'),
  codecs: choices.shape.codecs.default(['G722', 'PCMA', 'PCMU']),
  autoAnswer: choices.shape.autoAnswer.default('off'),
});
export type Settings = z.output<typeof settings>;

/** Single settings that an admin sets otherwise; the account itself is the device's own. */
export const overrides = choices.omit({ username: true, password: true }).partial();
export type Overrides = z.output<typeof overrides>;
