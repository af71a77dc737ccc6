import type { RefusedWork } from './client-values.js';
import type { Message, Outcome, Refusal } from './operation.js';

/** Why a replacement that lost its lock could not be made anew. */
export const NOT_JOINED =
  'somebody else changed the same place at the same time, and the two changes exclude each other';
export const GIVEN_UP = 'others kept changing the same place while it was tried again';

export const lostItsLock = ({ kind, reason }: Refusal): boolean =>
  kind === 'replaceBlocks' && reason === 'target-changed';

/** The lost locks in words for who lost them. */
export function worded(outcome: Outcome, why: string): Outcome {
  return {
    ...outcome,
    refused: outcome.refused.map((each) => (lostItsLock(each) ? { ...each, detail: why } : each)),
  };
}

/** Own work that did not happen, with its words to be offered back. */
export function refusedWork(message: Message, why: string, outcome: Outcome): RefusedWork {
  const steps = outcome.refused.map((each: Refusal) => each.step);
  const ops = steps.length > 0 ? steps.map((step) => message.ops[step]) : message.ops;
  const text = ops
    .map((op) => (op?.values ? wordsOf(op.kind === 'replaceBlocks' ? op.values : op.values.text) : ''))
    .join('');
  return { message, why, refused: outcome.refused, text };
}

/** The words in what was refused: typed text, or the text nodes of blocks that were to be put in place. */
function wordsOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value))
    return value.map((each) => (typeof each === 'string' ? '' : wordsOf(each))).join('');
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return '';
  const record = value as Readonly<Record<string, unknown>>;
  if (record.kind === 'textValue') return typeof record.value === 'string' ? record.value : '';
  const words = Object.values(record)
    .map((each) => (typeof each === 'string' ? '' : wordsOf(each)))
    .join('');
  return record.kind === 'paragraph' && words !== '' ? `${words}\n` : words;
}
