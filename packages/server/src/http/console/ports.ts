import type { ConsoleCheck, ConsoleCount, ConsoleKeySettings } from '@officina/protocol';
import type { Account, AccountSearch, ListedAccount } from '../../domain/accounts/account.js';
import type { NewAccount } from '../../domain/accounts/accounts.js';
import type { BlobStore } from '../../domain/content/blob-store.js';
import type { ApiKey } from '../../domain/keys/api-key.js';
import type { SaveStore } from '../../domain/saving/save.js';
import type { Clock } from '../../domain/time.js';
import type { AdminPassword } from './admin-password.js';

/** What the console can see and do; put together where everybody is known. */
export interface ConsoleDeps {
  password: Pick<AdminPassword, 'verify'>;
  /** The address that people use, or null for the request's own. */
  publicUrl: string | null;
  clock: Clock;
  overview: OverviewSource;
  keys: KeyKeeper;
  accounts: AccountKeeper;
  ledger: Pick<SaveStore, 'find' | 'list' | 'listAttempts'>;
  deliveries: DeliveryControl;
  blobs: Pick<BlobStore, 'get'>;
}

export interface OverviewSource {
  versions: readonly (readonly [part: string, version: string])[];
  /** Live numbers; quick, as the page asks every few seconds. */
  counts(): Promise<readonly ConsoleCount[]>;
  /** What `officina doctor` would say of the running server. */
  checks(): Promise<readonly ConsoleCheck[]>;
}

/** Refuses by AppError with a message for the operator. */
export interface AccountKeeper {
  search(search: AccountSearch): Promise<readonly ListedAccount[]>;
  add(wish: NewAccount): Promise<Account>;
  find(id: string): Promise<Account | undefined>;
  /** False when there is no such account. */
  setDisabled(id: string, isDisabled: boolean): Promise<boolean>;
  /** Vouches for the address; false when there is no such account. */
  confirm(id: string): Promise<boolean>;
  /** Signs the person out everywhere. */
  setPassword(id: string, password: string): Promise<void>;
}

export interface KeyKeeper {
  list(): Promise<readonly ApiKey[]>;
  /** Makes a key; its text is never to be had again. */
  add(name: string): Promise<{ key: ApiKey; secret: string }>;
  /** False when there is no such key. */
  change(id: string, settings: ConsoleKeySettings): Promise<boolean>;
  /** A new signing secret; the one before signs beside it until `formerUntil`. Undefined when there is no such key. */
  renewSigning(id: string): Promise<{ signingSecret: string; formerUntil: number } | undefined>;
  /** From now on the key opens nothing. False when there is no such key. */
  revoke(id: string): Promise<boolean>;
}

export interface DeliveryControl {
  /** Makes the save due at once, also a parked one. False when there is nothing to send. */
  retry(saveId: string): Promise<boolean>;
  /** The same for every waiting or parked save to a host; returns how many. */
  retryHost(host: string): Promise<number>;
}
