/**
 * The one catalogue of error codes. A domain rule names a code from here; each wire dialect maps every code to its
 * own numbers by an exhaustive table, so a code without a mapping does not compile.
 */
export const ERROR_CODES = {
  internal: 'The server failed while it handled this request.',
  parameter_value_invalid: 'A parameter has a value that is not allowed.',
  parameter_name_invalid: 'A parameter, or a key inside one, has a name that is not known.',
  parameter_missing: 'A mandatory parameter is missing.',
  parameter_unsupported: 'A parameter is not supported by this call.',
  method_invalid: 'The call does not exist, or takes another method.',
  call_not_offered: 'This server does not offer the call.',
  api_key_invalid: 'The API key is not known, or was revoked.',
  call_limit_exceeded: 'The API key has used up its calls.',
  session_unknown: 'There is no such session for this API key.',
  session_expired: 'The session has expired.',
  document_unknown: 'There is no such document for this API key.',
  id_missing: 'The id is empty.',
  format_unsupported: 'The file cannot be read as a document of a supported format.',
  media_type_mismatch: 'The file is not of the kind that its name or media type claims.',
  upload_name_invalid: 'The uploaded content has the wrong parameter name.',
  upload_too_large: 'The file is larger than this server accepts.',
  busy: 'The server is too busy to do this now.',
  engine_missing: 'A part of the server that this needs is not installed.',
  password_required: 'The file is protected by a password.',
  password_wrong: 'The password does not open the file.',
  permission_denied: 'The session or account may not do this.',
  save_url_missing: 'The document has no save URL.',
  save_refused: 'The application refused the saved file.',
  save_unreachable: 'The saved file could not be delivered to the application.',
  egress_refused: 'The address may not be reached from this server.',
  credentials_invalid: 'The ticket, token or password is not valid.',
  range_unsatisfied: 'The list ends before the first entry that was asked for.',
  conflict: 'Somebody else changed or holds this.',
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;

/** Which parameter is to blame, as precisely as it is known. */
export interface Blame {
  /** The top-level request parameter, for example `permissions`. */
  parameter?: string;
  /** The key inside the parameter's JSON object, for example `document.exprt`. */
  key?: string;
}

/** A request that cannot be met: the caller is told which code, what happened and what to do about it. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly blame: Blame;
  /** Seconds after which a repetition may succeed, when that is known. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: ErrorCode,
    message: string = ERROR_CODES[code],
    options: { blame?: Blame; retryAfterSeconds?: number; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.blame = options.blame ?? {};
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}
