import {
  bodyStoryRoot,
  type OoxmlPart,
  serializeOoxmlPart,
  storyParagraphs,
} from '@docx-editor.dev/core/store';
import { CORE_VERSION, CoeditingClient, type LogEntry } from '@officina/engine/writer/replica';
import type { ClientMessage, SaveProgress, SequencedOperation, ServerMessage } from '@officina/protocol';
import WebSocket from 'ws';

export interface TypistEvents {
  /** A token of mine is acknowledged, so durable. */
  onSafe(token: string): void;
  /** I ask for a save. */
  onAsk?(): void;
  /** How a save that I asked for goes on. */
  onSave(progress: SaveProgress): void;
}

/**
 * One connection of one person over a raw socket: types tokens that occur nowhere else and asks for saves. A new one is
 * made after every crash; what was not acknowledged by then, nobody promised.
 */
export class Typist {
  readonly client: string;
  #replica: CoeditingClient | undefined;
  readonly #tokens = new Map<number, string>();
  #isOpen = true;

  private constructor(
    private readonly socket: WebSocket,
    private readonly url: string,
    name: string,
    private readonly events: TypistEvents,
  ) {
    this.client = `typist-${name}`;
  }

  /** Joins the session's room; rejects when the connection ends before that. */
  static join(url: string, sessionId: string, name: string, events: TypistEvents): Promise<Typist> {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/rooms/writer/${sessionId}`);
    const typist = new Typist(socket, url, name, events);
    return new Promise((resolve, reject) => {
      socket.on('open', () =>
        typist.#send({
          t: 'hello',
          protocol: 1,
          client: typist.client,
          lastSequence: 0,
          epoch: 0,
          engine: CORE_VERSION,
        }),
      );
      socket.on('error', () => {});
      socket.on('close', () => {
        typist.#isOpen = false;
        reject(new Error('The connection ended while joining.'));
      });
      let queue = Promise.resolve();
      socket.on('message', (frame) => {
        const messages = JSON.parse(String(frame)) as ServerMessage[];
        queue = queue
          .then(async () => {
            for (const message of messages) {
              await typist.#hear(message);
              if (message.t === 'welcome') resolve(typist);
            }
          })
          .catch(reject);
      });
    });
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Types a token at the start of the document. */
  type(token: string): void {
    const replica = this.#replica;
    const paragraphId = replica && firstParagraph(replica);
    if (!replica || paragraphId === undefined || !this.#isOpen) return;
    const { send } = replica.commit({
      operations: [{ op: 'insertText', paragraphId, offset: 0, text: token }],
      scope: { kind: 'body' },
      created: [],
      at: 0,
    });
    if (!send) throw new Error('The replica does not carry a typed word.');
    this.#tokens.set(send.id.n, token);
    this.#send({ t: 'op', n: send.id.n, base: send.base, o: { ops: send.ops } });
  }

  save(): void {
    if (!this.#isOpen) return;
    this.events.onAsk?.();
    this.#send({ t: 'save' });
  }

  /** Wishes the document to be as it was in a version. */
  restore(version: number): void {
    this.#send({ t: 'restore', version });
  }

  /** The main part of the document as it stands here. */
  get text(): string {
    const replica = this.#replica;
    const main = replica?.package.parts.get(replica.package.mainDocumentPart);
    return main ? serializeOoxmlPart(main) : '';
  }

  leave(): void {
    this.#isOpen = false;
    this.socket.terminate();
  }

  async #hear(message: ServerMessage): Promise<void> {
    switch (message.t) {
      case 'welcome': {
        if (!message.snapshot) throw new Error('The room handed out no snapshot.');
        const response = await fetch(new URL(message.snapshot.url, this.url));
        const bytes = new Uint8Array(await response.arrayBuffer());
        const isDocx = bytes[0] === 0x50 && bytes[1] === 0x4b;
        this.#replica = new CoeditingClient(isDocx ? { base: bytes } : { snapshot: bytes }, {
          client: this.client,
          author: { id: message.self.userId, name: message.self.displayName },
          now: () => new Date().toISOString(),
        });
        this.#replica.receive(message.operations.map(entryOf));
        return;
      }
      case 'ops':
        this.#replica?.receive(message.operations.map(entryOf));
        for (const { client, n } of message.operations) {
          const token = client === this.client ? this.#tokens.get(n) : undefined;
          if (token !== undefined) this.events.onSafe(token);
        }
        return;
      case 'save':
        this.events.onSave(message.progress);
        return;
      case 'reject':
        throw new Error(`An operation was rejected: ${message.code} ${message.reason}`);
      default:
        return;
    }
  }

  #send(message: ClientMessage): void {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify([message]));
  }
}

function firstParagraph(replica: CoeditingClient): string | undefined {
  const main = replica.package.parts.get(replica.package.mainDocumentPart) as OoxmlPart;
  const root = bodyStoryRoot(main);
  return root ? storyParagraphs(root)[0]?.id : undefined;
}

function entryOf(operation: SequencedOperation): LogEntry {
  const { ops, touch } = operation.o as { ops: LogEntry['message']['ops']; touch?: readonly string[] };
  return {
    sequence: operation.sequence,
    message: {
      id: { client: operation.client, n: operation.n },
      base: operation.base,
      ops,
      ...(touch ? { touch } : {}),
    },
    author: { id: operation.actor, name: operation.author },
    time: new Date(operation.at).toISOString(),
  };
}
