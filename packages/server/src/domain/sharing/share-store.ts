/** A person whom a document is shared with; without an account until somebody opens one with the address. */
export interface Share {
  documentId: string;
  /** In lower case. */
  email: string;
  accountId: string | null;
  canWrite: boolean;
  createdAt: number;
}

export interface ShareStore {
  /**
   * Shares a document with these addresses, or changes the right of those who have one; an address that has an account
   * by now goes to it. All or none.
   */
  put(documentId: string, emails: readonly string[], canWrite: boolean, at: number): Promise<void>;
  /** False when it was not shared with the address. */
  remove(documentId: string, email: string): Promise<boolean>;
  /** In the order of sharing, those of one call by address. */
  list(documentId: string): Promise<readonly Share[]>;
}
