import type { TestDelivery } from '@officina/client/testing';
import type { Save } from '../../packages/server/src/domain/saving/save.js';
import { bodyText } from '../e2e/docx-text.js';
import type { TypistEvents } from './typist.js';

/** States in which a save has come to its end or stands where people see it and can send it again. */
const KEPT: ReadonlySet<string> = new Set([
  'accepted',
  'built',
  'delivered',
  'superseded',
  'parked',
  'conflict',
] satisfies Save['state'][]);

/** Everything that the server has promised to the people of one history, in the order in which it did. */
export class Promises {
  /** Tokens that were acknowledged. */
  readonly safe: string[] = [];
  /** Accepted saves, each with how many of `safe` were acknowledged when it was asked for. */
  readonly accepted = new Map<string, number>();
}

/** Notes what one person is promised over one connection. */
export function noting(
  promises: Promises,
  hear: (moment: 'safe' | 'asked' | 'accepted' | 'delivering') => void = () => {},
): TypistEvents {
  /** What was safe at each question that is not answered yet: answers come in order. */
  const asked: number[] = [];
  return {
    onSafe(token) {
      promises.safe.push(token);
      hear('safe');
    },
    onAsk() {
      asked.push(promises.safe.length);
      hear('asked');
    },
    onSave(progress) {
      if (progress.state === 'delivering') hear('delivering');
      if (progress.state !== 'accepted') return;
      hear('accepted');
      const { accepted } = promises;
      // Told anew, it may have been asked for earlier than what stands at the front.
      if (!accepted.has(progress.deliveryId)) accepted.set(progress.deliveryId, asked.shift() ?? 0);
    },
  };
}

/** What became of the promises; one line for each that was broken. */
export function judge(history: {
  promises: Promises;
  /** The document's text as the server gives it to who joins. */
  text: string;
  ledger: readonly Save[];
  received: readonly TestDelivery[];
  /** Ids of deliveries that were under way in a process while it stood still: nobody can call those back. */
  strays?: ReadonlySet<string>;
}): string[] {
  const { promises, text, ledger, received } = history;
  return [
    ...missingWords(promises.safe, text, 'the document'),
    ...lostSaves(promises, ledger),
    ...ledger.flatMap((save) => brokenRow(save, ledger, received)),
    ...brokenFiles(promises, received),
    ...disorder(ledger, received, history.strays ?? new Set()),
  ];
}

function missingWords(tokens: readonly string[], text: string, where: string): string[] {
  return tokens.flatMap((token) => {
    const count = text.split(token).length - 1;
    return count === 1 ? [] : [`${token} was safe and is ${count} times in ${where}`];
  });
}

function lostSaves({ accepted }: Promises, ledger: readonly Save[]): string[] {
  const rows = new Map(ledger.map((save) => [save.id, save]));
  return [...accepted.keys()].flatMap((id) => {
    const state = rows.get(id)?.state;
    return state !== undefined && KEPT.has(state)
      ? []
      : [`${id} was accepted and is ${state ?? 'not in the ledger'}`];
  });
}

function brokenRow(save: Save, ledger: readonly Save[], received: readonly TestDelivery[]): string[] {
  const broken: string[] = [];
  const arrivals = received.filter(({ deliveryId }) => deliveryId === save.id);
  const hashes = new Set(arrivals.map(({ headers }) => headers['x-officina-sha256']));
  if (hashes.size > 1) broken.push(`${save.id} arrived with ${hashes.size} hashes`);
  if (arrivals.length > 0 && save.sha256 !== null && !hashes.has(save.sha256))
    broken.push(`${save.id} arrived with another hash than the ledger's`);
  if (save.state === 'delivered' && save.attempts > 0 && arrivals.length === 0)
    broken.push(`${save.id} counts as delivered and never arrived`);
  if (save.state === 'superseded') {
    const heirs = ledger.filter(
      (other) =>
        other.documentKey === save.documentKey &&
        other.targetId === save.targetId &&
        other.version > save.version,
    );
    if (!heirs.some(({ state }) => state !== 'superseded')) broken.push(`${save.id} has no successor`);
  }
  return broken;
}

/** A file holds at least what was safe when somebody asked for it. */
function brokenFiles({ safe, accepted }: Promises, received: readonly TestDelivery[]): string[] {
  return received.flatMap(({ deliveryId, file }) => {
    const count = accepted.get(deliveryId ?? '');
    if (count === undefined) return [];
    const text = file ? bodyText(file.bytes) : '';
    return missingWords(safe.slice(0, count), text, `the file of ${deliveryId}`);
  });
}

/** Files of one target must arrive in the order of their versions. */
function disorder(
  ledger: readonly Save[],
  received: readonly TestDelivery[],
  strays: ReadonlySet<string>,
): string[] {
  const rows = new Map(ledger.map((save) => [save.id, save]));
  const newest = new Map<string, number>();
  const wrong: string[] = [];
  for (const { deliveryId } of received) {
    const save = rows.get(deliveryId ?? '');
    if (!save || strays.has(save.id)) continue;
    const queue = `${save.documentKey} ${save.targetId}`;
    const before = newest.get(queue) ?? 0;
    if (save.version < before) wrong.push(`version ${save.version} arrived after version ${before}`);
    newest.set(queue, Math.max(before, save.version));
  }
  return wrong;
}
