import type { ContactWindow, DeviceState } from '../../store/schema/devices.ts';
import type { Endpoint } from '../../store/schema/places.ts';

/** Why a window does not let a device in; `again`: it came through before and fetches the rest. */
export type WindowAnswer = 'enters' | 'again' | 'closed' | 'full' | 'not-for-it' | 'came-before' | 'another-address';

/**
 * Whether a device that shows nothing but its MAC address is let in. The window of a site is for devices that never
 * proved themselves: else it would hand the secrets of all others to whoever knows their addresses. Pure.
 */
export function judgeWindow(
  window: Pick<ContactWindow, 'endpointId' | 'siteId' | 'closesAt' | 'most' | 'used'>,
  device: Pick<Endpoint, 'id' | 'siteId'>,
  state: Pick<DeviceState, 'provenAt'> | undefined,
  from: string,
  now: Date,
): WindowAnswer {
  if (now >= window.closesAt) return 'closed';
  const itsOwn = window.endpointId === device.id;
  if (!itsOwn && (window.siteId === undefined || window.siteId !== device.siteId)) return 'not-for-it';
  const entered = window.used.find(({ endpointId }) => endpointId === device.id);
  if (entered !== undefined) return entered.from === from ? 'again' : 'another-address';
  if (!itsOwn && state?.provenAt !== undefined) return 'came-before';
  return window.used.length >= window.most ? 'full' : 'enters';
}

/** What the windows that are open say together: the first that lets it in, else the answer nearest to that. */
export function judgeWindows(
  windows: readonly ContactWindow[],
  ...of: Parameters<typeof judgeWindow> extends [unknown, ...infer Rest] ? Rest : never
): { answer: WindowAnswer; window?: ContactWindow } {
  const answers = windows.map((window) => ({ window, answer: judgeWindow(window, ...of) }));
  const order: WindowAnswer[] = ['again', 'enters', 'another-address', 'full', 'came-before', 'not-for-it', 'closed'];
  const best = answers.sort((a, b) => order.indexOf(a.answer) - order.indexOf(b.answer))[0];
  return best ?? { answer: 'closed' };
}
