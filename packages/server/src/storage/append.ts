/** Neighbouring operations of one document under one epoch, ready to be stored as one row. */
export interface Append {
  document: string;
  epoch: number;
  firstSequence: number;
  lastSequence: number;
  /** JSON array of the operations. */
  operations: string;
  /** Highest own number of each client among them, and the user id behind it. */
  clients: readonly { client: string; n: number; actor: string }[];
}

/** What an append is judged by: a document without a row stands at sequence 0 and epoch 0. */
export interface LogHead {
  sequence: number;
  epoch: number;
}

/** Why the append may not be stored, or null when it may. The same rule for every database. */
export function refusalOf(append: Append, head: LogHead | undefined): string | null {
  const { sequence, epoch } = head ?? { sequence: 0, epoch: 0 };
  if (append.epoch < epoch) {
    return `The log of ${append.document} is at epoch ${epoch}; an append of epoch ${append.epoch} is refused.`;
  }
  if (append.firstSequence !== sequence + 1) {
    return `The log of ${append.document} ends at ${sequence}; operation ${append.firstSequence} is not the next one.`;
  }
  return null;
}
