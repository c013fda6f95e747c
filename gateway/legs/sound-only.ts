/**
 * An offer without its sections other than sound: telephone operators refuse, or drop, calls whose offer has pictures.
 */
export function soundOnly(sdp: string): string {
  const [head = '', ...sections] = sdp.split(/^(?=m=)/m);
  return [head, ...sections.filter((section) => section.startsWith('m=audio'))].join('');
}
