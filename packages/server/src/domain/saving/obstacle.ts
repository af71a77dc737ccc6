import type { Document, DocumentStore } from '../documents/document.js';
import type { Save, SaveStore } from './save.js';
import { reachSamePlace } from './target.js';

export type Obstacle =
  | { state: 'superseded'; by: Save; message: string }
  | { state: 'conflict'; by: Save | null; message: string };

/** What stands around a save in the ledger. */
export interface Surroundings {
  /** The other saves that decide about it, as `SaveStore.listAround` has them. */
  others: readonly Save[];
  /** The newest life of the document's id. */
  life: Document | undefined;
}

export async function readSurroundings(
  save: Save,
  stores: { saves: SaveStore; documents: DocumentStore },
): Promise<Surroundings> {
  const [rows, life] = await Promise.all([
    stores.saves.listAround(save),
    stores.documents.findById(save.apiKeyId, save.documentId),
  ]);
  return { others: rows.filter((other) => other.id !== save.id), life };
}

/** Why a save must not go out any more, or undefined when it may: a later version or life has the better claim. */
export function findObstacle(save: Save, { others, life }: Surroundings): Obstacle | undefined {
  const newer = others.filter((other) => other.version > save.version);
  const heir = newer.find((other) => other.targetId === save.targetId && mayHaveArrived(other));
  if (heir) {
    return {
      state: 'superseded',
      by: heir,
      message: `Version ${heir.version} takes the place of this save.`,
    };
  }
  if (life && life.key !== save.documentKey) {
    return {
      state: 'conflict',
      by: null,
      message: `The application opened the document "${save.documentId}" afresh before this save could be delivered.`,
    };
  }
  const isLate = save.attempts > save.target.retries;
  const overtaker = newer.find(
    (other) =>
      isLate &&
      other.state === 'delivered' &&
      other.sequence > save.sequence &&
      reachSamePlace(other.target, save.target),
  );
  if (!overtaker) return undefined;
  return {
    state: 'conflict',
    by: overtaker,
    message: `Version ${overtaker.version} reached the same address while this save was waiting.`,
  };
}

/** What is parked after an attempt may have been taken without an answer: an older version must not follow it. */
function mayHaveArrived(save: Save): boolean {
  return (
    save.state === 'accepted' ||
    save.state === 'built' ||
    save.state === 'delivered' ||
    (save.state === 'parked' && save.attempts > 0)
  );
}
