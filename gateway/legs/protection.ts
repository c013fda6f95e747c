import type { Srtp } from '../../store/schema/names.ts';

/*
 * Protection of media by SRTP with keys in SDP (RFC 4568), as a device or trunk is set. Pure: SDP in, SDP out. `RTP/SAVP`
 * is protected or nothing; keys in a plain `RTP/AVP` section mean "protected if you can", as many terminals offer it.
 */

/** Sections of a description, the session's lines first. */
const sectionsOf = (sdp: string): string[] => sdp.split(/^(?=m=)/m);
const isSound = (section: string): boolean => section.startsWith('m=audio') && !/^m=audio 0 /.test(section);
const isObligatory = (section: string): boolean => /^m=\S+ \S+ \S*SAVP/.test(section);
const hasKeys = (section: string): boolean => /^a=crypto:/m.test(section);

/** Whether the sound of a description has keys. */
export function isProtected(sdp: string): boolean {
  return sectionsOf(sdp).some((section) => isSound(section) && hasKeys(section));
}

/** A far offer as far as the setting lets it in; `undefined` when it is refused. */
export function admitted(offer: string, srtp: Srtp): string | undefined {
  const sections = sectionsOf(offer);
  if (srtp === 'required') return isProtected(offer) ? closedOnly(offer) : undefined;
  if (srtp === 'preferred' || !sections.some(hasKeys)) return offer;
  if (!sections.some((section) => isSound(section) && !isObligatory(section))) return undefined;
  return sections.map((section) => section.replace(/^a=crypto:.*\r?\n/gm, '')).join('');
}

/** A description whose other sections (pictures) are refused where they have no keys: what must be protected is, or is not. */
export function closedOnly(sdp: string): string {
  return sectionsOf(sdp)
    .map((section) =>
      section.startsWith('m=') && !section.startsWith('m=audio') && !hasKeys(section)
        ? section.replace(/^(m=\S+) \d+/, '$1 0')
        : section,
    )
    .join('');
}
