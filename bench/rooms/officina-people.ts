import { type Buffer, Buffer as Bytes } from 'node:buffer';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inflateRawSync } from 'node:zlib';
import type { OoxmlNode } from '@docx-editor.dev/core/store';
import { CORE_VERSION, openReplica } from '@officina/engine/writer/replica';
import {
  FRAME_DICTIONARY,
  FRAME_PACKING,
  ROOM_PROTOCOL_VERSION,
  type ServerMessage,
} from '@officina/protocol';
import { API_KEY, postDocument } from '../../test/e2e/harness.js';
import type { Contender, Person, Running } from './contender.js';
import { LightSocket } from './light-socket.js';
import { type Footing, type ServerProcess, startProcess } from './server-process.js';

const CLI = fileURLToPath(new URL('../../packages/server/dist/cli/officina.js', import.meta.url));

/** As many paragraphs as a few pages have; people are spread over them. */
const PARAGRAPHS = 50;

/** What our page waits before it tells where the caret is. */
const CARET_AFTER_MS = 100;

type Welcome = Extract<ServerMessage, { t: 'welcome' }>;

/** Our server as `npm start` runs it, durable log included, on a folder of its own or on one that stays. */
export async function startOfficina(footing: Footing, folder?: string): Promise<ServerProcess> {
  const data = folder ?? (await mkdtemp(join(tmpdir(), 'officina-bench-')));
  const env = {
    HOME: tmpdir(),
    PORT: '0',
    OFFICINA_DATA: data,
    OFFICINA_API_KEY: API_KEY,
    OFFICINA_ADMIN_PASSWORD: 'bench-password',
    OFFICINA_LOG_LEVEL: 'warn',
  };
  const server = await startProcess(footing, [CLI, 'serve'], env);
  return {
    ...server,
    async stop() {
      await server.stop();
      if (folder === undefined) await rm(data, { recursive: true, force: true });
    },
  };
}

export function officinaContender(footing: Footing): Contender {
  return {
    name: 'officina',
    async start(): Promise<Running> {
      const server = await startOfficina(footing);
      return {
        pid: server.pid,
        stop: () => server.stop(),
        gather: (people) => gather(server.url, 'shared', people),
      };
    },
  };
}

/** So many people in one document, each with everything that was there. */
export async function gather(url: string, document: string, people: number): Promise<OfficinaPerson[]> {
  const gathered: OfficinaPerson[] = [];
  let paragraphs: readonly string[] = [];
  for (let index = 0; index < people; index += 1) {
    const session = await openSession(url, document, index);
    const person = new OfficinaPerson(session, `${document}-person-${index}`);
    const { snapshot } = await person.join(url);
    if (index === 0) paragraphs = await paragraphsOf(`${url}${snapshot?.url ?? ''}`);
    person.stand(paragraphs[index % paragraphs.length] ?? '');
    gathered.push(person);
  }
  return gathered;
}

/** A session of a document; the first one makes the document. */
export async function openSession(url: string, document: string, index: number): Promise<string> {
  const parts = {
    document_info: { document_id: document, document_name: document },
    user_info: { user_id: `${index}`, display_name: `Person ${index}` },
  };
  const text = Array.from({ length: PARAGRAPHS }, (_, line) => `Paragraph ${line} of the document.`).join(
    '\n',
  );
  const file = index === 0 ? { bytes: new TextEncoder().encode(text), name: 'start.txt' } : undefined;
  const { session_id: session = '' } = await postDocument({ url }, parts, file);
  return session;
}

/** Ids of the paragraphs of a document as it was imported. */
export async function paragraphsOf(snapshotUrl: string): Promise<readonly string[]> {
  const base = new Uint8Array(await (await fetch(snapshotUrl)).arrayBuffer());
  const { package: pkg } = openReplica({ base });
  const found: string[] = [];
  const walk = (node: OoxmlNode | undefined): void => {
    if (node === undefined || node.kind === 'textValue') return;
    if (node.kind === 'paragraph') found.push(node.id);
    else for (const child of node.children) walk(child);
  };
  walk(pkg.parts.get(pkg.mainDocumentPart)?.root);
  return found;
}

