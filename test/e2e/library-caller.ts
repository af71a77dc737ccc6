import { CORE_VERSION } from '@officina/engine/writer/replica';
import { type LibraryNews, ROOM_PROTOCOL_VERSION } from '@officina/protocol';
import { RawClient } from '../../packages/server/src/rooms/testing/raw-client.js';
import { passwordOf } from './library-people.js';

/** Somebody who is signed in at one server's library page, without a browser. */
export class LibraryCaller {
  readonly #url: string;
  readonly #headers: Record<string, string>;

  private constructor(url: string, headers: Record<string, string>) {
    this.#url = url;
    this.#headers = headers;
  }

  static async signIn(url: string, name: string): Promise<LibraryCaller> {
    const answer = await fetch(`${url}/library/api/sign-in`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: url },
      body: JSON.stringify({ name, password: passwordOf(name) }),
    });
    if (!answer.ok) throw new Error(`${name} cannot sign in: ${await answer.text()}`);
    const { csrf } = (await answer.json()) as { csrf: string };
    const cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    return new LibraryCaller(url, { cookie, origin: url, 'x-officina-csrf': csrf });
  }

  async post<Answer>(path: string, body: unknown = {}): Promise<Answer> {
    const answer = await fetch(`${this.#url}/library/api/${path}`, {
      method: 'POST',
      headers: { ...this.#headers, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as Answer;
  }

  /** In the document's room, once it said welcome. */
  async enter(documentId: string): Promise<RawClient> {
    const page = await fetch(`${this.#url}/library/documents/${documentId}`, { headers: this.#headers });
    const sessionId = /"sessionId":"([^"]+)"/.exec(await page.text())?.[1];
    const socket = new RawClient(`${this.#url.replace('http', 'ws')}/rooms/writer/${sessionId}`);
    await socket.opened();
    const place = { lastSequence: 0, epoch: 0, engine: CORE_VERSION };
    socket.send({ t: 'hello', protocol: ROOM_PROTOCOL_VERSION, client: 'library-caller', ...place });
    await socket.until(({ messages, closed }) => closed ?? messages.some(({ t }) => t === 'welcome'));
    if (socket.closed !== undefined) throw new Error(`The room was closed with ${socket.closed}.`);
    return socket;
  }

  /** What the page would hear from now on. */
  async hearNews(): Promise<NewsStream> {
    const answer = await fetch(`${this.#url}/library/api/news`, { headers: this.#headers });
    if (!answer.body) throw new Error('There is no stream of news.');
    const stream = new NewsStream(answer.body.getReader());
    await stream.opened();
    return stream;
  }
}

/** Server-sent events, read as far as somebody waits for them. */
export class NewsStream {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #decoder = new TextDecoder();
  #text = '';

  constructor(reader: ReadableStreamDefaultReader<Uint8Array>) {
    this.#reader = reader;
  }

  async opened(): Promise<void> {
    await this.#readUntil(() => this.#text.includes('retry:'));
  }

  /** Resolves with the next event about the document. */
  async next(documentId: string): Promise<LibraryNews['what']> {
    for (;;) {
      await this.#readUntil(() => /data: .*\n\n/.test(this.#text));
      const [event = '', line = ''] = /data: (.*)\n\n/.exec(this.#text) ?? [];
      this.#text = this.#text.slice(this.#text.indexOf(event) + event.length);
      const news = JSON.parse(line) as LibraryNews;
      if (news.documentId === documentId) return news.what;
    }
  }

  async close(): Promise<void> {
    await this.#reader.cancel();
  }

  async #readUntil(claim: () => boolean): Promise<void> {
    while (!claim()) {
      const { done, value } = await this.#reader.read();
      if (done) throw new Error(`The stream ended after: ${this.#text}`);
      this.#text += this.#decoder.decode(value, { stream: true });
    }
  }
}
