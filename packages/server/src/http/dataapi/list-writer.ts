import type { LibraryEntry } from '../../domain/library/library-document.js';
import { type Dialect, envelope, type WireFields, writeJson, writeXml } from './wire-value.js';

/**
 * A list as it goes out, a chunk of entries at a time: however long it is, no more than a chunk of it is in memory.
 * `container` is also the name in JSON.
 */
export async function* writeList(
  dialect: Dialect,
  uri: string,
  container: string,
  chunks: AsyncIterable<readonly LibraryEntry[]>,
  present: (entry: LibraryEntry) => WireFields,
): AsyncGenerator<string> {
  const [before, after] = envelope(dialect, uri, 'result');
  if (dialect === 'xml') {
    let isOpen = false;
    for await (const chunk of chunks) {
      const entries = chunk.map((entry) => `<document>${writeXml(present(entry))}</document>`).join('');
      yield isOpen ? entries : `${before}<${container}>${entries}`;
      isOpen = true;
    }
    yield isOpen ? `</${container}>${after}` : `${before}<${container}/>${after}`;
    return;
  }
  let lead = `${before}{"${container}":{"document":[`;
  for await (const chunk of chunks) {
    yield lead + chunk.map((entry) => writeJson(present(entry))).join(',');
    lead = ',';
  }
  yield `${lead === ',' ? '' : lead}]}}${after}`;
}
