import { readlinkSync } from 'node:fs';
import { getPriority, setPriority } from 'node:os';
import { basename } from 'node:path';

/** Gets a third of a core for which the event loop asks, too, and all of one that nobody else wants. */
const NICENESS = 5;

/** Lets this thread go behind those of people's own requests: nobody who types waits for a snapshot. On Linux only. */
export function giveWay(): void {
  try {
    // Linux has a priority for each thread; the link names the one that reads it.
    const thread = Number(basename(readlinkSync('/proc/thread-self')));
    setPriority(thread, Math.min(19, getPriority() + NICENESS));
  } catch {
    // Elsewhere all threads are equal.
  }
}
