import type { ServerMessage } from '@officina/protocol';
import type { OpeningSnapshot } from '../domain/content/document-snapshots.js';
import { RESUME_LIMIT_OPERATIONS } from './limits.js';
import type { Hello, RoomStart } from './member.js';
import type { OperationStream } from './operation-stream.js';

/** What a client lacks up to `upTo`; the rest is in memory when this returns. */
export async function collectLacking(
  hello: Hello,
  opening: OpeningSnapshot,
  restored: RoomStart['restored'],
  stream: Pick<OperationStream, 'head' | 'tailStart' | 'readAfter'>,
): Promise<{ snapshot: OpeningSnapshot | null; operations: readonly string[]; upTo: number }> {
  const { head } = stream;
  const canResume =
    hello.epoch === opening.epoch &&
    hello.lastSequence >= (restored?.sequence ?? 0) &&
    hello.lastSequence <= head &&
    head - hello.lastSequence <= RESUME_LIMIT_OPERATIONS;
  if (!canResume) return { snapshot: opening, operations: [], upTo: opening.sequence };
  const operations: string[] = [];
  let upTo = hello.lastSequence;
  // A snapshot may be made meanwhile, and memory then begins later than what was read.
  while (upTo < stream.tailStart) {
    const read = await stream.readAfter(upTo);
    if (read.length === 0) throw new Error(`The log ends at ${upTo}, before its head.`);
    operations.push(...read);
    upTo += read.length;
  }
  return { snapshot: null, operations, upTo };
}

/** For a client that comes back with what was there before people went back to an earlier state. */
export function newsOfRestore(
  hello: Hello,
  restored: RoomStart['restored'],
): Pick<Extract<ServerMessage, { t: 'welcome' }>, 'restored'> {
  if (!restored || hello.epoch === 0 || hello.lastSequence >= restored.sequence) return {};
  const { by, at, from } = restored;
  return { restored: { by, at, from: { version: from.version, at: from.at } } };
}
