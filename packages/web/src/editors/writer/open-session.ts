import { sha256Bytes } from '@docx-editor.dev/core/store';
import { attachmentPath, type WriterBoot } from '@officina/protocol';
import { type EarlyDocument, fetchBytes } from './opening/early-document.js';
import { Attachments, type AttachmentTransport } from './session/attachments.js';
import { claimClientId } from './session/client-id.js';
import { holdFonts, PageComposition } from './session/composition.js';
import type { RoomSocket } from './session/connection.js';
import { docxOf, openReplica } from './session/open-replica.js';
import { othersPace } from './session/others-pace.js';
import { IndexedOutbox } from './session/outbox.js';
import { WriterSession } from './session/writer-session.js';
import { afterTyping } from './typing/prompt-typing.js';

/** A hidden page gets no animation frames: then others' work goes in together, a few times a second. */
const HIDDEN_FRAME_MS = 250;
const IDLE_LIMIT_MS = 5_000;
const IDLE_SUBSTITUTE_MS = 200;

/** Joins the browser's sockets, clocks and storage to one session. */
export async function openWriterSession(
  boot: WriterBoot,
  view: Window,
  early: EarlyDocument | null,
): Promise<WriterSession> {
  const clientId = await claimClientId(view, boot.sessionId);
  const roomUrl = new URL(boot.roomPath, view.location.href);
  roomUrl.protocol = roomUrl.protocol === 'https:' ? 'wss:' : 'ws:';

  const now = () => Date.now();
  const schedule = (task: () => void, delayMs: number) => {
    const timer = view.setTimeout(task, delayMs);
    return () => view.clearTimeout(timer);
  };
  const composition = new PageComposition(view, { now, schedule });
  holdFonts(composition);
  const beforeNextFrame = (task: () => void) => {
    if (view.document.hidden) schedule(task, HIDDEN_FRAME_MS);
    // A letter of one's own goes before others' work: that comes right after the letter's frame.
    else view.requestAnimationFrame(() => afterTyping(task) || task());
  };
  const whenIdle = (task: () => void, limitMs: number) => {
    // Safari has no idle callbacks.
    if (view.requestIdleCallback === undefined) schedule(task, Math.min(IDLE_SUBSTITUTE_MS, limitMs));
    else view.requestIdleCallback(task, { timeout: limitMs });
  };
  const session = new WriterSession({
    boot,
    clientId,
    now,
    schedule,
    connection: {
      openSocket: () => {
        const socket = new WebSocket(roomUrl);
        socket.binaryType = 'arraybuffer';
        return socket as RoomSocket;
      },
      now,
      schedule,
      random: () => Math.random(),
    },
    attachments: new Attachments({ transport: transportOf(boot, view), sha256Of, schedule }),
    outbox: new IndexedOutbox(view.indexedDB, boot.sessionId, clientId),
    fetchSnapshot: (url) => early?.take(url)?.catch(() => fetchBytes(view, url)) ?? fetchBytes(view, url),
    docxOf,
    openReplica: (opened, read) => openReplica({ ...opened, read, clientId, person: boot.person }),
    beforeNextFrame: othersPace({ now, schedule, beforeNextFrame, whenIdle }),
    whenIdle: (task) => whenIdle(task, IDLE_LIMIT_MS),
    composition,
    afterTyping,
  });

  view.addEventListener('online', () => session.hasten());
  view.document.addEventListener('visibilitychange', () => {
    if (!view.document.hidden) session.hasten();
  });
  return session;
}

/** Pictures are put and fetched under the room's own path: the session's id in it is the whole permission. */
function transportOf(boot: WriterBoot, view: Window): AttachmentTransport {
  const urlOf = (sha256: string) => new URL(attachmentPath(boot.roomPath, sha256), view.location.href);
  return {
    async put(sha256, bytes) {
      const answer = await view.fetch(urlOf(sha256), { method: 'PUT', body: bytes as BufferSource });
      return { status: answer.status, words: (await answer.text()).trim() };
    },
    get: (sha256) => fetchBytes(view, urlOf(sha256).href),
  };
}

/** Without https there is no Web Cryptography; the core's own is slower and gives the same. */
async function sha256Of(bytes: Uint8Array): Promise<string> {
  if (!globalThis.crypto?.subtle) return sha256Bytes(bytes).replace(/^sha256:/, '');
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as BufferSource));
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
