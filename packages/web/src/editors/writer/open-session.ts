import type { WriterBoot } from '@officina/protocol';
import { claimClientId } from './session/client-id.js';
import type { RoomSocket } from './session/connection.js';
import { openReplica } from './session/open-replica.js';
import { IndexedOutbox } from './session/outbox.js';
import { WriterSession } from './session/writer-session.js';

/** A hidden page gets no animation frames: then others' work goes in together, a few times a second. */
const HIDDEN_FRAME_MS = 250;

/** Joins the browser's sockets, clocks and storage to one session. */
export async function openWriterSession(boot: WriterBoot, view: Window): Promise<WriterSession> {
  const clientId = await claimClientId(view, boot.sessionId);
  const roomUrl = new URL(boot.roomPath, view.location.href);
  roomUrl.protocol = roomUrl.protocol === 'https:' ? 'wss:' : 'ws:';

  const session = new WriterSession({
    boot,
    clientId,
    connection: {
      openSocket: () => new WebSocket(roomUrl) as RoomSocket,
      now: () => Date.now(),
      random: () => Math.random(),
      schedule: (task, delayMs) => {
        const timer = view.setTimeout(task, delayMs);
        return () => view.clearTimeout(timer);
      },
    },
    outbox: new IndexedOutbox(view.indexedDB, boot.sessionId, clientId),
    fetchSnapshot: async (url) => {
      const answer = await view.fetch(new URL(url, view.location.href));
      if (!answer.ok)
        throw new Error(`The document could not be fetched: ${answer.status} ${answer.statusText}`);
      return new Uint8Array(await answer.arrayBuffer());
    },
    openReplica: (bytes, leftOver) => openReplica(bytes, { leftOver, clientId, person: boot.person }),
    beforeNextFrame: (task) => {
      if (view.document.hidden) view.setTimeout(task, HIDDEN_FRAME_MS);
      else view.requestAnimationFrame(task);
    },
    isComposing: watchComposition(view),
  });

  view.addEventListener('online', () => session.hasten());
  view.document.addEventListener('visibilitychange', () => {
    if (!view.document.hidden) session.hasten();
  });
  return session;
}

function watchComposition(view: Window): () => boolean {
  let isComposing = false;
  view.addEventListener(
    'compositionstart',
    () => {
      isComposing = true;
    },
    true,
  );
  view.addEventListener(
    'compositionend',
    () => {
      isComposing = false;
    },
    true,
  );
  return () => isComposing;
}
