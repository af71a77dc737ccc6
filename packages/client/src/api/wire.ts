import type { Permissions } from '@officina/protocol';

/** Where and how saves are pushed. */
export interface CallbackSettings {
  saveUrl: string;
  format: 'docx' | 'zdoc' | 'doc' | 'odt' | 'rtf' | 'txt' | 'html' | 'htm' | 'pdf';
  method?: 'post' | 'put';
  /** Attempts after the first one, at once. */
  retries?: number;
  timeoutMs?: number;
  /** Extra form fields; `$filename`, `$format`, `$session_id`, `$document_id` are filled in, `$content` renames the file's part. */
  params?: Readonly<Record<string, string | number>>;
  headers?: Readonly<Record<string, string>>;
}

export interface OpenRequest {
  /** The file to edit. Without it and without `url` a blank document is made, or a living one with the id is joined. */
  document?: { bytes: Uint8Array<ArrayBuffer> | Blob; fileName: string };
  /** Where the server fetches the file instead. */
  url?: string;
  documentId?: string;
  documentName?: string;
  user?: { id?: string; displayName?: string };
  permissions?: Partial<Permissions>;
  callback?: CallbackSettings;
  /** `document_defaults` of the API, as it is sent. */
  documentDefaults?: Readonly<Record<string, unknown>>;
  /** `editor_settings` of the API, as it is sent. */
  editorSettings?: Readonly<Record<string, unknown>>;
  /** `ui_options` of the API, as it is sent. */
  uiOptions?: Readonly<Record<string, unknown>>;
}

export interface OpenedDocument {
  documentId: string;
  sessionId: string;
  /** To be opened in a tab or a frame. */
  documentUrl: string;
  saveUrl: string;
  sessionDeleteUrl: string;
  documentDeleteUrl: string;
}

export interface DocumentDetails {
  documentId: string;
  name: string;
  type: string;
  activeSessions: number;
  createdAt: Date;
  expiresAt: Date;
}

export interface SessionDetails {
  status: 'active' | 'inactive' | 'invalid';
  userId: string;
  displayName: string;
  documentId: string;
  createdAt: Date;
  expiresAt: Date;
  sessionUrl: string;
  sessionDeleteUrl: string;
}

/** The request's form; an empty one stands for a call without any parameter. */
export function composeOpenForm(request: OpenRequest): FormData {
  const form = new FormData();
  const json = (name: string, value: object | undefined) => {
    const entries = Object.entries(value ?? {}).filter(([, one]) => one !== undefined);
    if (entries.length > 0) form.set(name, JSON.stringify(Object.fromEntries(entries)));
  };
  json('user_info', { user_id: request.user?.id, display_name: request.user?.displayName });
  json('document_info', { document_id: request.documentId, document_name: request.documentName });
  json('callback_settings', request.callback && composeCallback(request.callback));
  json('permissions', request.permissions);
  json('document_defaults', request.documentDefaults);
  json('editor_settings', request.editorSettings);
  json('ui_options', request.uiOptions);
  if (request.url !== undefined) form.set('url', request.url);
  if (request.document) {
    const { bytes, fileName } = request.document;
    form.set('document', bytes instanceof Blob ? bytes : new Blob([bytes]), fileName);
  }
  return form;
}

export function readOpened(answer: Record<string, unknown>): OpenedDocument {
  return {
    documentId: text(answer.document_id),
    sessionId: text(answer.session_id),
    documentUrl: text(answer.document_url),
    saveUrl: text(answer.save_url),
    sessionDeleteUrl: text(answer.session_delete_url),
    documentDeleteUrl: text(answer.document_delete_url),
  };
}

export function readDocument(answer: Record<string, unknown>): DocumentDetails {
  return {
    documentId: text(answer.document_id),
    name: text(answer.document_name),
    type: text(answer.document_type),
    activeSessions: Number(answer.active_sessions_count ?? 0),
    createdAt: time(answer.created_time_ms),
    expiresAt: time(answer.expires_on_ms),
  };
}

export function readSession(answer: Record<string, unknown>): SessionDetails {
  const user = record(answer.user_info);
  const info = record(answer.info);
  const status = text(answer.status);
  return {
    status: status === 'active' || status === 'inactive' ? status : 'invalid',
    userId: text(user.user_id),
    displayName: text(user.display_name),
    documentId: text(info.document_id),
    createdAt: time(info.created_time_ms),
    expiresAt: time(info.expires_on_ms),
    sessionUrl: text(info.session_url),
    sessionDeleteUrl: text(info.session_delete_url),
  };
}

export function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function composeCallback(callback: CallbackSettings): object {
  const { saveUrl, format, method, retries, timeoutMs, params, headers } = callback;
  return {
    save_url: saveUrl,
    save_format: format,
    http_method_type: method,
    retries,
    timeout: timeoutMs,
    save_url_params: params,
    save_url_headers: headers,
  };
}

/** Counts and times come as numbers from some calls and as text from others. */
function time(value: unknown): Date {
  return new Date(Number(value ?? Number.NaN));
}

function text(value: unknown): string {
  return value === undefined || value === null ? '' : String(value);
}
