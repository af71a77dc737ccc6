import type { Author, LogEntry, Message } from '@officina/engine/writer/replica';

/** The order of one document, in memory: what the room does, without sockets and without a disk. */
export class Sequencer {
  readonly log: LogEntry[] = [];
  private readonly newest = new Map<string, number>();
  private readonly authors = new Map<string, Author>();

  introduce(client: string, author: Author): void {
    this.authors.set(client, author);
  }

  /** Numbers and stores a message. Null for one it has already, or one that comes before its predecessor. */
  accept(message: Message, time: string): LogEntry | null {
    const { client, n } = message.id;
    const author = this.authors.get(client);
    if (!author) throw new Error(`Nobody introduced client ${client}.`);
    if (n !== (this.newest.get(client) ?? 0) + 1) return null;
    this.newest.set(client, n);
    const wire = JSON.parse(JSON.stringify(message)) as Message;
    const entry: LogEntry = { sequence: this.log.length + 1, message: wire, author, time };
    this.log.push(entry);
    return entry;
  }

  after(sequence: number): readonly LogEntry[] {
    return this.log.slice(sequence);
  }
}
