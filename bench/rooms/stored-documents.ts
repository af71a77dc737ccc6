import { pause } from './fan-out.js';
import { OfficinaPerson, openSession, paragraphsOf } from './officina-people.js';
import { NAME_OF_TEXT, yjs } from './yjs-frames.js';

/** Edits of so many people together: each types runs of a word's length, every next one at another place. */
export interface Edits {
  people: number;
  operations: number;
}

const WORD = 8;
/** Operations in a frame while a document is made; in life they come one by one. */
const FRAME = 200;
/** What one connection may send at once, and then a second. */
const BURST = 3_600;
const POLL_MS = 500;
const SNAPSHOT_LIMIT_MS = 600_000;

/** The document of an application, edited through its room; the answer is a session of it. */
export async function edit(url: string, document: string, { people, operations }: Edits): Promise<string> {
  const each = Math.ceil(operations / people);
  let session = '';
  let paragraphs: readonly string[] = [];
  const typing: Promise<void>[] = [];
  for (let index = 0; index < people; index += 1) {
    const own = await openSession(url, document, index);
    const person = new OfficinaPerson(own, `${document}-person-${index}`);
    const { snapshot } = await person.join(url);
    if (index === 0) {
      session = own;
      paragraphs = await paragraphsOf(`${url}${snapshot?.url ?? ''}`);
    }
    typing.push(typeWords(person, paragraphs, index, each));
  }
  await Promise.all(typing);
  return session;
}

async function typeWords(
  person: OfficinaPerson,
  paragraphs: readonly string[],
  first: number,
  count: number,
): Promise<void> {
  for (let done = 0; done < count; ) {
    const keys: object[] = [];
    for (; keys.length < FRAME && done < count; done += 1) {
      if (done % WORD === 0) person.stand(paragraphs[(first + done / WORD) % paragraphs.length] ?? '');
      keys.push(person.nextKey());
    }
    person.send(...keys);
    if (done >= BURST) await pause((FRAME / 180) * 1_000);
  }
  await person.untilAcknowledged();
  person.leave();
}

/** Waits until whoever joins gets a snapshot with all but a short tail. */
export async function untilSnapshot(url: string, session: string, operations: number): Promise<void> {
  const until = performance.now() + SNAPSHOT_LIMIT_MS;
  for (let at = 0; performance.now() < until; at += 1) {
    const person = new OfficinaPerson(session, `looks-whether-${at}`);
    const { snapshot } = await person.join(url);
    person.leave();
    if ((snapshot?.sequence ?? 0) > operations - 500) return;
    await pause(POLL_MS);
  }
  throw new Error('No snapshot has come.');
}

/** The same edits as one state of Yjs. */
export function editedYjs({ people, operations }: Edits): Uint8Array {
  const each = Math.ceil(operations / people);
  const whole = new (yjs().Doc)();
  for (let index = 0; index < people; index += 1) {
    const document = new (yjs().Doc)();
    document.clientID = 1_000_000 + index;
    const text = document.getText(NAME_OF_TEXT);
    let at = 0;
    for (let done = 0; done < each; done += 1, at += 1) {
      if (done % WORD === 0) at = ((first(done) * 31) % (text.length + 1)) | 0;
      text.insert(at, String.fromCharCode(97 + (done % 26)));
    }
    yjs().applyUpdate(whole, yjs().encodeStateAsUpdate(document));
  }
  return yjs().encodeStateAsUpdate(whole);
}

function first(done: number): number {
  return done / WORD + 7;
}
