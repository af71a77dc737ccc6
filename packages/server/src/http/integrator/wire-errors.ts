import { type AppError, ERROR_CODES, type ErrorCode } from '@officina/protocol';

/** Documented messages of the dialect's codes; clients compare them, so they are sent as they are. */
export const WIRE_MESSAGES = {
  1801: 'Internal Server Error while processing this request.',
  1831: 'Error occurred. Parameter value is either incorrect or invalid.',
  1832: 'Error occurred. Parameter name is either incorrect or invalid.',
  1833: 'Invalid session id provided. Please try again with correct session id.',
  1834: 'Session expired. Please initiate a new request.',
  1837: 'Mandatory parameter(s) missing.',
  1838: 'Invalid method. Please use a valid method and try again.',
  1839: 'Unsupported parameter(s) found.',
  1844: 'Invalid document id provided. Please try again with correct document id.',
  1845: 'API call limit exceeded.',
  1846: 'Invalid API Key.',
  1848: 'Missing "id" parameter value.',
  1852: "File format you're trying to import is not supported.",
  1859: 'MIME type mismatch.',
  1861: 'Server may be down or busy. Please try again later.',
  1865: 'No save url provided.',
  1866: 'Unable to save the document from remote client end. Please try again.',
  1867: 'Unable to save: An error occurred while posting the content to your storage server. Please try again.',
  1868: 'Invalid parameter name for uploaded content.',
} as const;

export type WireCode = keyof typeof WIRE_MESSAGES;

interface Wire {
  code: WireCode;
  /** Our own words follow the documented message, because the cure is not in it: a setting, a limit, a password. */
  saysMore?: true;
}

/** Every code of the catalogue in the dialect's numbers. */
export const WIRE_CODES: Readonly<Record<ErrorCode, Wire>> = {
  internal: { code: 1801 },
  parameter_value_invalid: { code: 1831 },
  parameter_name_invalid: { code: 1832 },
  parameter_missing: { code: 1837 },
  parameter_unsupported: { code: 1839 },
  method_invalid: { code: 1838 },
  call_not_offered: { code: 1838, saysMore: true },
  api_key_invalid: { code: 1846 },
  call_limit_exceeded: { code: 1845 },
  session_unknown: { code: 1833 },
  session_expired: { code: 1834 },
  document_unknown: { code: 1844 },
  id_missing: { code: 1848 },
  format_unsupported: { code: 1852 },
  media_type_mismatch: { code: 1859, saysMore: true },
  upload_name_invalid: { code: 1868 },
  upload_too_large: { code: 1831, saysMore: true },
  busy: { code: 1861 },
  engine_missing: { code: 1852, saysMore: true },
  password_required: { code: 1831, saysMore: true },
  password_wrong: { code: 1831, saysMore: true },
  permission_denied: { code: 1838, saysMore: true },
  save_url_missing: { code: 1865 },
  save_refused: { code: 1866 },
  save_unreachable: { code: 1867 },
  egress_refused: { code: 1831, saysMore: true },
  credentials_invalid: { code: 1846 },
  range_unsatisfied: { code: 1831 },
  conflict: { code: 1861, saysMore: true },
};

/** After so many seconds the server is usually less busy. */
const BUSY_SECONDS = 10;

export interface WireError {
  code: WireCode;
  message: string;
  parameter_name?: string;
  key_name?: string;
  /** Our own words, when they say more than the documented message. */
  detail?: string;
}

export interface WireAnswer {
  status: number;
  headers: Record<string, string>;
  body: WireError;
}

/**
 * A flat error at HTTP 400, because the official clients read no other status; only our own faults answer 500.
 */
export function presentError(error: AppError): WireAnswer {
  const { code, saysMore } = WIRE_CODES[error.code];
  const detail = error.message === ERROR_CODES[error.code] ? undefined : error.message;
  const message = saysMore && detail ? `${WIRE_MESSAGES[code]} ${detail}` : WIRE_MESSAGES[code];
  const { parameter, key } = error.blame;
  const seconds = error.retryAfterSeconds ?? (code === 1861 ? BUSY_SECONDS : undefined);
  return {
    status: code === 1801 ? 500 : 400,
    headers: seconds === undefined ? {} : { 'retry-after': String(Math.max(1, Math.ceil(seconds))) },
    body: {
      code,
      message,
      ...(parameter === undefined ? {} : { parameter_name: parameter }),
      ...(key === undefined ? {} : { key_name: key }),
      ...(detail === undefined ? {} : { detail }),
    },
  };
}
