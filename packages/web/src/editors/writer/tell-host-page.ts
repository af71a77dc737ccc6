import { type HostPage, type HostState, saveEvent } from '../../shell/host-page.js';
import { hasUnsaved, type RoomState } from './session/room-state.js';
import type { WriterSession } from './session/writer-session.js';

/** Keeps the framing page informed; each change is told once. */
export function tellHostPage(session: WriterSession, sessionId: string, host: HostPage): () => void {
  let told = session.room();
  let toldState = '';
  // The document may be opened anew in the same window; the page around it is told once.
  let isReady = false;
  const tell = () => {
    const room = session.room();
    if (room.opened && !isReady) host.tell({ type: 'officina:ready', sessionId });
    isReady ||= room.opened;
    if (room.save !== told.save && room.save !== null && room.save.state !== 'asked') {
      host.tell(saveEvent(sessionId, room.save));
    }
    if (room.ending !== null && told.ending === null) {
      host.tell({ type: 'officina:ended', sessionId, reason: room.ending });
    }
    const state = hostStateOf(room);
    const unsaved = hasUnsaved(room);
    const key = `${state} ${unsaved}`;
    if (key !== toldState) host.tell({ type: 'officina:state', sessionId, state, unsaved });
    toldState = key;
    told = room;
  };
  return session.subscribe(tell);
}

export function hostStateOf(room: RoomState): HostState {
  if (!room.opened) return 'opening';
  if (room.link.state !== 'open') return 'offline';
  return room.pending > 0 ? 'typing' : 'safe';
}
