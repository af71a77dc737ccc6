/** A word that an input method is still writing in the page. Whoever would repaint the page waits until it is over. */
export interface Composition {
  readonly isOpen: boolean;
  /** Runs `task` as soon as no word is open: now, or when the editor has taken the word in and before the next one begins. */
  whenOver(task: () => void): void;
  /** Makes the input method finish with what it has; that is kept as typed. */
  end(): void;
}

export interface CompositionDeps {
  readonly now: () => number;
  readonly schedule: (task: () => void, delayMs: number) => () => void;
}

/**
 * Some input methods leave their last word open when nobody types any more, and others' work would wait for ever. After
 * this long without any sign of life the word is finished as it stands; somebody who reads through a list of candidates
 * is quicker.
 */
const REST_MS = 30_000;
/** A Korean syllable has no candidates, and stays open whenever its author pauses. */
const SYLLABLE_REST_MS = 4_000;
const SYLLABLE = /^\p{Script=Hangul}+$/u;

/**
 * Watches the input methods of one page.
 *
 * The editor composes in its painted pages and reads the word from them when it is over: a page that is painted again
 * in between takes the word with it. So nothing of ours paints while a word is open, and what the editor paints by
 * itself is noticed, and the word typed again.
 */
export class PageComposition implements Composition {
  readonly #view: Window;
  readonly #deps: CompositionDeps;
  #field: HTMLElement | null = null;
  #text = '';
  /** Where the browser writes the word. */
  #node: Node | null = null;
  #lastSign = 0;
  #watch: MutationObserver | null = null;
  #waiting: (() => void)[] = [];

  constructor(view: Window, deps: CompositionDeps) {
    this.#view = view;
    this.#deps = deps;
    const listen = (type: string, listener: (event: Event) => void, capture = false) =>
      view.addEventListener(type, listener, capture);
    // From here on the editor itself paints what was written.
    listen('compositionend', () => this.#watch?.disconnect(), true);
    // These bubble up from the editor, which is to have done its own part by then.
    listen('compositionstart', ({ target }) => this.#started(target));
    listen('compositionend', ({ target }) => {
      if (target === this.#field) this.#ended();
    });
    listen('compositionupdate', (event) => this.#updated((event as CompositionEvent).data));
    listen('input', () => this.#written());
    listen('keydown', () => this.#sign(), true);
    // A button that leaves the focus where it is would act on a half-written word.
    const pointed = ({ target }: Event) => {
      if (this.#field !== null && !(target instanceof Node && this.#field.contains(target))) this.end();
    };
    listen('pointerdown', pointed, true);
  }

  get isOpen(): boolean {
    return this.#field !== null;
  }

  whenOver(task: () => void): void {
    if (this.#field === null) {
      task();
      return;
    }
    this.#waiting.push(task);
    if (this.#waiting.length === 1) this.#lookForRest();
  }

  end(): void {
    const field = this.#field;
    if (field === null) return;
    // Browsers keep the composed text when its field loses the focus, and say that the word is over.
    field.blur();
    field.focus({ preventScroll: true });
    this.#ended();
  }

  #started(target: EventTarget | null): void {
    // Fields beside the document keep their words whatever is painted.
    if (!(target instanceof HTMLElement) || !target.isContentEditable) return;
    this.#field = target;
    this.#text = '';
    this.#node = null;
    this.#sign();
    this.#watch = new MutationObserver(() => this.#rescueIfGone());
    this.#watch.observe(target, { childList: true, subtree: true });
  }

  #updated(text: string): void {
    this.#text = text;
    this.#sign();
  }

  #written(): void {
    if (this.#field !== null) this.#node = this.#view.getSelection()?.anchorNode ?? null;
  }

  #sign(): void {
    this.#lastSign = this.#deps.now();
  }

  #ended(): void {
    this.#field = null;
    this.#watch?.disconnect();
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const task of waiting) task();
  }

  #lookForRest(): void {
    if (this.#waiting.length === 0) return;
    const limit = SYLLABLE.test(this.#text) ? SYLLABLE_REST_MS : REST_MS;
    const left = this.#lastSign + limit - this.#deps.now();
    if (left <= 0) this.end();
    else this.#deps.schedule(() => this.#lookForRest(), left);
  }

  /** The browser says nothing when the page under the word is replaced; the editor would wait for its end for ever. */
  #rescueIfGone(): void {
    const [field, text] = [this.#field, this.#text];
    if (field === null || this.#node === null || this.#node.isConnected) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    field.dispatchEvent(new CompositionEvent('compositionend', { bubbles: true }));
    // The input method starts afresh behind what it has written.
    field.blur();
    field.focus({ preventScroll: true });
    const typed = { inputType: 'insertText', data: text, bubbles: true, cancelable: true };
    if (text !== '') field.dispatchEvent(new InputEvent('beforeinput', typed));
    for (const task of waiting) this.whenOver(task);
  }
}

/** The editor lays out and paints every page again once it has a new font: a font is not there while a word is open. */
export function holdFonts(composition: Composition): void {
  const load = FontFace.prototype.load;
  FontFace.prototype.load = async function () {
    await load.call(this);
    await new Promise<void>((resolve) => composition.whenOver(resolve));
    return this;
  };
}
