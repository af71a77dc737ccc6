import { describe } from 'vitest';
import { checkAccountStore } from './contract/accounts-contract.js';
import { checkAttachmentStore } from './contract/attachments-contract.js';
import { checkBlobStore } from './contract/blobs-contract.js';
import { checkBrowseStore } from './contract/browse-contract.js';
import type { UseStore } from './contract/contract-kit.js';
import { checkDocumentStore, checkSessionStore } from './contract/documents-contract.js';
import { checkApiKeyStore, checkSettingStore, checkUsageStore } from './contract/keys-contract.js';
import { checkLibraryStore } from './contract/library-contract.js';
import { checkLeaseStore, checkOperationLog } from './contract/log-contract.js';
import { checkOutboxLaw } from './contract/outbox-law.js';
import { checkBlobReferences, checkSaveStore } from './contract/saves-contract.js';
import type { Storage } from './index.js';

/** What every storage must do, port by port. `open` gives an empty one; the suite closes it. */
export function describeStorage(name: string, open: () => Promise<Storage>): void {
  const use: UseStore<Storage> = async (test) => {
    const storage = await open();
    try {
      await test(storage);
    } finally {
      await storage.close();
    }
  };
  const through =
    <Store>(port: (storage: Storage) => Store): UseStore<Store> =>
    (test) =>
      use((storage) => test(port(storage)));

  describe(name, () => {
    describe('keys', () => checkApiKeyStore(through(({ keys }) => keys)));
    describe('usage', () => checkUsageStore(through(({ usage }) => usage)));
    describe('settings', () => checkSettingStore(through(({ settings }) => settings)));
    describe('documents', () => checkDocumentStore(use));
    describe('sessions', () => checkSessionStore(use));
    describe('operation log', () => checkOperationLog(use));
    describe('leases', () => checkLeaseStore(through(({ leases }) => leases)));
    describe('saves', () => checkSaveStore(through(({ saves }) => saves)));
    describe('outbox', () => checkOutboxLaw(through(({ saves }) => saves)));
    describe('blob references', () => checkBlobReferences(use));
    describe('attachments', () => checkAttachmentStore(use));
    describe('accounts', () => checkAccountStore(use));
    describe('library', () => checkLibraryStore(use));
    describe('browsing', () => checkBrowseStore(use));
    describe('blobs', () => checkBlobStore(through(({ blobs }) => blobs)));
  });
}
