import { withoutMarks } from '../../platform/search.ts';

/* The columns of a sheet of devices, in Vietnamese and English, and what stands in them. Pure. */

/** What a column holds. */
export type Field =
  | 'id'
  | 'name'
  | 'number'
  | 'kind'
  | 'site'
  | 'model'
  | 'mac'
  | 'serial'
  | 'username'
  | 'password'
  | 'address'
  | 'srtp'
  | 'enabled';

interface Column {
  field: Field;
  vi: string;
  en: string;
  /** Other headings that people write. */
  also: readonly string[];
}

/** In the order in which a sheet is written. */
export const columns: readonly Column[] = [
  { field: 'id', vi: 'Mã', en: 'Id', also: ['ma may', 'identifier'] },
  { field: 'name', vi: 'Tên', en: 'Name', also: ['ten may', 'ten thiet bi', 'device name'] },
  { field: 'number', vi: 'Số máy', en: 'Number', also: ['so', 'so noi bo', 'may le', 'extension'] },
  { field: 'kind', vi: 'Loại', en: 'Kind', also: ['kieu', 'giao thuc', 'protocol', 'type'] },
  { field: 'site', vi: 'Điểm cầu', en: 'Site', also: ['don vi', 'noi dat', 'location'] },
  { field: 'model', vi: 'Mẫu máy', en: 'Model', also: ['model may', 'dong may', 'loai may'] },
  { field: 'mac', vi: 'MAC', en: 'MAC', also: ['dia chi mac', 'mac address'] },
  { field: 'serial', vi: 'Số sê-ri', en: 'Serial', also: ['serial', 'so seri', 'serial number', 's/n'] },
  { field: 'username', vi: 'Tên đăng nhập', en: 'User name', also: ['tai khoan', 'username', 'user', 'alias'] },
  { field: 'password', vi: 'Mật khẩu', en: 'Password', also: ['secret'] },
  { field: 'address', vi: 'Địa chỉ', en: 'Address', also: ['dia chi ip', 'ip', 'uri'] },
  { field: 'srtp', vi: 'Mã hóa', en: 'Encryption', also: ['srtp'] },
  { field: 'enabled', vi: 'Đang dùng', en: 'In use', also: ['bat', 'enabled', 'active'] },
];

/** A text as it is compared: small letters, no marks, single blanks. */
export const plain = (text: string): string =>
  withoutMarks(text)
    .replace(/[\s_*:()]+/g, ' ')
    .trim();

const byHeading = new Map<string, Field>(
  columns.flatMap(({ also, en, field, vi }) => [vi, en, ...also].map((heading) => [plain(heading), field] as const)),
);

/** The field that a heading names. */
export const fieldOf = (heading: string): Field | undefined => byHeading.get(plain(heading));

/** Columns that every office's sheets have, and that say nothing about a device. */
const passed: ReadonlySet<string> = new Set(['stt', 'so tt', 'tt', 'no', 'no.', 'ghi chu', 'note', 'notes', 'remarks']);

/** Whether a column may stand in a sheet unread. */
export const isPassedOver = (heading: string): boolean => passed.has(plain(heading));

/** Values that people write in words, and what they mean; the first Vietnamese and English ones are written on export. */
const words = {
  kind: {
    sip: ['SIP', 'SIP', 'may sip', 'dien thoai', 'phone'],
    'sip-address': ['Địa chỉ SIP', 'SIP address', 'sip address', 'sip uri'],
    h323: ['H.323', 'H.323', 'h323'],
    'h323-address': ['Địa chỉ H.323', 'H.323 address', 'h323 address', 'dia chi h323'],
  },
  srtp: {
    off: ['Không', 'Off', 'no', 'tat'],
    preferred: ['Nếu được', 'Preferred', 'uu tien', 'optional'],
    required: ['Bắt buộc', 'Required', 'yes', 'bat', 'luon luon'],
  },
  enabled: {
    true: ['Có', 'Yes', 'x', '1', 'true', 'dung', 'bat'],
    false: ['Không', 'No', '0', 'false', 'khong dung', 'tat'],
  },
} as const satisfies Record<string, Record<string, readonly string[]>>;

type Worded = keyof typeof words;

const isWorded = (field: Field): field is Worded => Object.hasOwn(words, field);

/** What a cell means; `undefined` where it is none of the words that its column takes. */
export function meaningOf(field: Field, cell: string): string | undefined {
  if (!isWorded(field)) return cell;
  const wanted = plain(cell);
  return Object.entries<readonly string[]>(words[field]).find(
    ([meaning, said]) => meaning === wanted || said.some((one) => plain(one) === wanted),
  )?.[0];
}

/** The word for a meaning, as it is written on export. */
export function wordFor(field: Field, meaning: string, language: 'vi' | 'en'): string {
  if (!isWorded(field)) return meaning;
  const said = (words[field] as Record<string, readonly string[]>)[meaning];
  return said?.[language === 'vi' ? 0 : 1] ?? meaning;
}

/** What a column takes, for whoever wrote something else. */
export function choicesOf(field: Field, language: 'vi' | 'en'): string {
  if (!isWorded(field)) return '';
  return Object.values<readonly string[]>(words[field])
    .map((said) => said[language === 'vi' ? 0 : 1])
    .join(', ');
}
