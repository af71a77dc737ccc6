/** A person of this house: owns documents of the library and has documents shared with them. */
export interface Account {
  id: string;
  /** In lower case; unique. */
  email: string;
  /** A word to log in with in place of the address, and the author's name on the wire; unique whatever its case. */
  loginName: string | null;
  displayName: string;
  createdAt: number;
}

/** As the operator sees an account. */
export interface ListedAccount extends Account {
  /** Null while the account is open. */
  disabledAt: number | null;
  /** Since when the operator vouches for the address; null: nobody does. */
  confirmedAt: number | null;
  /** Its documents, the trash among them. */
  documents: number;
}

export interface AccountSearch {
  /** In the address, the login name or the name, whatever the case; empty for everybody. */
  words: string;
  skip: number;
  limit: number;
}

export interface AccountStore {
  /**
   * Adds the account and, when its address is confirmed, hands over to it, in one transaction, what was shared with the
   * address before. Says what is taken, and then adds nothing.
   */
  add(
    account: Account,
    passwordHash: string,
    address?: 'confirmed' | 'unconfirmed',
  ): Promise<'added' | 'email_taken' | 'login_name_taken'>;
  /** Confirms the address and hands over what was shared with it, in one transaction. False when there is no such account. */
  confirm(id: string, at: number): Promise<boolean>;
  isConfirmed(id: string): Promise<boolean>;
  find(id: string): Promise<Account | undefined>;
  /** By address or login name, whatever the case. */
  findByName(
    name: string,
  ): Promise<{ account: Account; passwordHash: string; disabledAt: number | null } | undefined>;
  /** By age. */
  list(): Promise<readonly Account[]>;
  /** Newest first. */
  search(search: AccountSearch): Promise<readonly ListedAccount[]>;
  /**
   * Closes the account and forgets every ticket of it, in one transaction, or opens it again (null). False when there is
   * none.
   */
  setDisabled(id: string, at: number | null): Promise<boolean>;
  /** Changes the password and forgets every ticket of the account, in one transaction. */
  setPassword(id: string, passwordHash: string): Promise<void>;
}

/** What a name on the wire says of a person: the login name, or the address of somebody who has none. */
export function wireNameOf(account: Pick<Account, 'loginName' | 'email'>): string {
  return account.loginName ?? account.email;
}
