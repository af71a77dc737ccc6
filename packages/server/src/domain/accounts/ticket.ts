import type { Account } from './account.js';

/**
 * A proof of login that is shown with every call: a ticket for a service, for a time; a token until the password
 * changes; or the sign-in of a browser.
 */
export interface Ticket {
  accountId: string;
  kind: 'ticket' | 'token' | 'page';
  /** The service that it is good for, as its caller named it. */
  service: string;
  createdAt: number;
  /** Null: until the password changes. */
  expiresAt: number | null;
}

export interface TicketStore {
  /**
   * Adds a ticket by the hash of its text, and forgets those of the account that have run out. Returns false, and adds
   * nothing, when the account's password is no longer the one with this hash, or the account is closed.
   */
  add(ticket: Ticket, hash: string, passwordHash: string): Promise<boolean>;
  /** The ticket and whose it is; also one that has run out. */
  find(hash: string): Promise<{ ticket: Ticket; account: Account } | undefined>;
  remove(hash: string): Promise<void>;
}
