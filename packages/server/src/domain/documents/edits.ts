import type { DocumentContent } from '../content/document-content.js';
import type { Saves } from '../saving/saves.js';
import type { DocumentKey } from './document.js';

export interface EditsDeps {
  content: Pick<DocumentContent, 'headSequence'>;
  saves: Pick<Saves, 'status'>;
}

/** What people changed in one life, and whether the application has all of it. */
export async function readEdits(
  deps: EditsDeps,
  documentKey: DocumentKey,
): Promise<'none' | 'delivered' | 'undelivered'> {
  const head = await deps.content.headSequence(documentKey);
  if (head === 0) return 'none';
  const { deliveredSequence } = await deps.saves.status(documentKey);
  return deliveredSequence >= head ? 'delivered' : 'undelivered';
}

export async function hasUndeliveredEdits(deps: EditsDeps, documentKey: DocumentKey): Promise<boolean> {
  return (await readEdits(deps, documentKey)) === 'undelivered';
}
