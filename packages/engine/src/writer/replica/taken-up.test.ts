import { describe, expect, it } from 'vitest';
import { createBlankDocx } from '../index.js';
import { CoeditingClient } from './client.js';
import type { Message } from './operation.js';
import { paragraphOrder } from './view.js';

describe('a client id that a reloaded window takes up again', () => {
  it('numbers new work above everything that the window before may have sent', () => {
    const before = openClient({});
    const kept = type(before, 'a');
    type(before, 'b');
    type(before, 'c');

    // Only the first message was kept in time, but the room had got all three.
    const after = openClient({ pending: [kept], takenUpAt: 3 });
    const next = type(after, 'd');

    expect(next.id.client).toBe(kept.id.client);
    expect(next.id.n).toBeGreaterThan(3);
  });
});

function openClient(options: { pending?: readonly Message[]; takenUpAt?: number }): CoeditingClient {
  return new CoeditingClient(
    { base: createBlankDocx() },
    { client: 'c1', author: { id: 'ann', name: 'Ann' }, now: () => '2026-01-01T00:00:00Z', ...options },
  );
}

function type(client: CoeditingClient, text: string): Message {
  const { package: pkg } = client;
  const main = pkg.parts.get(pkg.mainDocumentPart);
  const [paragraphId = ''] = main ? paragraphOrder(main) : [];
  const operation = { op: 'insertText', paragraphId, offset: 0, text } as const;
  const { send } = client.perform({ do: 'operations', operations: [operation], scope: { kind: 'body' } }, 0);
  if (!send) throw new Error('The text was not taken.');
  return send;
}
