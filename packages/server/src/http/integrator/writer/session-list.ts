import type { DocumentOverview, SessionView } from '../../../domain/sessions/session-service.js';
import { rememberingWireTime } from '../wire-time.js';
import type { WriterUrls } from './browser-urls.js';
import { presentSessions } from './present.js';

const SESSION_ID = '0123456789abcdef'.repeat(4);
/** What most sessions come to, in bytes; only a guess at how much room the list takes. */
const USUAL_ENTRY = 700;
const UTF8_AT_MOST = 3;

/**
 * The bytes of `presentSessions`, without its thousand small objects: those, and joining their addresses and the texts of
 * all entries, is most of what a long list costs.
 */
export function writeSessions(overview: DocumentOverview, urls: WriterUrls): Buffer {
  const list = JSON.stringify(presentSessions({ ...overview, sessions: [] }, urls));
  const bytes = new GrowingBytes(list.length * UTF8_AT_MOST + overview.sessions.length * USUAL_ENTRY);
  bytes.write(list.slice(0, -']}'.length));
  writeEntries(overview.sessions, urls, bytes);
  bytes.write(']}');
  return bytes.written();
}

function writeEntries(views: readonly SessionView[], urls: WriterUrls, bytes: GrowingBytes): void {
  const time = rememberingWireTime();
  // An id of a session is hex: it stands in addresses and in JSON as it is.
  const address = (url: string) => JSON.stringify(url).split(SESSION_ID);
  const [beforeEditor, afterEditor] = address(urls.editor(SESSION_ID));
  const [beforeViewer, afterViewer] = address(urls.viewer(SESSION_ID));
  const [beforeDeletion, afterDeletion] = address(urls.session(SESSION_ID));
  // Few long pieces cost less than many short ones.
  const head = `"},"info":{"document_id":${JSON.stringify(views[0]?.session.documentId)},"created_time_ms":"`;
  const toEditor = `","session_url":${beforeEditor}`;
  const toViewer = `","session_url":${beforeViewer}`;
  const fromEditor = `${afterEditor},"session_delete_url":${beforeDeletion}`;
  const fromViewer = `${afterViewer},"session_delete_url":${beforeDeletion}`;
  const tail = `${afterDeletion}}}`;
  let separator = '';
  for (const { session, status } of views) {
    const { id, user, mode } = session;
    const created = time(session.createdAt);
    const expires = time(session.expiresAt);
    const isPreview = mode === 'preview';
    bytes.write(
      `${separator}{"status":"${status}","user_info":{"display_name":"${quotable(user.displayName)}","user_id":"` +
        `${quotable(user.userId)}${head}${created.ms}","created_time":"${created.text}","expires_on_ms":"${expires.ms}` +
        `","expires_on":"${expires.text}${isPreview ? toViewer : toEditor}${id}${isPreview ? fromViewer : fromEditor}` +
        `${id}${tail}`,
    );
    separator = ',';
  }
}

/** Printable ASCII without the quotation mark and the backslash: it is in JSON what it is. */
const AS_IT_IS = /^[ !#-[\]-~]*$/;

function quotable(text: string): string {
  return AS_IT_IS.test(text) ? text : JSON.stringify(text).slice(1, -1);
}

/** Text after text as UTF-8, without ever holding all of it as one string. */
class GrowingBytes {
  #buffer: Buffer;
  #length = 0;

  constructor(expected: number) {
    this.#buffer = Buffer.allocUnsafe(expected);
  }

  write(text: string): void {
    const needed = this.#length + text.length * UTF8_AT_MOST;
    if (needed > this.#buffer.length) {
      const grown = Buffer.allocUnsafe(2 * needed);
      this.#buffer.copy(grown, 0, 0, this.#length);
      this.#buffer = grown;
    }
    this.#length += this.#buffer.write(text, this.#length);
  }

  written(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }
}
