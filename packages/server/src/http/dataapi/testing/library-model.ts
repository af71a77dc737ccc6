/** What the library should be, as small as it can be said: three people and their documents. */
export interface ModelDocument {
  /** The wire's id, as the first answer told it. */
  id: string;
  owner: string;
  name: string;
  urlName: string;
  /** Contents, the first one being version 1.0. */
  versions: string[];
  createdAt: number;
  modifiedAt: number;
  editor: string;
  /** By person, with the right to write, in the order of sharing. */
  shares: Map<string, boolean>;
  isTrashed: boolean;
  isPublic: boolean;
  tags: Map<string, Set<string>>;
}

/** What an entry of any list says of a document, as far as the model knows it. */
export interface ModelEntry {
  documentId: string;
  documentName: string;
  version: string;
  document_name_url: string;
  writePermission: string;
  shared_users: string;
  authorName: string;
  lastModifiedTime: string;
  created_date: string;
  category: string;
}

/** Codes of refusals, or null. */
export type Outcome = string | null;

const UNKNOWN = '1404';
const DENIED = '1403';
const INVALID = '1831';

export class LibraryModel {
  documents: ModelDocument[] = [];

  add(owner: string, id: string, name: string, content: string, at: number): void {
    this.documents.push({
      id,
      owner,
      name,
      urlName: this.#urlName(owner, name, null),
      versions: [content],
      createdAt: at,
      modifiedAt: at,
      editor: owner,
      shares: new Map(),
      isTrashed: false,
      isPublic: false,
      tags: new Map(),
    });
  }

  save(person: string, id: string, content: string, at: number): Outcome {
    return this.#change(person, id, (document, right) => {
      if (right === 'read' || document.isTrashed) return DENIED;
      document.versions.push(content);
      document.modifiedAt = at;
      document.editor = person;
      return null;
    });
  }

  rename(person: string, id: string, name: string, at: number): Outcome {
    return this.#asOwner(person, id, (document) => {
      document.urlName = this.#urlName(person, name, document);
      document.name = name;
      document.versions.push(document.versions.at(-1) ?? '');
      document.modifiedAt = at;
      document.editor = person;
      return null;
    });
  }

  share(person: string, id: string, names: readonly string[], canWrite: boolean): Outcome {
    return this.#asOwner(person, id, (document) => {
      if (names.includes(person)) return INVALID;
      for (const name of names.filter((one) => document.shares.has(one))) document.shares.set(name, canWrite);
      // Those of one call stand by address.
      for (const name of names.filter((one) => !document.shares.has(one)).toSorted()) {
        document.shares.set(name, canWrite);
      }
      return null;
    });
  }

  cancel(person: string, id: string, name: string): Outcome {
    return this.#asOwner(person, id, (document) => (document.shares.delete(name) ? null : INVALID));
  }

  publish(person: string, id: string, isPublic: boolean): Outcome {
    return this.#asOwner(person, id, (document) => {
      document.isPublic = isPublic;
      return null;
    });
  }

  setTrashed(person: string, id: string, isTrashed: boolean): Outcome {
    return this.#change(person, id, (document, right) => {
      if (right !== 'own') return DENIED;
      document.isTrashed = isTrashed;
      return null;
    });
  }

  delete(person: string, id: string): Outcome {
    return this.#change(person, id, (document, right) => {
      if (right !== 'own') return DENIED;
      if (document.isTrashed) this.documents = this.documents.filter((other) => other !== document);
      document.isTrashed = true;
      return null;
    });
  }

  tag(person: string, id: string, name: string, isAdded: boolean): Outcome {
    return this.#change(person, id, (document) => {
      if (document.isTrashed) return DENIED;
      const tags = document.tags.get(person) ?? new Set();
      document.tags.set(person, tags);
      if (isAdded) tags.add(name);
      else tags.delete(name);
      return null;
    });
  }

  list(person: string, name: string): ModelEntry[] {
    const chosen = this.documents.filter((document) => {
      const isMine = document.owner === person;
      if (name === 'trasheddocuments') return isMine && document.isTrashed;
      if (document.isTrashed) return false;
      if (name === 'incomingdocuments') return document.shares.has(person);
      return isMine && (name === 'documents' || document.isPublic);
    });
    return inOrder(chosen).map((document) => entryOf(document, person));
  }

  tagged(person: string, tag: string): string[] {
    const chosen = this.documents.filter(
      (document) =>
        !document.isTrashed &&
        (document.owner === person || document.shares.has(person)) &&
        document.tags.get(person)?.has(tag),
    );
    return inOrder(chosen).map(({ id }) => id);
  }

  /** The newest content, or why it cannot be read. */
  read(person: string | null, id: string): { content: string } | { code: string } {
    const document = this.documents.find((one) => one.id === id);
    if (!document) return { code: UNKNOWN };
    const isKnown = person !== null && (document.owner === person || document.shares.has(person));
    const isOpen = document.owner === person || (!document.isTrashed && (isKnown || document.isPublic));
    return isOpen ? { content: document.versions.at(-1) ?? '' } : { code: UNKNOWN };
  }

  #asOwner(person: string, id: string, task: (document: ModelDocument) => Outcome): Outcome {
    return this.#change(person, id, (document, right) =>
      right !== 'own' || document.isTrashed ? DENIED : task(document),
    );
  }

  #change(
    person: string,
    id: string,
    task: (document: ModelDocument, right: 'own' | 'write' | 'read') => Outcome,
  ): Outcome {
    const document = this.documents.find((one) => one.id === id);
    if (!document) return UNKNOWN;
    if (document.owner === person) return task(document, 'own');
    const canWrite = document.shares.get(person);
    if (canWrite === undefined || document.isTrashed) return UNKNOWN;
    return task(document, canWrite ? 'write' : 'read');
  }

  /** The name with the next free number; a document keeps its URL name while its stem stays. */
  #urlName(owner: string, name: string, self: ModelDocument | null): string {
    const stem = name.replace(/[^A-Za-z0-9_-]/g, '');
    if (self && self.name.replace(/[^A-Za-z0-9_-]/g, '') === stem) return self.urlName;
    const others = this.documents.filter((one) => one.owner === owner && one !== self);
    const numbers = others
      .filter((one) => one.name.replace(/[^A-Za-z0-9_-]/g, '') === stem)
      .map((one) => Number(one.urlName.slice(stem.length) || '0'));
    const taken = new Set(others.map((one) => one.urlName));
    let number = numbers.length === 0 ? 0 : Math.max(...numbers) + 1;
    while (taken.has(number === 0 ? stem : `${stem}${number}`)) number += 1;
    return number === 0 ? stem : `${stem}${number}`;
  }
}

function inOrder(documents: readonly ModelDocument[]): ModelDocument[] {
  return documents.toSorted((a, b) => b.modifiedAt - a.modifiedAt || (a.id < b.id ? -1 : 1));
}

function entryOf(document: ModelDocument, person: string): ModelEntry {
  const tenths = 9 + document.versions.length;
  const people = [...document.shares.keys()].map((name) => `${name}@example.org`);
  const isMine = document.owner === person;
  return {
    documentId: document.id,
    documentName: document.name,
    version: `${Math.floor(tenths / 10)}.${tenths % 10}`,
    document_name_url: document.urlName,
    writePermission: String(isMine || (document.shares.get(person) ?? false)),
    shared_users: `[${people.join(', ')}]`,
    authorName: document.owner,
    lastModifiedTime: String(document.modifiedAt),
    created_date: String(document.createdAt),
    category: isMine ? 'owned' : 'shared',
  };
}
