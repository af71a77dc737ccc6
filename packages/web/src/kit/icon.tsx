/** Line icons of 20 units, drawn in the current text colour. */
const PATHS = {
  document: 'M5 2.5h6.5L16 7v10.5H5zM11.5 2.5V7H16M7.5 10.5h6M7.5 13.5h6',
  save: 'M3.5 3.5h10l3 3v10h-13zM6.5 3.5v4h6v-4M6.5 16.5v-5h7v5',
  check: 'M4 10.5l4 4 8-9',
  cloud: 'M6 15.5a3.5 3.5 0 0 1-.4-7A5 5 0 0 1 15 9.3a3.2 3.2 0 0 1-.5 6.2z',
  offline: 'M6 15.5a3.5 3.5 0 0 1-.4-7A5 5 0 0 1 15 9.3a3.2 3.2 0 0 1-.5 6.2zM3 3l14 14',
  warning: 'M10 3l7.5 13.5h-15zM10 8v4M10 14.2v.3',
  comment: 'M3.5 4.5h13v9h-7l-3.5 3v-3h-2.5z',
  download: 'M10 3v9.5M6 9l4 4 4-4M3.5 16.5h13',
  print: 'M6 7V3h8v4M6 14H3.5V7h13v7H14M6 11.5h8V17H6z',
  close: 'M5 5l10 10M15 5L5 15',
  eye: 'M2 10s3-5.5 8-5.5S18 10 18 10s-3 5.5-8 5.5S2 10 2 10zM10 12.3a2.3 2.3 0 1 0 0-4.6 2.3 2.3 0 0 0 0 4.6z',
  clock: 'M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM10 6v4.3l2.7 1.6',
  end: 'M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM6.5 10h7',
  plus: 'M10 4v12M4 10h12',
  upload: 'M10 13V3.5M6 7l4-4 4 4M3.5 16.5h13',
  copy: 'M7 7V3.5h9.5V13H13M3.5 7H13v9.5H3.5z',
  external: 'M11 3.5h5.5V9M16.5 3.5L9 11M14 12v4.5H3.5V6H8',
  trash: 'M3.5 5.5h13M8 5.5v-2h4v2M5.5 5.5l.8 11h7.4l.8-11M8.5 8.5v5M11.5 8.5v5',
  refresh: 'M16 6.5A7 7 0 1 0 17 10M16.5 3v4h-4',
  key: 'M12.5 11.5a4.5 4.5 0 1 0-4-4.3L3 12.7V17h4l.5-2h2v-2h1.5z',
  people:
    'M7.5 10a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM2 16.5c0-3 2.4-4.5 5.5-4.5s5.5 1.5 5.5 4.5M13 4.3a3 3 0 0 1 0 5.4M15 12.4c1.9.6 3 2 3 4.1',
  globe: 'M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM3 10h14M10 3c2 2 3 4.5 3 7s-1 5-3 7c-2-2-3-4.5-3-7s1-5 3-7z',
  lock: 'M5 9h10v7.5H5zM7 9V6.5a3 3 0 0 1 6 0V9M10 12v1.8',
  unlock: 'M5 9h10v7.5H5zM7 9V6.5a3 3 0 0 1 5.8-1M10 12v1.8',
  tag: 'M3.5 3.5H10l6.5 6.5-6.5 6.5L3.5 10zM7 7v.1',
  search: 'M9 15a6 6 0 1 0 0-12 6 6 0 0 0 0 12zM13.4 13.4l3.6 3.6',
  list: 'M7 5h10M7 10h10M7 15h10M3.2 5h.1M3.2 10h.1M3.2 15h.1',
  grid: 'M3.5 3.5h5v5h-5zM11.5 3.5h5v5h-5zM3.5 11.5h5v5h-5zM11.5 11.5h5v5h-5z',
  more: 'M10 4.5v.1M10 10v.1M10 15.5v.1',
  pen: 'M4 16l.8-3.4L13 4.4l2.6 2.6-8.2 8.2zM11.5 6l2.5 2.5',
  home: 'M3.5 9L10 3.5 16.5 9v7.5h-13zM8 16.5v-5h4v5',
  incoming: 'M10 3v9M6 8.5l4 4 4-4M4 13v3.5h12V13',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 18 }: { name: IconName; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth={1.5}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
