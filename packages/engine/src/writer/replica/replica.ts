import type { OoxmlPackage } from '@docx-editor.dev/core/store';
import type { Anchor, LogEntry, Outcome, Position } from './operation.js';

export type ReplicaSource = { readonly base: Uint8Array } | { readonly snapshot: Uint8Array };

/** One copy of a document that executes the log. Pure: no network, clock, file system or randomness. */
export interface Replica {
  /** Executes the next entry. Entries come in order without a gap; a refused one is a no-op on every replica alike. */
  execute(entry: LogEntry): Outcome;
  /** Sequence number of the newest executed entry; 0 for a fresh base. */
  readonly sequence: number;
  /** The document as an immutable package of the core. */
  readonly package: OoxmlPackage;
  /** Model text of the body, one line per paragraph. */
  text(): string;
  /** SHA-256 over name and serialised XML of every part, hex. Equal documents have equal digests. */
  digest(): string;
  /** Everything another replica needs to go on from here, as one block of bytes. */
  snapshot(): Uint8Array;
  /** The current package as docx bytes in the core's normal form. */
  docx(): Uint8Array;
  /** Where an anchor stands now; null only for an address this document never had. */
  resolve(anchor: Anchor): Position | null;
  /** The anchor left of a place; `node` is a node id of this replica's package. */
  anchorAt(place: Position): Anchor | null;
}
