import { AppError } from '@officina/protocol';
import type { LibraryEntry } from './library-document.js';
import type { LibraryStore, ListName, Place } from './library-store.js';

/** Entries that are read at once when a caller wants all: enough to make a query worth it, few enough for any memory. */
const CHUNK = 100;

export interface Range {
  /** Number of the first entry, from 1. */
  from: number;
  /** Null: all that follow. */
  limit: number | null;
}

/**
 * The entries of a list in chunks, read while they are consumed. The first chunk is read before the promise resolves, so
 * that a refusal comes before the first entry. An entry that changes meanwhile goes to the front, which was passed by.
 * Refuses by AppError: range_unsatisfied when the list ends before its first entry.
 */
export async function openList(
  library: Pick<LibraryStore, 'list'>,
  name: ListName,
  { from, limit }: Range,
): Promise<AsyncIterable<readonly LibraryEntry[]>> {
  const first = await library.list(name, { skip: from - 1 }, Math.min(limit ?? CHUNK, CHUNK));
  if (first.length === 0 && from > 1) throw rangeUnsatisfied(from);
  return follow(library, name, first, limit);
}

async function* follow(
  library: Pick<LibraryStore, 'list'>,
  name: ListName,
  first: readonly LibraryEntry[],
  limit: number | null,
): AsyncGenerator<readonly LibraryEntry[]> {
  let left = limit ?? Number.POSITIVE_INFINITY;
  for (let chunk = first; chunk.length > 0; ) {
    yield chunk;
    left -= chunk.length;
    const last = chunk.at(-1)?.document;
    if (!last || left <= 0 || chunk.length < CHUNK) return;
    const place: Place = { after: last };
    chunk = await library.list(name, place, Math.min(left, CHUNK));
  }
}

export function rangeUnsatisfied(from: number): AppError {
  return new AppError('range_unsatisfied', `The list ends before entry ${from}.`, {
    blame: { parameter: 'start-from' },
  });
}
