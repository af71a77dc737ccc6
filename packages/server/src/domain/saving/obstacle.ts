import type { DocumentStore } from '../documents/document.js';
import type { Save, SaveStore } from './save.js';
import { reachSamePlace } from './target.js';

export type Obstacle =
  | { state: 'superseded'; by: Save; message: string }
  | { state: 'conflict'; by: Save | null; message: string };

/** Why a save must not go out any more, or undefined when it may: a later version or life has the better claim. */
export async function findObstacle(
  save: Save,
  stores: { saves: SaveStore; documents: DocumentStore },
): Promise<Obstacle | undefined> {
  const others = await stores.saves.listForDocument(save.documentKey);
  const newer = others.filter((other) => other.version > save.version);
  const heir = newer.find((other) => other.targetId === save.targetId && mayHaveArrived(other));
  if (heir) {
    return {
      state: 'superseded',
      by: heir,
      message: `Version ${heir.version} takes the place of this save.`,
    };
  }
  const life = await stores.documents.findById(save.apiKeyId, save.documentId);
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
