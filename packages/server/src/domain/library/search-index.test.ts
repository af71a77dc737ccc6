import { AppError } from '@officina/protocol';
import { describe, expect, it } from 'vitest';
import { LibraryChanges } from './changes.js';
import type { LibraryEntry } from './library-document.js';
import { SearchIndex } from './search-index.js';

describe('the texts that are searched', () => {
  it('[LI102] are read for all documents that have none at the start, however many they are', async () => {
    const house = aHouse(350);
    await house.index.start();
    await house.index.settled();
    expect(house.texts.size).toBe(350);
    expect(house.texts.get('document 349')).toBe('document 349\nthe text of it');
  });

  it('[LI102] are the name alone where a document cannot be read, which is not tried again', async () => {
    const house = aHouse(3, (id) => {
      if (id === 'document 1') throw new AppError('format_unsupported');
    });
    await house.index.start();
    await house.index.settled();
    expect(house.texts.get('document 1')).toBe('document 1\n');
    expect(house.texts.size).toBe(3);
    expect(house.reported).toEqual(['document 1']);
  });

  it('[LI102] are left for the next start where the server was too busy, without holding up the others', async () => {
    const house = aHouse(150, (id) => {
      if (id === 'document 1') throw new AppError('busy');
    });
    await house.index.start();
    await house.index.settled();
    expect(house.texts.size).toBe(149);
    expect(house.texts.has('document 1')).toBe(false);
  });
});

/** A store of documents without texts. */
function aHouse(count: number, read: (id: string) => void = () => {}) {
  const ids = Array.from({ length: count }, (_, index) => `document ${index}`);
  const texts = new Map<string, string>();
  const reported: string[] = [];
  const index = new SearchIndex({
    search: {
      async put(id, { content }) {
        texts.set(id, content);
      },
      listMissing: async (limit) => ids.filter((id) => !texts.has(id)).slice(0, limit),
    },
    library: {
      find: async (id) => ({ document: { id, name: id, version: 10 } }) as LibraryEntry,
      findVersion: async (documentId, number) => ({
        ...{ documentId, number, blob: documentId, createdAt: 0, createdBy: '' },
      }),
    },
    blobs: { get: async () => new Uint8Array() },
    exports: {
      async exportAs(_docx, _format, title) {
        read(title);
        return { bytes: new TextEncoder().encode('The text of it'), packaging: 'plain' };
      },
    },
    changes: new LibraryChanges(),
    report: (_error, { documentId }) => reported.push(documentId),
  });
  return { index, texts, reported };
}
