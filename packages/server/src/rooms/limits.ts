/** A client that does not greet within this time is closed. */
export const HELLO_LIMIT_MS = 10_000;

/** Bytes that may wait for one slow connection; beyond, resuming from the log is cheaper than queueing. */
export const BACKLOG_LIMIT_BYTES = 4 * 1024 * 1024;

/** A resuming client gets the missing operations up to this many, else a snapshot: replay costs it 0.4–5 ms each. */
export const RESUME_LIMIT_OPERATIONS = 2_000;

/** Snapshots keep a newcomer's replay short… */
export const SNAPSHOT_AFTER_OPERATIONS = 500;
/** …and are made when nobody types, as long as there is anything new. */
export const SNAPSHOT_AFTER_QUIET_MS = 60_000;
/** Wait after a snapshot that failed, doubled each time up to the longest. */
export const SNAPSHOT_RETRY_MS = 15_000;
export const SNAPSHOT_RETRY_MOST_MS = 15 * 60_000;

/** A dropped connection counts as present this long, so that a changed network is no leaving. */
export const GRACE_MS = 60_000;

/** A page reload takes seconds; who is gone this long has left. */
export const LEAVE_SAVE_AFTER_MS = 45_000;

/** The newest selection of each person goes out at most this often. */
export const PRESENCE_EVERY_MS = 80;
/** A selection waits this long for the operation that moved the caret, whose characters it may name. */
export const PRESENCE_WAIT_MS = 20;

/** Longest time from one commit of a room to its next. */
export const GATHER_MOST_MS = 20;

/** A key without saves at intervals is asked at most this often whether it wants them now. */
export const INTERVAL_ASK_EVERY_MS = 60_000;

/** Activity is told to the session at most this often. */
export const ACTIVITY_EVERY_MS = 60_000;

/** Refused operations within a minute after which the connection is ended: an honest page checks rights itself. */
export const REJECTIONS_BEFORE_END = 50;
export const REJECTIONS_WINDOW_MS = 60_000;

/** One page is one connection; more than this of one session is no page. */
export const CONNECTIONS_PER_SESSION = 20;
export const CONNECTIONS_PER_ROOM = 2_000;

/** Another node may take a document this long after its owner fell silent. */
export const LEASE_MS = 60_000;
export const LEASE_RENEW_MS = 20_000;

/** An empty room stays this long, for those who come back; at least grace and leave save. */
export const EMPTY_ROOM_MS = 90_000;
