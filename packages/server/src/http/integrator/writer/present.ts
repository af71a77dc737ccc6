import type { SaveProgress } from '@officina/protocol';
import type { OpenedDocument } from '../../../domain/documents/opening.js';
import type {
  DocumentOverview,
  DocumentSummary,
  SessionView,
} from '../../../domain/sessions/session-service.js';
import { rememberingWireTime, wireTime } from '../wire-time.js';
import type { WriterUrls } from './browser-urls.js';

/** Answer of create, edit and co-edit. */
export function presentOpened({ session }: OpenedDocument, urls: WriterUrls) {
  return {
    document_url: urls.editor(session.id),
    document_id: session.documentId,
    session_id: session.id,
    save_url: urls.save(session.id),
    session_delete_url: urls.session(session.id),
    document_delete_url: urls.document(session.documentId),
  };
}

export function presentPreview({ session }: OpenedDocument, urls: WriterUrls) {
  return {
    preview_url: urls.viewer(session.id),
    session_id: session.id,
    document_id: session.documentId,
    session_delete_url: urls.session(session.id),
    document_delete_url: urls.document(session.documentId),
  };
}

/** What the opening did, and what the person may do, for callers who look. */
export function openingHeaders(opened: OpenedDocument): Record<string, string> {
  return {
    'x-officina-document': opened.outcome,
    'x-officina-permissions': JSON.stringify(opened.session.permissions),
    ...warningHeaders(opened.warnings),
  };
}

/** More than this many, or longer ones, tell nobody more, and clients bound what headers may take. */
const [WARNINGS_TOLD, WARNING_LENGTH] = [10, 300];

/** What was odd about the file: a list of texts as JSON, in ASCII, since headers have no other letters. */
export function warningHeaders(warnings: readonly string[]): Record<string, string> {
  if (warnings.length === 0) return {};
  const told = warnings.slice(0, WARNINGS_TOLD).map((warning) => warning.slice(0, WARNING_LENGTH));
  const json = JSON.stringify(told).replace(/[^\x20-\x7e]/g, escapeLetter);
  return { 'x-officina-warnings': json };
}

function escapeLetter(letter: string): string {
  return `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** The list of sessions, in which counts and milliseconds are strings. */
export function presentSessions(overview: DocumentOverview, urls: WriterUrls) {
  const { document } = overview;
  const time = rememberingWireTime();
  const created = time(document.createdAt);
  const expires = time(document.expiresAt);
  return {
    document_id: document.documentId,
    active_sessions_count: String(overview.activeSessions),
    collaborators_count: String(overview.collaborators),
    document_name: document.name,
    document_type: document.kind,
    created_time: created.text,
    created_time_ms: String(created.ms),
    expires_on: expires.text,
    expires_on_ms: String(expires.ms),
    sessions: overview.sessions.map((view) => presentView(view, urls, String, time)),
  };
}

/** One session by itself, in which milliseconds are numbers. */
export function presentSession(view: SessionView | undefined, urls: WriterUrls) {
  return view ? presentView(view, urls, (ms) => ms, wireTime) : { status: 'invalid' as const };
}

function presentView<T>(
  { session, status }: SessionView,
  urls: WriterUrls,
  number: (ms: number) => T,
  time: typeof wireTime,
) {
  const created = time(session.createdAt);
  const expires = time(session.expiresAt);
  return {
    status,
    user_info: { display_name: session.user.displayName, user_id: session.user.userId },
    info: {
      document_id: session.documentId,
      created_time_ms: number(created.ms),
      created_time: created.text,
      expires_on_ms: number(expires.ms),
      expires_on: expires.text,
      session_url: session.mode === 'preview' ? urls.viewer(session.id) : urls.editor(session.id),
      session_delete_url: urls.session(session.id),
    },
  };
}

/** A document by itself, in which counts and milliseconds are numbers. No `sessions` key: clients would take it for the list. */
export function presentDocument(overview: DocumentSummary) {
  const { document } = overview;
  const created = wireTime(document.createdAt);
  const expires = wireTime(document.expiresAt);
  return {
    document_id: document.documentId,
    collaborators_count: overview.collaborators,
    active_sessions_count: overview.activeSessions,
    document_name: document.name,
    document_type: document.kind,
    created_time: created.text,
    created_time_ms: created.ms,
    expires_on: expires.text,
    expires_on_ms: expires.ms,
  };
}

/** How far a save has come; `message` is the application's own word, or ours about what is the matter. */
export function presentSave(progress: SaveProgress) {
  const base = { state: progress.state, version: progress.version };
  switch (progress.state) {
    case 'accepted':
      return { ...base, delivery_id: progress.deliveryId };
    case 'delivering':
      return { ...base, delivery_id: progress.deliveryId, attempt: progress.attempt };
    case 'delivered': {
      const at = wireTime(progress.at);
      return {
        ...base,
        delivery_id: progress.deliveryId,
        message: progress.message,
        delivered_time: at.text,
        delivered_time_ms: at.ms,
      };
    }
    case 'unchanged':
      return { ...base, message: progress.message };
    case 'retrying': {
      const next = wireTime(progress.nextAt);
      return {
        ...base,
        delivery_id: progress.deliveryId,
        attempt: progress.attempt,
        message: progress.reason,
        next_attempt_time: next.text,
        next_attempt_time_ms: next.ms,
      };
    }
    case 'failed':
      return {
        ...base,
        ...(progress.deliveryId === null ? {} : { delivery_id: progress.deliveryId }),
        message: progress.reason,
      };
    default:
      return progress satisfies never;
  }
}
