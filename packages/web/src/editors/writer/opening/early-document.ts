import { type FirstLook, readFirstLook } from './first-look.js';

/** A document on its way before the editor's own code has come. */
export interface EarlyDocument {
  /** The bytes at this address of the page's own server, when they are these; they are handed over once. */
  take(url: string): Promise<Uint8Array> | null;
  /** Its first words, once they are known; null before, and where there are none. */
  look(): FirstLook | null;
  /** When `look` is settled; never rejects. */
  readonly looked: Promise<void>;
  /** When the page has had the time to show them, or too much time has gone by. */
  readonly painted: Promise<void>;
}

/** The editor waits no longer than this for the first words to be on the screen. */
const PAINT_LIMIT_MS = 400;

/** Fetches the docx at `path` while the code that shows it comes. Null without a path: the room alone knows what it holds. */
export function startEarly(path: string | null, view: Window): EarlyDocument | null {
  if (path === null) return null;
  const address = new URL(path, view.location.href).href;
  let bytes: Promise<Uint8Array> | null = fetchBytes(view, address);
  let look: FirstLook | null = null;
  // A document that has no first look, or none that can be read this way, is the editor's to open or to refuse.
  const looked = bytes
    .then((docx) => {
      look = lookAt(docx);
    })
    .catch(() => {});
  return {
    look: () => look,
    looked,
    painted: Promise.race([looked.then(() => nextPaint(view)), elapsed(view, PAINT_LIMIT_MS)]),
    take(url) {
      if (new URL(url, view.location.href).href !== address) return null;
      const taken = bytes;
      bytes = null;
      return taken;
    },
  };
}

/** A frame was handed over once another one begins; a page that nobody sees has no frames. */
function nextPaint(view: Window): Promise<void> {
  if (view.document.hidden) return Promise.resolve();
  return new Promise((resolve) => {
    view.requestAnimationFrame(() => view.requestAnimationFrame(() => resolve()));
  });
}

function elapsed(view: Window, delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    view.setTimeout(resolve, delayMs);
  });
}

export async function fetchBytes(view: Window, url: string): Promise<Uint8Array> {
  const answer = await view.fetch(new URL(url, view.location.href));
  if (!answer.ok) throw new Error(`${url} answered ${answer.status} ${answer.statusText}`);
  return new Uint8Array(await answer.arrayBuffer());
}

function lookAt(docx: Uint8Array): FirstLook | null {
  const parser = new DOMParser();
  return readFirstLook(docx, (xml) => parser.parseFromString(xml, 'application/xml'));
}
