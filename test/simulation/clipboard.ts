import { writeOoxmlPackageKeepingRevisionIds } from '@docx-editor.dev/core/store';
import { createBlankDocx } from '@officina/engine/writer';
import { type Message, openReplica } from '@officina/engine/writer/replica';

/** What a clipboard holds when somebody has copied one paragraph with `text` out of another document. */
export function pieceSaying(text: string): Uint8Array {
  const clip = openReplica({ base: createBlankDocx() });
  const at = [`^${clip.package.mainDocumentPart}#0.0.0`, 0] as const;
  const message: Message = {
    id: { client: 'clip', n: 1 },
    base: 0,
    ops: [{ kind: 'insertText', at, values: { text } }],
  };
  const author = { id: 'clip', name: 'clip' };
  clip.execute({ sequence: 1, message, author, time: '2026-01-01T00:00:00Z' });
  return writeOoxmlPackageKeepingRevisionIds(clip.package);
}
