import type { SnapshotRow } from './tables.js';

/** Operations of one document that were given to the log together. */
export interface Append {
  document: string;
  epoch: number;
  firstSequence: number;
  lastSequence: number;
  /** The operations' JSON texts with commas between them, ready to stand in an array. */
  operations: string;
  /** Highest own number of each client among them, and the user id behind it. */
  clients: readonly AppendClient[];
  /** A snapshot at the last of them, to be kept with them. */
  snapshot?: SnapshotRow;
}

export interface AppendClient {
  client: string;
  n: number;
  actor: string;
}

/** What an append is judged by: a document without a row stands at sequence 0 and epoch 0. */
export interface LogHead {
  sequence: number;
  epoch: number;
}

/** What one commit writes. */
export interface CommitPlan {
  /** For each append: null when it is stored, else why it is not. */
  refusals: (string | null)[];
  rows: {
    document: string;
    epoch: number;
    firstSequence: number;
    lastSequence: number;
    operations: string;
  }[];
  /** New head of every log that grew. */
  heads: Map<string, number>;
  clients: (AppendClient & { document: string })[];
  snapshots: SnapshotRow[];
}

/** Text of one row: neighbours are put together up to here. */
const ROW_CHARACTERS = 64 * 1024;

/**
 * Judges each append on its own, in order, as if the ones before it were stored; then puts neighbours of one document
 * in one row. The same for every database.
 */
export function planCommit(
  appends: readonly Append[],
  headOf: (document: string) => LogHead | undefined,
): CommitPlan {
  const heads = new Map<string, number>();
  const rows: CommitPlan['rows'] = [];
  const newestRow = new Map<string, CommitPlan['rows'][number]>();
  const clients = new Map<string, AppendClient & { document: string }>();
  const snapshots: SnapshotRow[] = [];
  const refusals = appends.map((append) => {
    const { document, epoch, firstSequence, lastSequence, operations } = append;
    const head = headOf(document) ?? { sequence: 0, epoch: 0 };
    const refusal = refusalOf(append, { ...head, sequence: heads.get(document) ?? head.sequence });
    if (refusal !== null) return refusal;
    heads.set(document, lastSequence);
    const newest = newestRow.get(document);
    if (newest?.epoch === epoch && newest.operations.length + operations.length <= ROW_CHARACTERS) {
      newest.lastSequence = lastSequence;
      newest.operations += `,${operations}`;
    } else {
      const row = { document, epoch, firstSequence, lastSequence, operations };
      newestRow.set(document, row);
      rows.push(row);
    }
    for (const { client, n, actor } of append.clients) {
      const key = JSON.stringify([document, client]);
      clients.set(key, { document, client, n: Math.max(n, clients.get(key)?.n ?? 0), actor });
    }
    if (append.snapshot) snapshots.push(append.snapshot);
    return null;
  });
  return { refusals, rows, heads, clients: [...clients.values()], snapshots };
}

function refusalOf({ document, epoch, firstSequence }: Append, head: LogHead): string | null {
  if (epoch < head.epoch) {
    return `The log of ${document} is at epoch ${head.epoch}; an append of epoch ${epoch} is refused.`;
  }
  if (firstSequence !== head.sequence + 1) {
    return `The log of ${document} ends at ${head.sequence}; operation ${firstSequence} is not the next one.`;
  }
  return null;
}
