export interface TagCount {
  name: string;
  /** Documents that the person sees under the tag. */
  count: number;
}

/** Everybody has tags of their own. */
export interface TagStore {
  add(accountId: string, documentId: string, names: readonly string[]): Promise<void>;
  remove(accountId: string, documentId: string, names: readonly string[]): Promise<void>;
  /** The person's tags of one document, by name. */
  listOf(accountId: string, documentId: string): Promise<readonly string[]>;
  /** By count, ties by name; tags of documents that the person does not see do not count. */
  list(
    accountId: string,
    options: { order: 'asc' | 'desc'; skip: number; limit: number | null },
  ): Promise<readonly TagCount[]>;
  /** All tags of the person, by document and name; also on documents that they do not see at present. */
  listAll(accountId: string): Promise<readonly { documentId: string; names: readonly string[] }[]>;
}
