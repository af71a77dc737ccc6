import {
  composeOpenForm,
  type DocumentDetails,
  type OpenedDocument,
  type OpenRequest,
  readDocument,
  readOpened,
  readSession,
  record,
  type SessionDetails,
} from './wire.js';

export interface OfficinaOptions {
  /** Where the server is, for example `https://docs.example.com`. */
  baseUrl: string;
  apiKey: string;
  fetch?: typeof fetch;
}

/** The server refused a call, or could not answer it. */
export class OfficinaError extends Error {
  /** The API's error code, for example 1832; null when the answer was none of the API's. */
  readonly code: number | null;
  readonly status: number;
  readonly parameterName: string | null;
  readonly keyName: string | null;

  constructor(status: number, answer: Record<string, unknown>) {
    super(typeof answer.message === 'string' ? answer.message : `The server answered ${status}.`);
    this.name = 'OfficinaError';
    this.status = status;
    this.code = answer.code === undefined ? null : Number(answer.code);
    this.parameterName = typeof answer.parameter_name === 'string' ? answer.parameter_name : null;
    this.keyName = typeof answer.key_name === 'string' ? answer.key_name : null;
  }
}

/** The calls about documents and sessions. Each rejects with an OfficinaError that names what is wrong. */
export interface Officina {
  /** Creates, edits or joins a document and opens a session on it. */
  openDocument(request?: OpenRequest): Promise<OpenedDocument>;
  getDocument(documentId: string): Promise<DocumentDetails>;
  /** Deletes the document and ends its sessions. */
  deleteDocument(documentId: string): Promise<void>;
  listSessions(documentId: string): Promise<DocumentDetails & { sessions: readonly SessionDetails[] }>;
  getSession(sessionId: string): Promise<SessionDetails>;
  /** Ends one person's session; the document and the others stay. */
  deleteSession(sessionId: string): Promise<void>;
  /** Saves to the session's callback; with `wait` the answer comes with the outcome, or after 30 s. */
  save(sessionId: string, options?: { wait?: boolean; force?: boolean }): Promise<Record<string, unknown>>;
}

const WRITER = '/writer/officeapi/v1';

export function createOfficina(options: OfficinaOptions): Officina {
  const send = options.fetch ?? fetch;
  const base = options.baseUrl.replace(/\/+$/, '');

  return {
    async openDocument(request = {}) {
      const form = composeOpenForm(request);
      const isEmpty = form.keys().next().done === true;
      return readOpened(await call('POST', `${WRITER}/documents`, isEmpty ? null : form));
    },
    async getDocument(documentId) {
      return readDocument(await call('GET', `${WRITER}/documents/${encodeURIComponent(documentId)}`));
    },
    async deleteDocument(documentId) {
      await call('DELETE', `${WRITER}/documents/${encodeURIComponent(documentId)}`);
    },
    async listSessions(documentId) {
      const answer = await call('GET', `${WRITER}/documents/${encodeURIComponent(documentId)}/sessions`);
      const sessions = Array.isArray(answer.sessions) ? answer.sessions : [];
      return { ...readDocument(answer), sessions: sessions.map((one) => readSession(record(one))) };
    },
    async getSession(sessionId) {
      return readSession(await call('GET', `${WRITER}/sessions/${encodeURIComponent(sessionId)}`));
    },
    async deleteSession(sessionId) {
      await call('DELETE', `${WRITER}/sessions/${encodeURIComponent(sessionId)}`);
    },
    save(sessionId, { wait = false, force = false } = {}) {
      const flags = `${wait ? '&wait=1' : ''}${force ? '&force=1' : ''}`;
      return call('POST', `${WRITER}/documents/${encodeURIComponent(sessionId)}/save`, null, flags);
    },
  };

  async function call(
    method: string,
    path: string,
    body: FormData | null = null,
    query = '',
  ): Promise<Record<string, unknown>> {
    const url = `${base}${path}?apikey=${encodeURIComponent(options.apiKey)}${query}`;
    const response = await send(url, { method, ...(body ? { body } : {}) });
    const answer = record(await response.json().catch(() => ({})));
    if (!response.ok) throw new OfficinaError(response.status, answer);
    return answer;
  }
}
