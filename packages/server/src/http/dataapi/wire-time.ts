const STEPS: readonly (readonly [unit: string, ms: number])[] = [
  ['day', 24 * 60 * 60_000],
  ['hour', 60 * 60_000],
  ['minute', 60_000],
];

/** `57 seconds ago`; a time that lies ahead counts as now. */
export function timeAgo(at: number, now: number): string {
  const passed = Math.max(0, now - at);
  const [unit, ms] = STEPS.find(([, step]) => passed >= step) ?? ['second', 1000];
  const count = Math.floor(passed / ms);
  return `${count} ${unit}${count === 1 ? '' : 's'} ago`;
}

/** `Tue Mar 04 09:12:33 UTC 2008`, as the first line of a login's answer has it. */
export function loginDate(at: number): string {
  const [day = '', date = '', month = '', year = '', time = ''] = new Date(at)
    .toUTCString()
    .replace(',', '')
    .split(' ');
  return `${day} ${month} ${date} ${time} UTC ${year}`;
}
