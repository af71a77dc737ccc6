import { expect, it } from 'vitest';
import { createBlankDocx } from '../index.js';
import { CoeditingClient } from './client.js';
import { openReplica } from './replica.js';
import { paragraphOrder } from './view.js';

it('[SA42] an earlier state goes on under a later number, and knows what of each client came before', () => {
  const base = createBlankDocx();
  const author = { id: 'ann', name: 'Ann' };
  const client = new CoeditingClient({ base }, { client: 'c1', author, now: () => '2026-01-01T00:00:00Z' });
  const replica = openReplica({ base });
  const { package: pkg } = client;
  const main = pkg.parts.get(pkg.mainDocumentPart);
  const [paragraphId = ''] = main ? paragraphOrder(main) : [];
  const type = (text: string, sequence: number) => {
    const operation = { op: 'insertText', paragraphId, offset: 0, text } as const;
    const { send } = client.perform(
      { do: 'operations', operations: [operation], scope: { kind: 'body' } },
      0,
    );
    if (!send) throw new Error('The text was not taken.');
    const entry = { sequence, message: send, author, time: '2026-01-01T00:00:00Z' };
    client.receive([entry]);
    replica.execute(entry);
  };
  type('kept ', 1);
  const earlier = openReplica({ snapshot: replica.snapshot() });
  type('gone ', 2);

  const restored = openReplica({ snapshot: earlier.snapshot({ sequence: 3, newest: [['c1', 2]] }) });

  expect(restored.text()).toBe(earlier.text());
  expect(restored.text()).not.toContain('gone');
  expect(restored.digest()).toBe(earlier.digest());
  expect([restored.sequence, restored.newestOf('c1')]).toEqual([3, 2]);
});
