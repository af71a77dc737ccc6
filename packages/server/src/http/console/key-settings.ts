import type { ConsoleKeySettings } from '@officina/protocol';

/** As `frame-ancestors` takes it (CSP 3, host-source with a scheme); nothing that could end the directive. */
const ORIGIN = /^https?:\/\/(?:\*\.)?[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*(?::\d{1,5})?$/;
/** A host name, an address or a CIDR range. */
const EGRESS_HOST = /^(?:[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*|[0-9A-Fa-f:.]+)(?:\/\d{1,3})?$/;
const MOST_ENTRIES = 100;
/** A day: whoever wants it less often has the save on leaving. */
const LONGEST_INTERVAL_MINUTES = 1440;

/** Reads what the page sends; a string says what is wrong with it. */
export function readKeySettings(body: unknown): ConsoleKeySettings | string {
  const { allowedOrigins, egressAllow, savesOnLeave, saveIntervalMinutes, strictRetries, monthlyCallLimit } =
    (body ?? {}) as Record<string, unknown>;
  if (!isTextList(allowedOrigins) || !isTextList(egressAllow)) {
    return 'Send allowedOrigins and egressAllow as lists.';
  }
  if (typeof savesOnLeave !== 'boolean' || typeof strictRetries !== 'boolean') {
    return 'Send savesOnLeave and strictRetries as true or false.';
  }
  const origin = allowedOrigins.find((text) => !ORIGIN.test(text));
  if (origin !== undefined) {
    return `“${origin}” is no site. Write it like https://app.example.com, without a path or a slash at the end.`;
  }
  const host = egressAllow.find((text) => !EGRESS_HOST.test(text));
  if (host !== undefined) {
    return `“${host}” is no host and no range. Write it like app.internal or 10.20.0.0/16.`;
  }
  if (
    saveIntervalMinutes !== null &&
    !(isCount(saveIntervalMinutes) && saveIntervalMinutes <= LONGEST_INTERVAL_MINUTES)
  ) {
    return `Send saveIntervalMinutes as a whole number from 1 to ${LONGEST_INTERVAL_MINUTES}, or as null for no saves at intervals.`;
  }
  if (monthlyCallLimit !== null && !isCount(monthlyCallLimit)) {
    return 'Send monthlyCallLimit as a whole number from 1, or as null for no limit.';
  }
  return { allowedOrigins, egressAllow, savesOnLeave, saveIntervalMinutes, strictRetries, monthlyCallLimit };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 1;
}

function isTextList(value: unknown): value is string[] {
  return (
    Array.isArray(value) && value.length <= MOST_ENTRIES && value.every((entry) => typeof entry === 'string')
  );
}
