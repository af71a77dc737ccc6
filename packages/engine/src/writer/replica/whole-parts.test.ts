import type { OoxmlNode, OoxmlPart, TreeDocOp } from '@docx-editor.dev/core/store';
import { describe, expect, it } from 'vitest';
import { createBlankDocx } from '../index.js';
import { CoeditingClient } from './client.js';
import type { LogEntry, Message } from './operation.js';
import { openReplica } from './replica.js';
import { paragraphOrder } from './view.js';

const base = createBlankDocx();

function sit(name: string): CoeditingClient {
  return new CoeditingClient(
    { base },
    { client: name, author: { id: name, name }, now: () => '2026-01-01T00:00:00Z' },
  );
}

/** As an editor does it: new paragraphs carry its own ids until the session ends. */
function commit(client: CoeditingClient, op: TreeDocOp, created: readonly string[] = []): Message {
  clock += 1000;
  const { send } = client.commit({ operations: [op], scope: { kind: 'body' }, created, at: clock });
  if (!send) throw new Error('Nothing was sent.');
  return send;
}

let clock = 0;

function idsIn(client: CoeditingClient): readonly string[] {
  const ids: string[] = [];
  const walk = (node: OoxmlNode): void => {
    ids.push(node.id);
    if (node.kind !== 'textValue') for (const child of node.children as readonly OoxmlNode[]) walk(child);
  };
  for (const part of client.package.parts.values()) walk(part.root);
  return ids;
}

const FOOTER = { sectionIndex: 0, kind: 'footer', variant: 'default' } as const;

describe('a footer that its author makes, removes and brings back', () => {
  it('[OP9] comes back under names that mean the same to everybody', () => {
    const [ana, bob] = [sit('ana'), sit('bob')];
    const log: LogEntry[] = [];
    const order = (message: Message | null): void => {
      const wire = JSON.parse(JSON.stringify(message)) as Message;
      const author = { id: wire.id.client, name: wire.id.client };
      log.push({ sequence: log.length + 1, message: wire, author, time: '2026-01-02T00:00:00Z' });
      for (const each of [ana, bob]) each.receive(log.slice(each.sequence));
    };

    order(commit(ana, { op: 'createHeaderFooter', ...FOOTER }));
    const footer = [...ana.package.parts.values()].find(({ name }) => name.includes('footer')) as OoxmlPart;
    const [paragraphId] = paragraphOrder(footer) as readonly [string];
    const own = `${footer.name}#new:4`;
    order(commit(ana, { op: 'splitParagraph', paragraphId, offset: 0 }, [own]));
    expect(idsIn(ana)).toContain(own);
    order(commit(ana, { op: 'deleteHeaderFooter', ...FOOTER }));
    const back = ana.undo().send;
    order(back);

    expect(JSON.stringify(back)).not.toContain('#new:');
    expect(idsIn(bob).filter((id) => id.includes('#new:'))).toEqual([]);
    const fresh = openReplica({ base });
    for (const entry of log) fresh.execute(entry);
    for (const each of [ana, bob]) expect(each.digest()).toBe(fresh.digest());
  });
});
