/**
 * A browser has six connections to one server, of which the news hold one: pictures leave some for the list itself, which
 * one would wait for otherwise while scrolling past hundreds of pictures.
 */
const AT_ONCE = 3;

/** Begins to load a picture, and calls `done` when it is there or cannot be had. */
export type LoadPicture = (done: () => void) => void;

/** Pictures that are wanted, in that order; those that nobody wants any more by their turn are never asked for. */
export class PictureQueue {
  readonly #waiting = new Map<string, LoadPicture>();
  #loading = 0;

  want(path: string, load: LoadPicture): void {
    this.#waiting.set(path, load);
    this.#work();
  }

  forget(path: string): void {
    this.#waiting.delete(path);
  }

  #work(): void {
    for (const [path, load] of this.#waiting) {
      if (this.#loading >= AT_ONCE) return;
      this.#waiting.delete(path);
      this.#loading += 1;
      let isDone = false;
      load(() => {
        if (isDone) return;
        isDone = true;
        this.#loading -= 1;
        this.#work();
      });
    }
  }
}
