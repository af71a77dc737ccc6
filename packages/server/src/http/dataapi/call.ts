import type { Account } from '../../domain/accounts/account.js';
import type { Authorship } from '../../domain/library/authorship.js';
import type { Library } from '../../domain/library/library.js';
import type { LibraryEntry } from '../../domain/library/library-document.js';
import type { Shelf } from '../../domain/library/shelf.js';
import type { Sharing } from '../../domain/sharing/sharing.js';
import type { Reach } from './address.js';
import type { Parameters } from './parameters.js';
import type { Viewpoint } from './present.js';
import type { Dialect, WireFields } from './wire-value.js';

/** What the calls do their work with. */
export interface Services {
  library: Library;
  authorship: Authorship;
  shelf: Shelf;
  sharing: Sharing;
}

/** Somebody's call, read and let in. */
export interface CallContext {
  services: Services;
  parameters: Parameters;
  /** The last part of the path, decoded: a document's id or a tag; empty when the call has none. */
  argument: string;
  dialect: Dialect;
  view: Viewpoint;
}

/** With the person who calls. */
export type PrivateContext = CallContext & { caller: Account };

/** What an answer's `result` holds: some fields, or a list that is written while it is read. */
export type Answer =
  | { kind: 'fields'; fields: WireFields }
  | {
      kind: 'list';
      container: string;
      entries: AsyncIterable<readonly LibraryEntry[]>;
      write: (entry: LibraryEntry) => string;
    };

interface CallForm {
  /** After the format, in lower case: one word, or two with a slash. */
  word: string;
  argument: 'none' | 'id' | 'tag';
  method: 'read' | 'write';
  /** Parameters that are files. */
  files?: readonly string[];
}

export type Call = CallForm &
  (
    | { reach: 'private'; answer(context: PrivateContext): Promise<Answer> }
    /** For everybody; `caller` of the viewpoint is null when nobody logged in. */
    | { reach: 'both' | 'public'; answer(context: CallContext): Promise<Answer> }
  );

export function fields(value: WireFields): Answer {
  return { kind: 'fields', fields: value };
}

/** The call that a path asks for, and its argument as it was sent. */
export function findCall(
  calls: readonly Call[],
  reach: Reach,
  word: string,
  rest: readonly string[],
): { call: Call; argument: string } | undefined {
  for (const call of calls) {
    if (call.reach !== 'both' && call.reach !== reach) continue;
    const [first, second] = call.word.split('/');
    const tail = second === undefined ? rest : rest.slice(1);
    if (first !== word || (second !== undefined && rest[0]?.toLowerCase() !== second)) continue;
    const wanted = call.argument === 'none' ? 0 : 1;
    if (tail.length === wanted) return { call, argument: tail[0] ?? '' };
  }
  return undefined;
}
