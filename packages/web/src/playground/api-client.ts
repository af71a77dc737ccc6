import type { Permissions } from '@officina/protocol';
import type { ApiAnswer, ApiCall, ShownPart } from './api-call.js';
import { isGood } from './api-call.js';
import type { Person } from './people.js';

const DOCUMENTS = '/writer/officeapi/v1/documents';
const SESSIONS = '/writer/officeapi/v1/sessions';

/** What creating a document answers. */
export interface CreatedSession {
  document_url: string;
  document_id: string;
  session_id: string;
  session_delete_url: string;
  document_delete_url: string;
  save_url: string;
}

/** What the list of a document's sessions answers, as far as it is shown. */
export interface SessionList {
  document_name: string;
  active_sessions_count: string | number;
  expires_on: string;
  sessions: readonly {
    status: 'active' | 'inactive';
    user_info: { display_name: string; user_id: string };
    info: { created_time: string; expires_on: string; session_url: string; session_delete_url: string };
  }[];
}

export interface OpenRequest {
  person: Person;
  permissions: Permissions;
  saveUrl: string;
  /** The id of a living document to join; null to make a new one. */
  documentId: string | null;
  documentName: string;
  file: File | null;
}

export type Outcome<T> = { good: true; value: T; answer: ApiAnswer } | { good: false; answer: ApiAnswer };

/** The public API, called from this page with the real key; every call is reported as it starts and as it ends. */
export class ApiClient {
  readonly #base: string;
  readonly #apiKey: string;
  readonly #onCall: (call: ApiCall) => void;
  #calls = 0;

  constructor(base: string, apiKey: string, onCall: (call: ApiCall) => void) {
    this.#base = base;
    this.#apiKey = apiKey;
    this.#onCall = onCall;
  }

  open(request: OpenRequest): Promise<Outcome<CreatedSession>> {
    const { person, documentId, file } = request;
    const what = documentId === null ? (file ? `opens ${file.name}` : 'gets a new document') : 'joins';
    return this.#call(`${person.name} ${what}`, 'POST', DOCUMENTS, formOf(request));
  }

  listSessions(documentId: string): Promise<Outcome<SessionList>> {
    return this.#call(
      'Who is in the document?',
      'GET',
      `${DOCUMENTS}/${encodeURIComponent(documentId)}/sessions`,
    );
  }

  describeSession(person: Person, sessionId: string): Promise<Outcome<{ status: string }>> {
    return this.#call(
      `What became of ${person.name}’s session?`,
      'GET',
      `${SESSIONS}/${encodeURIComponent(sessionId)}`,
    );
  }

  endSession(person: Person, sessionId: string): Promise<Outcome<unknown>> {
    return this.#call(
      `${person.name}’s session ends`,
      'DELETE',
      `${SESSIONS}/${encodeURIComponent(sessionId)}`,
    );
  }

  deleteDocument(documentId: string): Promise<Outcome<unknown>> {
    return this.#call('The document is deleted', 'DELETE', `${DOCUMENTS}/${encodeURIComponent(documentId)}`);
  }

  async #call<T>(
    purpose: string,
    method: ApiCall['method'],
    path: string,
    form?: FormData,
  ): Promise<Outcome<T>> {
    this.#calls += 1;
    const call: ApiCall = {
      id: this.#calls,
      purpose,
      method,
      path: `${path}?apikey=${encodeURIComponent(this.#apiKey)}`,
      parts: form ? partsOf(form) : [],
      startedAt: Date.now(),
      answer: null,
      times: 1,
    };
    this.#onCall(call);
    const answer = await this.#send(call, form);
    this.#onCall({ ...call, answer });
    return isGood(answer) ? { good: true, value: answer.body as T, answer } : { good: false, answer };
  }

  async #send(call: ApiCall, form: FormData | undefined): Promise<ApiAnswer> {
    const started = performance.now();
    try {
      const response = await fetch(this.#base + call.path, {
        method: call.method,
        ...(form && { body: form }),
      });
      const text = await response.text();
      return {
        status: response.status,
        durationMs: performance.now() - started,
        body: parseOrText(text),
        permissions: permissionsOf(response.headers.get('x-officina-permissions')),
      };
    } catch {
      return { status: 0, durationMs: performance.now() - started, body: null, permissions: null };
    }
  }
}

function formOf(request: OpenRequest): FormData {
  const { person, permissions, saveUrl, documentId, documentName, file } = request;
  const form = new FormData();
  if (file) form.set('document', file, file.name);
  const info = documentId === null ? { document_name: documentName } : { document_id: documentId };
  form.set('document_info', JSON.stringify(info));
  form.set('user_info', JSON.stringify({ user_id: person.userId, display_name: person.name }));
  form.set('permissions', JSON.stringify(permissions));
  form.set(
    'callback_settings',
    JSON.stringify({
      save_format: 'docx',
      save_url: saveUrl,
      http_method_type: 'post',
      retries: 1,
      timeout: 30_000,
      save_url_params: { who: '$session_id', name: '$filename' },
    }),
  );
  return form;
}

function partsOf(form: FormData): ShownPart[] {
  return [...form].map(([name, value]) =>
    typeof value === 'string'
      ? { name, text: value, file: null }
      : { name, text: null, file: { name: value.name, size: value.size } },
  );
}

function permissionsOf(header: string | null): ApiAnswer['permissions'] {
  const value = header === null ? null : parseOrText(header);
  return typeof value === 'object' ? (value as ApiAnswer['permissions']) : null;
}

function parseOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text.slice(0, 2_000);
  }
}
