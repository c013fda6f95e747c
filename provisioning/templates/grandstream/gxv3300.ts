import type { AccountValue, KeyValue, Parameter, Template } from '../../template.ts';
import { namedAccount, namedCodecs, namedDevice, namedFiles } from './named.ts';
import { common } from './parts.ts';

const rates = '64 96 128 160 192 210 256 384 512 640 768 1024 1280 1536 2048'.split(' ');
const asNamed = (list: readonly string[]) => Object.fromEntries(list.map((one) => [one, one]));

const account = (n: number): Parameter<AccountValue>[] => [
  ...namedAccount(n, { login: 'sip.subscriber.userId' }),
  { name: `account.${n}.call.video.enable`, fixed: 'Yes' },
  { name: `account.${n}.video.startAuto.enable`, fixed: 'Yes' },
  { name: `account.${n}.video.h264.imagesize`, from: 'picture', values: { '720p': '720P' } },
  { name: `account.${n}.video.bitRate`, from: 'callRateKbps', values: asNamed(rates) },
];

const key = (n: number, account1: string): Parameter<KeyValue>[] => [
  { name: `pks.mpk.${n}.mode`, fixed: 'SpeedDial' },
  { name: `pks.mpk.${n}.account`, fixed: account1 },
  { name: `pks.mpk.${n}.description`, from: 'label' },
  { name: `pks.mpk.${n}.value`, from: 'number' },
];

/** `account1`: what the first account is called in the settings of a key. */
const withPicture = (name: string, timeZone: string, account1: string): Template => ({
  ...common,
  id: `grandstream-${name.toLowerCase()}`,
  models: [{ name }],
  kind: 'phone',
  files: namedFiles,
  device: [
    ...namedDevice({ timeZone }),
    { name: 'video.frameRate', from: 'frameRate', values: asNamed(['5', '15', '25', '30']) },
  ],
  accounts: [account(1), account(2)],
  keys: Array.from({ length: 40 }, (_, at) => key(at + 1, account1)),
  codecs: namedCodecs(7),
  codecNames: { PCMU: 'PCMU', PCMA: 'PCMA', G722: 'G_722', G729: 'G_729AOrB', OPUS: 'OPUS' },
  userAgent: '^Grandstream (?:Model HW )?(?<model>GXV3[34][0-9]+)(?: |$)',
});

/** Grandstream GXV3370, GXV3380, GXV3480: telephones with picture, on Android. */
export const grandstreamGxv3370 = withPicture('GXV3370', 'TZX-7', 'Account1');
// Its list has cities, of these not Hanoi; Bangkok's time is Vietnam's.
export const grandstreamGxv3380 = withPicture('GXV3380', 'Asia/Bangkok', 'Account1');
export const grandstreamGxv3480 = withPicture('GXV3480', 'TZX-7', '0');
