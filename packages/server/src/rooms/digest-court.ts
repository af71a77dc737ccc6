/** What to do about the digests at one sequence number. */
export type Verdict =
  | { state: 'agreed' }
  /** These clients hold something else than the others: they have to load the document again. */
  | { state: 'astray'; clients: readonly string[] }
  /** As many on one side as on the other: the server's own replica has to say. */
  | { state: 'undecided'; sequence: number };

/** Sequence numbers whose digests are kept: replicas answer within seconds. */
const KEPT_SEQUENCES = 4;

/** Compares the digests that replicas tell at the same sequence number. */
export class DigestCourt {
  readonly #told = new Map<number, Map<string, string>>();
  readonly #known = new Map<number, string>();

  /** A client's digest; the verdict is over everybody who has spoken so far. */
  hear(client: string, sequence: number, digest: string): Verdict {
    const told = this.#told.get(sequence) ?? new Map<string, string>();
    told.set(client, digest);
    this.#told.set(sequence, told);
    forgetOldest(this.#told);
    return this.#judge(sequence);
  }

  /** The digest that the server's replica has. */
  learn(sequence: number, digest: string): Verdict {
    this.#known.set(sequence, digest);
    forgetOldest(this.#known);
    return this.#judge(sequence);
  }

  /** A client that loads again is no longer counted. */
  forget(client: string): void {
    for (const told of this.#told.values()) told.delete(client);
  }

  #judge(sequence: number): Verdict {
    const told = this.#told.get(sequence) ?? new Map<string, string>();
    const right = this.#known.get(sequence) ?? majorityOf([...told.values()]);
    if (right === undefined) return { state: 'undecided', sequence };
    const clients = [...told].filter(([, digest]) => digest !== right).map(([client]) => client);
    return clients.length === 0 ? { state: 'agreed' } : { state: 'astray', clients };
  }
}

/** What more than half say; undefined when nobody has more than half. */
function majorityOf(digests: readonly string[]): string | undefined {
  const votes = new Map<string, number>();
  for (const digest of digests) votes.set(digest, (votes.get(digest) ?? 0) + 1);
  return [...votes].find(([, count]) => count * 2 > digests.length)?.[0];
}

function forgetOldest(bySequence: Map<number, unknown>): void {
  while (bySequence.size > KEPT_SEQUENCES) bySequence.delete(Math.min(...bySequence.keys()));
}
