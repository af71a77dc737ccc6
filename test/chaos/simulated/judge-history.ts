import type { DocumentKey } from '../../../packages/server/src/domain/documents/document.js';
import type { Save } from '../../../packages/server/src/domain/saving/save.js';

/** A save of which somebody was told that it is accepted, and the least that it must hold. */
export interface Accepted {
  id: string;
  documentKey: DocumentKey;
  targetId: string;
  sequence: number;
}

/** A file that an application has taken. */
export interface Arrival {
  id: string;
  documentKey: DocumentKey;
  targetId: string;
  version: number;
  sequence: number;
  text: string;
  /** Sent by a process that was dead, frozen or no longer held the lease when it arrived: nobody could call it back. */
  isStray: boolean;
}

export interface Edits {
  /** Edits of which somebody was told that they are safe, by document and number. */
  acknowledged: ReadonlyMap<DocumentKey, ReadonlyMap<number, string>>;
  /** What the log of a document holds in the end. */
  log(documentKey: DocumentKey): readonly string[];
}

/** Every promise of the pipeline, checked on what happened; one line for each that was broken. */
export function judgeHistory(history: {
  accepted: readonly Accepted[];
  arrivals: readonly Arrival[];
  ledger: readonly Save[];
  edits: Edits;
}): string[] {
  const { accepted, arrivals, ledger, edits } = history;
  const rows = new Map(ledger.map((save) => [save.id, save]));
  const broken: string[] = [];

  for (const [documentKey, known] of edits.acknowledged) {
    const log = edits.log(documentKey);
    for (const [sequence, token] of known)
      if (log[sequence - 1] !== token) broken.push(`${token} was safe as ${sequence} and is not in the log`);
  }
  for (const { id, documentKey, sequence, text } of arrivals) {
    const words = edits.log(documentKey).slice(0, sequence).join(' ');
    if (!text.startsWith(`${words}|`)) broken.push(`${id} arrived with other words than the log has`);
  }

  for (const promise of accepted) {
    const save = rows.get(promise.id);
    if (!save) broken.push(`${promise.id} was accepted and is not in the ledger`);
    else if (save.documentKey === promise.documentKey && save.sequence < promise.sequence)
      broken.push(`${promise.id} lacks edits that were durable before it`);
  }
  for (const save of ledger) {
    const complaint = judgeSave(save, ledger, arrivals);
    if (complaint) broken.push(`${save.id} (${save.state}, version ${save.version}) ${complaint}`);
  }
  for (const [id, texts] of group(arrivals, ({ id }) => id)) {
    if (new Set(texts.map(({ text }) => text)).size > 1) broken.push(`${id} arrived with different bytes`);
  }
  for (const [queue, files] of group(arrivals, queueOf)) {
    let last = 0;
    for (const { version, isStray } of files) {
      if (isStray) continue;
      if (version < last) broken.push(`${queue}: version ${version} arrived after version ${last}`);
      last = Math.max(last, version);
    }
  }
  return broken;
}

function judgeSave(save: Save, ledger: readonly Save[], arrivals: readonly Arrival[]): string | undefined {
  const queue = queueOf(save);
  switch (save.state) {
    case 'accepted':
    case 'built':
      return 'is still waiting long after the troubles ended';
    case 'delivered': {
      const isThere = arrivals.some(({ id, text, documentKey, targetId }) =>
        save.attempts > 0 ? id === save.id : queueOf({ documentKey, targetId }) === queue && text !== '',
      );
      return isThere ? undefined : 'never arrived';
    }
    case 'superseded': {
      const newest = ledger
        .filter((other) => queueOf(other) === queue)
        .reduce((best, other) => (other.version > best.version ? other : best), save);
      if (newest === save || newest.state === 'superseded') return 'has no successor';
      return newest.sequence < save.sequence ? 'has a successor that holds less' : undefined;
    }
    case 'parked':
    case 'conflict':
      return undefined;
    default:
      return save.state satisfies never;
  }
}

function queueOf({ documentKey, targetId }: { documentKey: string; targetId: string }): string {
  return `${documentKey} to ${targetId.slice(0, 6)}`;
}

function group<Item>(items: readonly Item[], nameOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const name = nameOf(item);
    groups.set(name, [...(groups.get(name) ?? []), item]);
  }
  return groups;
}
