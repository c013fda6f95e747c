import { extname } from 'node:path';
import { fileTypeFromFile } from 'file-type';

/*
 * What an uploaded file is, judged by its content; the name must say the same. Only what an office really attaches is
 * taken: nothing that a browser would run (HTML, SVG, scripts), nothing that a machine would (programs, macros).
 */

interface Kind {
  mediaType: string;
  /** Names in which such a file may come. */
  extensions: readonly string[];
}

const officeXml = 'application/vnd.openxmlformats-officedocument';
const byContent: Record<string, Kind> = {
  pdf: { mediaType: 'application/pdf', extensions: ['.pdf'] },
  docx: { mediaType: `${officeXml}.wordprocessingml.document`, extensions: ['.docx'] },
  xlsx: { mediaType: `${officeXml}.spreadsheetml.sheet`, extensions: ['.xlsx'] },
  pptx: { mediaType: `${officeXml}.presentationml.presentation`, extensions: ['.pptx'] },
  odt: { mediaType: 'application/vnd.oasis.opendocument.text', extensions: ['.odt'] },
  ods: { mediaType: 'application/vnd.oasis.opendocument.spreadsheet', extensions: ['.ods'] },
  // Word, Excel and PowerPoint before 2007 share one container (Compound File Binary).
  cfb: { mediaType: 'application/x-cfb', extensions: ['.doc', '.xls', '.ppt'] },
  rtf: { mediaType: 'application/rtf', extensions: ['.rtf', '.doc'] },
  jpg: { mediaType: 'image/jpeg', extensions: ['.jpg', '.jpeg'] },
  png: { mediaType: 'image/png', extensions: ['.png'] },
  webp: { mediaType: 'image/webp', extensions: ['.webp'] },
  heic: { mediaType: 'image/heic', extensions: ['.heic', '.heif'] },
  tif: { mediaType: 'image/tiff', extensions: ['.tif', '.tiff'] },
  mp3: { mediaType: 'audio/mpeg', extensions: ['.mp3'] },
  m4a: { mediaType: 'audio/mp4', extensions: ['.m4a'] },
  wav: { mediaType: 'audio/wav', extensions: ['.wav'] },
  mp4: { mediaType: 'video/mp4', extensions: ['.mp4', '.m4v'] },
  mov: { mediaType: 'video/quicktime', extensions: ['.mov'] },
};

const text: Kind = { mediaType: 'text/plain', extensions: ['.txt', '.csv'] };

/** What a file and its name make it; nothing when it is not taken. `start` are its first bytes, 64 kB where there are. */
export async function mediaTypeOf(path: string, start: Buffer, name: string): Promise<string | undefined> {
  const found = await fileTypeFromFile(path);
  const kind = found === undefined ? (isText(start) ? text : undefined) : byContent[found.ext];
  return kind?.extensions.includes(extname(name).toLowerCase()) === true ? kind.mediaType : undefined;
}

/** UTF-8 (a last letter may be cut), without control characters but line ends and tabs. */
function isText(bytes: Buffer): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  const control = /[\x00-\x08\x0b\x0c\x0e-\x1f]/;
  const decoded = new TextDecoder('utf-8').decode(bytes).replace(/\ufffd+$/, '');
  return bytes.length > 0 && !decoded.includes('\ufffd') && !control.test(decoded);
}

/** The name of a file without folders and control characters, at most 200 letters, its ending kept. */
export function plainName(name: string): string {
  const last = name.normalize('NFC').split(/[\\/]/).at(-1) ?? '';
  const plain = last.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '').trim();
  const extension = extname(plain).slice(0, 10);
  return plain.length <= 200 ? plain : plain.slice(0, 200 - extension.length) + extension;
}
