const DAY_MS = 86_400_000;

/** The time of day, with the date when it is not within a day of `now`. */
export function formatMoment(at: number, now = Date.now()): string {
  const isNear = Math.abs(at - now) < DAY_MS;
  return new Date(at).toLocaleString(
    [],
    isNear ? { hour: '2-digit', minute: '2-digit' } : { dateStyle: 'medium', timeStyle: 'short' },
  );
}
