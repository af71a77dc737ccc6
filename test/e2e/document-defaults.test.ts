import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rawEntries, xmlOf } from '../corpus/judge.js';
import { docx } from '../corpus/package-builder.js';
import { postDocument, type Receiver, type RunningServer, startReceiver, startServer } from './harness.js';

describe('document_defaults', () => {
  let server: RunningServer;
  let receiver: Receiver;

  beforeAll(async () => {
    [server, receiver] = await Promise.all([startServer(), startReceiver()]);
  });
  afterAll(async () => {
    await Promise.all([server?.stop(), receiver?.close()]);
  });

  /** Opens a document and has it saved as it is. */
  async function savedFile(defaults: object, file?: Uint8Array): Promise<Uint8Array> {
    const count = receiver.saves.length + 1;
    const { save_url: saveUrl = '' } = await postDocument(
      server,
      { document_defaults: defaults, callback_settings: { save_format: 'docx', save_url: receiver.url } },
      file && { bytes: file, name: 'sent.docx' },
    );
    const answer = await fetch(`${saveUrl}?force=1`, { method: 'POST' });
    expect(await answer.json()).toMatchObject({ state: 'accepted' });
    return (await receiver.waitFor(count)).file;
  }

  it('[SE39] are all in the saved file of a new document', async () => {
    const saved = await savedFile({
      orientation: 'landscape',
      paper_size: 'A4',
      font_name: 'Lato',
      font_size: 14,
      track_changes: 'enabled',
      margin: { left: '1.5in', right: '36pt', top: '0.25in', bottom: '25.4mm' },
      date_format: 'DD/MM/YYYY',
      language: 'de_DE',
    });

    const document = partOf(saved, 'document');
    expect(document).toContain('<w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/>');
    expect(document).toContain('w:top="360" w:right="720" w:bottom="1440" w:left="2160"');
    expect(partOf(saved, 'styles')).toMatch(/w:ascii="Lato".*<w:sz w:val="28"\/>.*<w:lang w:val="de-DE"/);
    expect(partOf(saved, 'settings')).toContain('<w:trackRevisions/>');
    expect(partOf(saved, 'settings')).toContain('<w:docVar w:name="DateFormat" w:val="dd/MM/yyyy"/>');
  });

  it('[SE39] track changes and the language are set in a file that is sent, and nothing else is', async () => {
    const sent = docx({ body: '<w:p><w:r><w:t>Sent</w:t></w:r></w:p>' });
    const saved = await savedFile({ track_changes: 'enabled', language: 'fr', font_name: 'Lato' }, sent);

    expect(partOf(saved, 'settings')).toContain('<w:trackRevisions/>');
    expect(partOf(saved, 'styles')).toContain('<w:lang w:val="fr"');
    expect(partOf(saved, 'styles')).not.toContain('Lato');
    expect(partOf(saved, 'document')).toBe(partOf(sent, 'document'));
    const untouched = await savedFile({ font_name: 'Lato' }, sent);
    expect(Buffer.compare(untouched, sent)).toBe(0);
  });
});

function partOf(file: Uint8Array, kind: string): string {
  const entry = rawEntries(file).find(({ name }) => name === `word/${kind}.xml`);
  return entry ? xmlOf(entry) : '';
}
