/**
 * The other servers on the same data. What they are told is no record: the store is, and whoever may have missed something
 * asks it.
 */
export interface Neighbours {
  /** Tells all others at once, in order; the message must survive JSON. Never fails: what cannot be told is missed. */
  tell(subject: NeighbourSubject, message: unknown): void;
  /** Hears what others tell of a subject; returns a function that ends the listening. */
  listen(subject: NeighbourSubject, ear: Ear): () => void;
}

/** `rooms`: sessions that ended or have other permissions; `library`: documents of the library. */
export type NeighbourSubject = 'rooms' | 'library';

export interface Ear {
  hear(message: unknown): void;
  /** Something may have been told in vain, of any subject. */
  missed(): void;
}

/** For a server that shares its data with no other. */
export const NO_NEIGHBOURS: Neighbours = { tell: () => {}, listen: () => () => {} };
