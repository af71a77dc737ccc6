import type { VirtualTime } from '../../../packages/server/src/domain/saving/testing/virtual-time.js';
import type { SimulatedNode } from './simulated-node.js';

interface Room {
  node: SimulatedNode;
  epoch: number;
  /** The last number given out. */
  sequence: number;
}

/** People who type: each document has one node that numbers its edits, until that node is gone. */
export class SimulatedEditing {
  /** Acknowledged edits of every document, by their numbers. */
  readonly acknowledged = new Map<string, Map<number, string>>();
  readonly #rooms = new Map<string, Room | 'opening'>();
  #tokens = 0;

  constructor(
    private readonly time: VirtualTime,
    private readonly pickNode: () => SimulatedNode | undefined,
  ) {}

  /** The highest number of which somebody was told that it is safe. */
  safeSequence(document: string): number {
    return Math.max(0, ...(this.acknowledged.get(document)?.keys() ?? []));
  }

  type(document: string): void {
    const room = this.#rooms.get(document);
    if (room === 'opening') return;
    if (room?.node.state !== 'running') {
      this.#open(document);
      return;
    }
    this.#tokens += 1;
    room.sequence += 1;
    const token = `${document}#${this.#tokens}`;
    const { sequence, epoch, node } = room;
    node
      .append({
        ...{ document, epoch, firstSequence: sequence, lastSequence: sequence, clients: [] },
        operations: JSON.stringify(token),
      })
      .then(
        (refusal) => {
          if (refusal === null) this.#acknowledge(document, sequence, token);
          else this.#close(document, room);
        },
        () => this.#close(document, room),
      );
  }

  #acknowledge(document: string, sequence: number, token: string): void {
    const known = this.acknowledged.get(document) ?? new Map<number, string>();
    known.set(sequence, token);
    this.acknowledged.set(document, known);
  }

  /** Another node takes the document over while the former one may still believe that it has it. */
  #open(document: string): void {
    const node = this.pickNode();
    if (!node) return;
    this.#rooms.set(document, 'opening');
    // A node that dies while it opens never answers.
    this.time.schedule(this.time.clock() + 5_000, () => {
      if (this.#rooms.get(document) === 'opening') this.#rooms.delete(document);
    });
    node.takeOver(document).then(
      ({ sequence, epoch }) => {
        this.#rooms.set(document, { node, epoch, sequence });
        this.type(document);
      },
      () => this.#rooms.delete(document),
    );
  }

  #close(document: string, room: Room): void {
    if (this.#rooms.get(document) === room) this.#rooms.delete(document);
  }
}