/** Speaks to a room as our page does: an operation at once, the caret a little later. */
export class OfficinaPerson implements Person {
  readonly #session: string;
  readonly #client: string;
  #socket: LightSocket | undefined;
  #start = '';
  #typed = 0;
  /** Where the caret stands: the character left of it. */
  #caret: readonly [string, number] = ['', 0];
  #caretWaits = false;

  constructor(session: string, client: string) {
    this.#session = session;
    this.#client = client;
  }

  get isOpen(): boolean {
    return this.#socket?.isOpen ?? false;
  }

  get bytes(): number {
    return this.#socket?.bytes ?? 0;
  }

  async join(url: string): Promise<Welcome> {
    return new Promise((resolve, reject) => {
      const read = (payload: Buffer, isPacked: boolean) => {
        for (const message of JSON.parse(textOf(payload, isPacked)) as ServerMessage[]) {
          if (message.t === 'welcome') {
            this.#socket?.listen(() => {});
            resolve(message);
          }
          if (message.t === 'reload' || message.t === 'ended') reject(new Error(JSON.stringify(message)));
        }
      };
      LightSocket.open(`${url.replace('http:', 'ws:')}/rooms/writer/${this.#session}`, read).then(
        (socket) => {
          this.#socket = socket;
          const place = { lastSequence: 0, epoch: 0, engine: CORE_VERSION, packed: FRAME_PACKING };
          this.#send({ t: 'hello', protocol: ROOM_PROTOCOL_VERSION, client: this.#client, ...place });
        },
        reject,
      );
    });
  }

  /** Puts the caret at the start of a paragraph. */
  stand(paragraph: string): void {
    this.#start = `^${paragraph}`;
    this.#caret = [this.#start, 0];
  }

  type(): string {
    this.#send(this.nextKey());
    if (!this.#caretWaits) {
      this.#caretWaits = true;
      setTimeout(() => this.#tellCaret(), CARET_AFTER_MS);
    }
    return `${this.#client}:${this.#typed}`;
  }

  /** Whether the key is this person's. */
  wrote(key: string): boolean {
    return key.startsWith(`${this.#client}:`);
  }

  /** Resolves when the last key is durable. */
  untilAcknowledged(): Promise<void> {
    const last = `${this.#client}:${this.#typed}`;
    return new Promise((resolve) => {
      this.listen((key) => {
        if (key === last) resolve();
      });
    });
  }

  /** The operation of one more character behind the one before. */
  nextKey(): { t: 'op'; n: number; base: number; o: unknown } {
    this.#typed += 1;
    const n = this.#typed;
    const text = String.fromCharCode(97 + (n % 26));
    const ops = [{ kind: 'insertText', at: this.#caret, values: { text } }];
    this.#caret = [`${this.#client}.${n}.0`, 0];
    return { t: 'op', n, base: 0, o: { ops } };
  }

  send(...messages: readonly object[]): void {
    this.#send(...messages);
  }

  listen(heard: (key: string) => void): void {
    this.#socket?.listen((payload, isPacked) => tell(payload, isPacked, heard));
  }

  doze(): void {
    this.#socket?.listen(null);
  }

  stayAlive(): void {
    this.#socket?.pong();
  }

  leave(): void {
    this.#socket?.close();
  }

  #tellCaret(): void {
    this.#caretWaits = false;
    this.#send({ t: 'presence', selection: { anchor: this.#caret, head: this.#caret } });
  }

  #send(...messages: readonly object[]): void {
    this.#socket?.sendText(JSON.stringify(messages));
  }
}

const KEY = /"client":"([^"]+)","actor":"[^"]*","author":"[^"]*","n":(\d+)/g;

const DICTIONARY = Bytes.from(FRAME_DICTIONARY);

function textOf(payload: Buffer, isPacked: boolean): string {
  return (isPacked ? inflateRawSync(payload, { dictionary: DICTIONARY }) : payload).toString();
}

/** Reads no more than what names the keys. */
function tell(payload: Buffer, isPacked: boolean, heard: (key: string) => void): void {
  const text = textOf(payload, isPacked);
  if (!text.startsWith('[{"t":"ops"')) return;
  for (const [, client, n] of text.matchAll(KEY)) heard(`${client}:${n}`);
}
