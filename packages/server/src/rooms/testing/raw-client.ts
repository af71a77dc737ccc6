import type { ClientMessage, ServerMessage } from '@officina/protocol';
import { WebSocket } from 'ws';

/** A raw WebSocket that waits for what it should hear. */
export class RawClient {
  readonly messages: ServerMessage[] = [];
  closed: number | undefined;
  readonly webSocket: WebSocket;
  readonly #waiting = new Set<() => void>();

  constructor(url: string) {
    this.webSocket = new WebSocket(url, { perMessageDeflate: false });
    this.webSocket.on('message', (data) => {
      this.messages.push(...(JSON.parse(String(data)) as ServerMessage[]));
      this.#look();
    });
    this.webSocket.on('close', (code) => {
      this.closed = code;
      this.#look();
    });
    this.webSocket.on('error', () => {});
  }

  async opened(): Promise<this> {
    if (this.webSocket.readyState !== WebSocket.OPEN) {
      await new Promise<void>((resolve, reject) => {
        this.webSocket.once('open', () => resolve());
        this.webSocket.once('error', reject);
      });
    }
    return this;
  }

  send(...messages: ClientMessage[]): void {
    this.webSocket.send(JSON.stringify(messages));
  }

  /** Resolves as soon as the claim holds; it is looked at after every frame and at the close. */
  async until<T>(claim: (client: this) => T | undefined | false): Promise<T> {
    for (;;) {
      const found = claim(this);
      if (found !== undefined && found !== false) return found;
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  untilClosed(): Promise<number> {
    return this.until((client) => client.closed);
  }

  #look(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const resume of waiting) resume();
  }
}
