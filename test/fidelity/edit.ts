import { CoeditingClient } from '@officina/engine/writer/replica';
import type { SequencedOperation } from '@officina/protocol';
import { Editor } from '../simulation/editor.js';

/** The word that is put in; no document has it. */
export const WORD = 'Zebraquagga';

const AUTHOR = { actor: 'user-1', author: 'Ada', at: 1_700_000_000_000 };

/** One word at the start of the first paragraph that takes it, as the editor sends it; null when none does. */
export function wordOperation(base: Uint8Array): SequencedOperation | null {
  const client = new CoeditingClient(
    { base },
    {
      client: 'client-a',
      author: { id: AUTHOR.actor, name: AUTHOR.author },
      now: () => '2024-01-01T00:00:00Z',
    },
  );
  const editor = new Editor(client.package);
  for (const { id } of editor.paragraphs()) {
    const operation = { op: 'insertText', paragraphId: id, offset: 0, text: `${WORD} ` } as const;
    const created = editor.commit([operation], AUTHOR.actor);
    if (!created) continue;
    const { send } = client.commit({ operations: [operation], scope: { kind: 'body' }, created, at: 0 });
    if (!send) continue;
    const { ops, touch } = JSON.parse(JSON.stringify(send)) as typeof send;
    return {
      ...{ sequence: 1, client: send.id.client, n: send.id.n, base: send.base, ...AUTHOR },
      o: { ops, ...(touch ? { touch } : {}) },
    };
  }
  return null;
}
