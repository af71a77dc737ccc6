import { AppError, ERROR_CODES, type ErrorCode } from '@officina/protocol';
import { type Dialect, writeAnswer } from './wire-value.js';

/** The body of a request is no form at all. */
export class MalformedRequest extends Error {}

interface Wire {
  code: number;
  /** Sent with real statuses: on downloads, and everywhere when the operator wants it. */
  status: number;
  /** The vendor's own words, where they are known; ours follow. */
  phrase?: string;
}

const MALFORMED: Wire = { code: 1400, status: 400 };
const NO_SUCH_METHOD: Wire = { code: 1405, status: 405, phrase: 'No Such Method' };
const NO_SUCH_DOCUMENT: Wire = { code: 1404, status: 404 };
const WRONG_VALUE: Wire = { code: 1831, status: 400 };
const MISSING: Wire = { code: 1832, status: 400, phrase: 'Missing Argument' };
const UNKNOWN_CALLER: Wire = { code: 1401, status: 401 };
const DENIED: Wire = { code: 1403, status: 403 };
const OUR_FAULT: Wire = { code: 1500, status: 500 };
const WRONG_FORMAT: Wire = { code: 1852, status: 415 };

/** Every code of the catalogue in the dialect's numbers. */
export const WIRE_CODES: Readonly<Record<ErrorCode, Wire>> = {
  internal: OUR_FAULT,
  parameter_value_invalid: WRONG_VALUE,
  parameter_name_invalid: WRONG_VALUE,
  parameter_missing: MISSING,
  parameter_unsupported: WRONG_VALUE,
  method_invalid: NO_SUCH_METHOD,
  call_not_offered: NO_SUCH_METHOD,
  api_key_invalid: UNKNOWN_CALLER,
  call_limit_exceeded: { code: 1403, status: 429 },
  session_unknown: NO_SUCH_DOCUMENT,
  session_expired: NO_SUCH_DOCUMENT,
  document_unknown: NO_SUCH_DOCUMENT,
  id_missing: MISSING,
  format_unsupported: WRONG_FORMAT,
  media_type_mismatch: WRONG_FORMAT,
  upload_name_invalid: { code: 1868, status: 400 },
  upload_too_large: { code: 1831, status: 413 },
  busy: { code: 1500, status: 503 },
  engine_missing: { code: 1852, status: 501 },
  password_required: WRONG_VALUE,
  password_wrong: WRONG_VALUE,
  permission_denied: DENIED,
  save_url_missing: WRONG_VALUE,
  save_refused: OUR_FAULT,
  save_unreachable: OUR_FAULT,
  egress_refused: WRONG_VALUE,
  credentials_invalid: UNKNOWN_CALLER,
  range_unsatisfied: { code: 1416, status: 416, phrase: 'Requested Range Not Satisfied' },
  conflict: { code: 1403, status: 409 },
};

export interface ErrorOptions {
  /** Old clients read the body at 200 only; a downloading one writes any 200 to the file. */
  hasRealStatus: boolean;
  /** What a ticket that does not hold is answered with; the sister services say 4834. */
  ticketErrorCode: number;
}

export function presentError(
  dialect: Dialect,
  uri: string,
  error: AppError | MalformedRequest,
  options: ErrorOptions,
): { status: number; headers: Record<string, string>; body: string } {
  const wire = error instanceof AppError ? WIRE_CODES[error.code] : MALFORMED;
  const isTicket = error instanceof AppError && error.code === 'credentials_invalid';
  const code = isTicket ? options.ticketErrorCode : wire.code;
  const seconds = error instanceof AppError ? error.retryAfterSeconds : undefined;
  return {
    status: options.hasRealStatus ? wire.status : 200,
    headers: seconds === undefined ? {} : { 'retry-after': String(Math.max(1, Math.ceil(seconds))) },
    body: writeAnswer(
      dialect,
      uri,
      [
        ['code', String(code)],
        ['message', messageOf(wire, error)],
      ],
      'error',
    ),
  };
}

function messageOf({ phrase }: Wire, error: AppError | MalformedRequest): string {
  const isOwn = !(error instanceof AppError) || error.message !== ERROR_CODES[error.code];
  if (phrase === undefined) return error.message;
  return isOwn ? `${phrase}: ${error.message}` : phrase;
}
