import type { LibraryEntry } from '../../domain/library/library-document.js';
import { type Dialect, envelope } from './wire-value.js';

/**
 * A list as it goes out, a chunk of entries at a time: however long it is, no more than a chunk of it is in memory.
 * `container` is also the name in JSON; `write` makes an entry's element or object.
 */
export async function* writeList(
  dialect: Dialect,
  uri: string,
  container: string,
  chunks: AsyncIterable<readonly LibraryEntry[]>,
  write: (entry: LibraryEntry) => string,
): AsyncGenerator<string> {
  const [before, after] = envelope(dialect, uri, 'result');
  if (dialect === 'xml') {
    let isOpen = false;
    for await (const chunk of chunks) {
      const entries = chunk.map(write).join('');
      yield isOpen ? entries : `${before}<${container}>${entries}`;
      isOpen = true;
    }
    yield isOpen ? `</${container}>${after}` : `${before}<${container}/>${after}`;
    return;
  }
  let lead = `${before}{"${container}":{"document":[`;
  for await (const chunk of chunks) {
    yield lead + chunk.map(write).join(',');
    lead = ',';
  }
  yield `${lead === ',' ? '' : lead}]}}${after}`;
}
