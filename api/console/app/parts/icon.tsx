/* The console's own icons: 24×24, drawn with one round stroke, so that they stay one family. */

const drawings = {
  today:
    'M4 10h16M8 3v4m8-4v4M5 5h14a1 1 0 0 1 1 1v13a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V6a1 1 0 0 1 1-1Zm7 8.2v3.6m-1.8-1.8h3.6',
  sessions:
    'M4 6h16v10H4zM9 20h6m-3-4v4M12 8.5a1.6 1.6 0 1 1 0 3.2 1.6 1.6 0 0 1 0-3.2ZM9 14.6c.4-1.3 1.5-2 3-2s2.6.7 3 2',
  cases: 'M6 3h8l4 4v14H6zM14 3v4h4M9 12h6m-6 4h6',
  devices: 'M3 5h18v11H3zM8 20h8m-4-4v4M12 8.6a2 2 0 1 1 0 4 2 2 0 0 1 0-4Z',
  lines: 'M5 4h4l1.5 5-2.3 1.6a12 12 0 0 0 5.2 5.2L15 13.5l5 1.5v4a1 1 0 0 1-1.1 1A16 16 0 0 1 4 5.1 1 1 0 0 1 5 4Z',
  plan: 'M6 4v9a4 4 0 0 0 4 4h8m-3-3 3 3-3 3M6 8h7a3 3 0 0 0 3-3V4',
  recordings: 'M12 4a8 8 0 1 1 0 16 8 8 0 0 1 0-16Zm-2 5v6l5-3z',
  reports: 'M4 20h16M7 20v-7m5 7V5m5 15v-10',
  users:
    'M9 5a3.2 3.2 0 1 1 0 6.4A3.2 3.2 0 0 1 9 5Zm-6 14c.5-3.3 2.7-5 6-5s5.5 1.7 6 5M16 5.3a3.1 3.1 0 0 1 0 5.9m2 3.2c1.8.7 2.7 2.2 3 4.6',
  system: 'M4 5h16v6H4zM4 13h16v6H4zM7.5 8h.01M7.5 16h.01M12 8h5M12 16h5',
  mic: 'M12 4a2.6 2.6 0 0 1 2.6 2.6v4.8a2.6 2.6 0 0 1-5.2 0V6.6A2.6 2.6 0 0 1 12 4ZM6 11.5a6 6 0 0 0 12 0M12 17.5V21',
  'mic-off':
    'M9.4 9.4v2a2.6 2.6 0 0 0 4.3 2M14.6 10V6.6a2.6 2.6 0 0 0-5-1M6 11.5a6 6 0 0 0 9.6 4.8M18 11.5c0 .7-.1 1.4-.4 2M12 17.5V21M4 4l16 16',
  record: 'M12 6a6 6 0 1 1 0 12 6 6 0 0 1 0-12Z',
  stop: 'M7 7h10v10H7z',
  lock: 'M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3M12 15v2',
  unlock: 'M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 6.7-1.4M12 15v2',
  call: 'M6 3.5h3.5l1.4 4.6-2.1 1.5a11 11 0 0 0 4.8 4.8l1.5-2.1 4.6 1.4v3.5a1 1 0 0 1-1.1 1A15 15 0 0 1 5 4.6a1 1 0 0 1 1-1.1Z',
  'hang-up':
    'M3.5 14.5v-2.3C8.5 7.6 15.5 7.6 20.5 12.2v2.3a1 1 0 0 1-1.2 1l-3-.7a1 1 0 0 1-.8-1v-2a9 9 0 0 0-7 0v2a1 1 0 0 1-.8 1l-3 .7a1 1 0 0 1-1.2-1Z',
  digits: 'M6 5h.01M12 5h.01M18 5h.01M6 10.5h.01M12 10.5h.01M18 10.5h.01M6 16h.01M12 16h.01M18 16h.01M12 21h.01',
  announce: 'M4 10v4h3l7 4.5v-13L7 10zM17.5 9a4 4 0 0 1 0 6M7 14l1.5 6H11',
  layout: 'M4 5h16v14H4zM4 12h16M12 5v14',
  floor:
    'M9 11.5V5.2a1.4 1.4 0 0 1 2.8 0V10m0-.5V4a1.4 1.4 0 0 1 2.8 0v6m0-4a1.4 1.4 0 0 1 2.8 0v8c0 4-2.2 6.5-5.8 6.5-3 0-4.5-1.5-6-4.2l-1.8-3.4c-.8-1.5 1-2.6 2-1.4L9 13.5',
  warning: 'M12 4 21 19.5H3zM12 10v4.5m0 2.5h.01',
  info: 'M12 4a8 8 0 1 1 0 16 8 8 0 0 1 0-16Zm0 7v5m0-8h.01',
  ok: 'M5 12.5 10 17.5 19.5 7',
  close: 'M6 6l12 12M18 6 6 18',
  add: 'M12 5v14M5 12h14',
  edit: 'M5 19h3.5L19 8.5 15.5 5 5 15.5zM13 7.5l3.5 3.5',
  remove: 'M5 7h14M10 7V4.5h4V7m-7.5 0 1 13h9l1-13M10.5 11v5.5m3-5.5v5.5',
  back: 'M15 5l-7 7 7 7',
  forward: 'M9 5l7 7-7 7',
  up: 'M6 15l6-6 6 6',
  down: 'M6 9l6 6 6-6',
  play: 'M8 5v14l11-7z',
  pause: 'M8 5v14m8-14v14',
  download: 'M12 4v11m-4.5-4.5L12 15l4.5-4.5M5 20h14',
  upload: 'M12 15V4M7.5 8.5 12 4l4.5 4.5M5 20h14',
  search: 'M11 5a6 6 0 1 1 0 12 6 6 0 0 1 0-12Zm4.5 10.5L20 20',
  menu: 'M4 7h16M4 12h16M4 17h16',
  leave: 'M10 5H5v14h5M14 8l4 4-4 4m4-4H9',
  clock: 'M12 4a8 8 0 1 1 0 16 8 8 0 0 1 0-16Zm0 4v4.5l3 2',
  shield: 'M12 3.5 19 6v6c0 4.2-2.7 7-7 8.5C7.7 19 5 16.2 5 12V6zM9 12l2.2 2.2L15.5 10',
  door: 'M6 20V4h9v16M4 20h16M12 12h.01M15 6h3v14',
  refresh: 'M19 12a7 7 0 1 1-2-4.9M19.5 4v4h-4',
  person: 'M12 4.5a3.5 3.5 0 1 1 0 7 3.5 3.5 0 0 1 0-7ZM5 20c.6-4 3-6 7-6s6.4 2 7 6',
  picture: 'M4 6h11v12H4zM15 10.5l5-3v9l-5-3',
  site: 'M12 21c-4-4.5-6.5-7.8-6.5-11a6.5 6.5 0 0 1 13 0c0 3.2-2.5 6.5-6.5 11Zm0-13.5a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5Z',
} as const;

export type IconName = keyof typeof drawings;

/** An icon beside a text that says the same: hidden from those who listen. */
export function Icon({ name, size = 22 }: { name: IconName; size?: number }) {
  return (
    <svg class="icon" width={size} height={size} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={drawings[name]} />
    </svg>
  );
}
