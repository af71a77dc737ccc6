import { type ClientMessage, ROOM_PROTOCOL_VERSION } from '@officina/protocol';
import { Attachments } from '../../domain/content/attachments.js';
import type { Session } from '../../domain/sessions/session.js';
import { MemoryBlobStore } from '../../domain/testing/fake-collaborators.js';
import { MemoryAttachmentStore } from '../../domain/testing/memory-attachments.js';
import type { Connection } from '../connection.js';
import type { RoomDeps } from '../ports.js';
import { Rooms } from '../rooms.js';
import { FakeContent } from './fake-content.js';
import { FakeSaves } from './fake-saves.js';
import { aSession, FakeSessions } from './fake-sessions.js';
import { FakeSocket } from './fake-socket.js';
import { FakeTime, settle } from './fake-time.js';
import { MemoryLeases, MemoryLog } from './memory-log.js';

export const ENGINE = '2.35.0';

/** Rooms over fakes. `crash` throws the rooms away as kill -9 would and starts others over the same disk. */
export class RoomLab {
  readonly time = new FakeTime();
  readonly log = new MemoryLog();
  readonly leases = new MemoryLeases();
  readonly sessions = new FakeSessions();
  readonly saves = new FakeSaves();
  readonly content = new FakeContent(this.log);
  readonly attachmentStore = new MemoryAttachmentStore();
  readonly attachments = new Attachments({
    attachments: this.attachmentStore,
    blobs: new MemoryBlobStore(),
    blobReferences: { isReferenced: async () => false },
    clock: () => 0,
  });
  readonly alarms: string[] = [];
  savesOnLeave = true;
  saveIntervalMs: number | null = null;
  rooms: Rooms;

  constructor() {
    this.rooms = new Rooms(this.deps());
  }

  deps(): RoomDeps {
    return {
      clock: this.time.clock,
      scheduler: this.time.scheduler,
      afterTurn: queueMicrotask,
      log: this.log,
      leases: this.leases,
      owner: 'node-1',
      content: this.content,
      attachments: this.attachments,
      sessions: this.sessions,
      saves: this.saves,
      versions: {
        find: async (_key, name) => {
          const sequence = 'version' in name ? name.version : name.sequence;
          return sequence > 90 ? undefined : { sequence, version: sequence, at: 5 };
        },
      },
      leavePolicy: {
        savesOnLeave: async () => this.savesOnLeave,
        saveIntervalMs: async () => this.saveIntervalMs,
      },
      journal: {
        info: () => {},
        warn: () => {},
        error: (_fields, text) => this.alarms.push(text),
      },
      engine: ENGINE,
    };
  }

  crash(): void {
    this.log.loseHeld();
    this.time.forgetAll();
    this.rooms = new Rooms(this.deps());
  }

  /** A page that has connected but not greeted. */
  open(sessionId: string): Client {
    const socket = new FakeSocket();
    const connection = this.rooms.connect(socket, sessionId);
    socket.onClose = () => connection.dropped();
    return new Client(connection, socket);
  }

  /** A page in the room; its session is made when there is none. */
  async enter(
    name: string,
    options: {
      session?: Partial<Session>;
      client?: string;
      lastSequence?: number;
      epoch?: number;
      packed?: number;
    } = {},
  ): Promise<Client> {
    this.sessions.add(aSession(name, options.session));
    const client = this.open(name);
    client.greet({
      client: options.client ?? `client-of-${name}`,
      lastSequence: options.lastSequence ?? 0,
      epoch: options.epoch ?? 0,
      ...(options.packed !== undefined && { packed: options.packed }),
    });
    await settle();
    return client;
  }
}

/** One page as the server sees it. */
export class Client {
  readonly connection: Connection;
  readonly socket: FakeSocket;
  #n = 0;

  constructor(connection: Connection, socket: FakeSocket) {
    this.connection = connection;
    this.socket = socket;
  }

  greet(hello: {
    client: string;
    lastSequence?: number;
    epoch?: number;
    engine?: string;
    protocol?: number;
    packed?: number;
  }): void {
    this.send({
      t: 'hello',
      protocol: ROOM_PROTOCOL_VERSION,
      lastSequence: 0,
      epoch: 0,
      engine: ENGINE,
      ...hello,
    });
  }

  send(...messages: ClientMessage[]): void {
    this.connection.receive(JSON.stringify(messages));
  }

  /** Types a word; returns its number. */
  type(text: string, change: { n?: number; base?: number } = {}): number {
    this.#n = change.n ?? this.#n + 1;
    this.send({ t: 'op', n: this.#n, base: change.base ?? 0, o: typed(text) });
    return this.#n;
  }

  /** Types `count` words in one frame. */
  typeMany(count: number): void {
    const first = this.#n + 1;
    this.#n += count;
    const numbers = Array.from({ length: count }, (_, at) => first + at);
    this.send(...numbers.map((n) => ({ t: 'op' as const, n, base: 0, o: typed(`word ${n}`) })));
  }

  /** The operations this page has been told, as text, in order, those of the welcome included. */
  get heard(): string[] {
    return this.operations.map(({ o }) => (o as ReturnType<typeof typed>).ops[0]?.values.text ?? '');
  }

  get operations() {
    return this.socket.messages.flatMap((message) =>
      message.t === 'welcome' || message.t === 'ops' ? message.operations : [],
    );
  }

  get welcome() {
    const [welcome] = this.socket.all('welcome');
    if (!welcome) throw new Error(`No welcome came; closed: ${JSON.stringify(this.socket.closed)}`);
    return welcome;
  }
}

export function typed(text: string) {
  return { ops: [{ kind: 'insertText', at: ['^p1', 0], values: { text } }] };
}
