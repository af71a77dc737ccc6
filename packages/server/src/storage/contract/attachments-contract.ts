import { expect, it } from 'vitest';
import type { AttachmentStore } from '../../domain/content/attachments.js';
import type { BlobReferences } from '../../domain/content/blob-references.js';
import type { DocumentStore } from '../../domain/documents/document.js';
import type { UseStore } from './contract-kit.js';
import { sampleDocument } from './samples.js';

export function checkAttachmentStore(
  use: UseStore<{ attachments: AttachmentStore; blobReferences: BlobReferences; documents: DocumentStore }>,
): void {
  const sha256 = (letter: string) => letter.repeat(64);

  it('[ST73] a document has each of its attachments once, and none of another’s', async () => {
    await use(async ({ attachments }) => {
      await attachments.add('life-1', { sha256: sha256('a'), size: 7 }, 1);
      await attachments.add('life-1', { sha256: sha256('a'), size: 7 }, 2);
      await attachments.add('life-1', { sha256: sha256('b'), size: 8 }, 3);
      await attachments.add('life-2', { sha256: sha256('a'), size: 7 }, 4);
      const held = await attachments.list('life-1');
      expect([...held].sort((x, y) => x.size - y.size)).toEqual([
        { sha256: sha256('a'), size: 7 },
        { sha256: sha256('b'), size: 8 },
      ]);
      expect([...(await attachments.removeAll('life-1'))].sort()).toEqual([sha256('a'), sha256('b')]);
      expect(await attachments.removeAll('life-1')).toEqual([]);
      expect(await attachments.list('life-1')).toEqual([]);
      expect(await attachments.list('life-2')).toHaveLength(1);
    });
  });

  it('[ST74] an attachment counts as referenced until the content of its document is purged', async () => {
    await use(async ({ attachments, blobReferences, documents }) => {
      await documents.add(sampleDocument());
      await attachments.add('life-1', { sha256: sha256('a'), size: 7 }, 1);
      const isReferenced = () => blobReferences.isReferenced(sha256('a'));
      expect(await isReferenced()).toBe(true);
      await documents.update('life-1', { state: 'deleted', endedAt: 5, purgeAt: 9 });
      expect(await isReferenced()).toBe(true);
      await documents.update('life-1', { purgeAt: null });
      expect(await isReferenced()).toBe(false);
    });
  });
}
