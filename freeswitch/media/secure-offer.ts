/*
 * drachtio-fsmrf takes every `RTP/SAVP` offer for one with a DTLS handshake and refuses to make an endpoint for it. Keys
 * in SDP (RFC 4568) need none: such an offer goes to the engine as `RTP/AVP` with its keys, which the engine takes as
 * protected, and the answer comes back under the offer's own profile. Pure.
 */

/** The offer as the library lets it through. */
export function openedProfile(offer: string): string {
  return offer.replace(/^(m=(?:audio|video) \d+(?:\/\d+)? RTP\/)SAVP(F?) /gm, '$1AVP$2 ');
}

/** The answer under the profile that the offer's section in the same place has (RFC 3264, clause 6). */
export function closedProfile(answer: string, offer: string): string {
  const profiles = [...offer.matchAll(/^m=\S+ \S+ (\S+) /gm)].map(([, profile]) => profile);
  let place = 0;
  return answer.replace(/^(m=\S+ \S+ )(\S+) /gm, (line, start: string) => {
    const profile = profiles[place++];
    return profile?.startsWith('RTP/SAVP') === true ? `${start}${profile} ` : line;
  });
}
