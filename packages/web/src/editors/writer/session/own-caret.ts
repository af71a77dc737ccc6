import type { Selection } from '@officina/engine/writer/replica';

/** Short for the eye, and one message for a whole sweep of the mouse. */
const TELL_AFTER_MS = 100;

export interface OwnCaretDeps {
  readonly schedule: (task: () => void, delayMs: number) => () => void;
  /** Tells the room where the caret is; false when it cannot be told now. */
  readonly tell: (selection: Selection | null) => boolean;
}

/** Where this window's caret is, as far as the others have to be told: the newest place only, and not at every step. */
export class OwnCaret {
  readonly #deps: OwnCaretDeps;
  /** A place that nobody has been told of. */
  #untold: { readonly selection: Selection | null } | null = null;
  #isDue = false;

  constructor(deps: OwnCaretDeps) {
    this.#deps = deps;
  }

  moved(selection: Selection | null): void {
    this.#untold = { selection };
    if (this.#isDue) return;
    this.#isDue = true;
    this.#deps.schedule(() => {
      this.#isDue = false;
      if (this.#untold !== null && this.#deps.tell(this.#untold.selection)) this.#untold = null;
    }, TELL_AFTER_MS);
  }
}
