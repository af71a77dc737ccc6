import type { Account } from '../../domain/accounts/account.js';
import type { Ticket } from '../../domain/accounts/ticket.js';
import type { LibraryDocument, Version } from '../../domain/library/library-document.js';

/** Boring people and documents; a test names only what it is about. */

export function sampleAccount(change: Partial<Account> = {}): Account {
  return {
    id: 'ann',
    email: 'ann@example.org',
    loginName: 'ann',
    displayName: 'Ann',
    createdAt: 1_000,
    ...change,
  };
}

export function sampleTicket(change: Partial<Ticket> = {}): Ticket {
  return {
    accountId: 'ann',
    kind: 'ticket',
    service: 'ZohoWriter',
    createdAt: 1_000,
    expiresAt: 10_000,
    ...change,
  };
}

export function sampleLibraryDocument(change: Partial<LibraryDocument> = {}): LibraryDocument {
  const id = change.id ?? '1000';
  return {
    id,
    ownerId: 'ann',
    name: `Plan ${id}`,
    urlName: { stem: `Plan${id}`, number: 0 },
    createdAt: 1_000,
    modifiedAt: 1_000,
    modifiedBy: 'ann',
    state: 'kept',
    isSharing: true,
    publication: null,
    version: 10,
    lock: null,
    ...change,
  };
}

export function sampleVersion(change: Partial<Version> = {}): Version {
  return {
    documentId: '1000',
    number: 10,
    blob: 'a'.repeat(64),
    createdAt: 1_000,
    createdBy: 'ann',
    ...change,
  };
}
