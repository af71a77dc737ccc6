const MOMENT = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
const RELATIVE = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' });
const STEPS = [
  { unit: 'second', ms: 1_000, until: 60_000 },
  { unit: 'minute', ms: 60_000, until: 3_600_000 },
  { unit: 'hour', ms: 3_600_000, until: 86_400_000 },
  { unit: 'day', ms: 86_400_000, until: Number.POSITIVE_INFINITY },
] as const;

export function moment(at: number): string {
  return MOMENT.format(at);
}

/** `3 minutes ago`, `in 2 hours`. */
export function distance(at: number, now: number): string {
  const difference = at - now;
  const step = STEPS.find(({ until }) => Math.abs(difference) < until) ?? STEPS[3];
  return RELATIVE.format(Math.round(difference / step.ms), step.unit);
}
