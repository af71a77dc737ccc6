import type { SequencedOperation } from '@officina/protocol';

/**
 * An operation that has its number, with its JSON text at hand: the text is made once and goes into the log and into
 * everybody's frame as it is. `json` is no own property, so that serialising the operation anyway gives the same text.
 */
export class NumberedOperation implements SequencedOperation {
  readonly sequence: number;
  readonly client: string;
  readonly n: number;
  readonly base: number;
  readonly actor: string;
  readonly author: string;
  readonly at: number;
  readonly o: unknown;
  readonly #json: string;

  /** `authorJson` and `payloadJson` must be what JSON.stringify makes of the author's fields and of `o`. */
  constructor(
    sequence: number,
    fields: { n: number; base: number; at: number; o: unknown },
    author: OperationAuthor,
    payloadJson: string,
  ) {
    this.sequence = sequence;
    this.client = author.client;
    this.n = fields.n;
    this.base = fields.base;
    this.actor = author.actor;
    this.author = author.author;
    this.at = fields.at;
    this.o = fields.o;
    this.#json = `{"sequence":${sequence},${author.json},"n":${fields.n},"base":${fields.base},"at":${fields.at},"o":${payloadJson}}`;
  }

  get json(): string {
    return this.#json;
  }
}

/** The part of an operation's JSON that is the same for everything one client does. */
export interface OperationAuthor {
  readonly client: string;
  /** User id. */
  readonly actor: string;
  /** Display name. */
  readonly author: string;
  /** The three fields as JSON members, without braces. */
  readonly json: string;
}

export function operationAuthor(client: string, actor: string, author: string): OperationAuthor {
  return { client, actor, author, json: JSON.stringify({ client, actor, author }).slice(1, -1) };
}

/** The operation as JSON text, made only when nobody has made it before. */
export function jsonOf(operation: SequencedOperation): string {
  return operation instanceof NumberedOperation ? operation.json : JSON.stringify(operation);
}
