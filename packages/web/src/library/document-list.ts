import type { LibraryItem, LibraryPage } from '@officina/protocol';
import type { Answer } from '../front/ask.js';

/** A list as far as it has been read. */
export interface ListState {
  /** Null until the first answer. */
  items: readonly LibraryItem[] | null;
  problem: string | null;
  hasMore: boolean;
  /** How often it was read from its beginning. */
  turn: number;
}

export interface DocumentListDeps {
  /** At most `limit` documents from `next` on; null is the beginning. */
  read(next: string | null, limit: number): Promise<Answer<LibraryPage>>;
  onChange(state: ListState): void;
  onSignedOut(): void;
  /** Milliseconds. */
  now(): number;
  /** Runs `task` once after the delay; the function returned takes it back. */
  schedule(task: () => void, delayMs: number): () => void;
}

/** What fills a window is there at once; whoever goes on gets more each time. */
const FIRST_PART = 60;
const LARGEST_PART = 300;

/**
 * To read a long list once more takes many questions. However often others change something, most of the browser's and the
 * server's time stays free: after a round comes a rest of so many times what the round took.
 */
const REST_PER_ROUND = 3;
/** However long a round took, the next one begins after this. */
const LONGEST_REST_MS = 10_000;

export const UNREAD: ListState = { items: null, problem: null, hasMore: false, turn: 0 };

/**
 * One list of documents, read part by part. Asks one question at a time; what is wished meanwhile is asked once after it. A
 * document that is the same after a change is the same object, so that nothing is drawn again for it.
 */
export class DocumentList {
  readonly #deps: DocumentListDeps;
  #state = UNREAD;
  #next: string | null = null;
  #wishesAgain: 'at once' | 'soon' | null = null;
  #wishesMore = false;
  #restsUntil = Number.NEGATIVE_INFINITY;
  #cancelTimer = () => {};
  #isBusy = false;
  #isClosed = false;

  constructor(deps: DocumentListDeps) {
    this.#deps = deps;
  }

  /** Reads all that is shown once more: the person changed something, and looks for it. */
  again(): void {
    this.#wishesAgain = 'at once';
    void this.#work();
  }

  /** The same after news of a change, which may come one after the other: not before the rest after the last round. */
  againSoon(): void {
    this.#wishesAgain ??= 'soon';
    void this.#work();
  }

  more(): void {
    if (this.#next === null) return;
    this.#wishesMore = true;
    void this.#work();
  }

  /** Nothing is told after this. */
  close(): void {
    this.#isClosed = true;
    this.#cancelTimer();
  }

  async #work(): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    while (!this.#isClosed) {
      if (this.#mayReadAgain()) await this.#readAgain();
      else if (this.#wishesMore) await this.#readMore();
      else break;
    }
    this.#isBusy = false;
    if (this.#wishesAgain !== null && !this.#isClosed) this.#workAfterRest();
  }

  #mayReadAgain(): boolean {
    return this.#wishesAgain === 'at once' || (this.#wishesAgain === 'soon' && this.#restLeft() === 0);
  }

  #workAfterRest(): void {
    this.#cancelTimer();
    this.#cancelTimer = this.#deps.schedule(() => void this.#work(), this.#restLeft());
  }

  #restLeft(): number {
    return Math.max(0, this.#restsUntil - this.#deps.now());
  }

  async #readMore(): Promise<void> {
    this.#wishesMore = false;
    if (this.#next === null) return;
    const shown = this.#state.items ?? [];
    const limit = Math.min(LARGEST_PART, Math.max(FIRST_PART, shown.length));
    const page = await this.#ask(this.#next, limit);
    if (page) this.#show([...shown, ...page.items], page.next, this.#state.turn);
  }

  async #readAgain(): Promise<void> {
    this.#wishesAgain = null;
    const startedAt = this.#deps.now();
    await this.#readAllAgain();
    const endedAt = this.#deps.now();
    this.#restsUntil = endedAt + Math.min(LONGEST_REST_MS, REST_PER_ROUND * (endedAt - startedAt));
  }

  async #readAllAgain(): Promise<void> {
    const wanted = Math.max(FIRST_PART, this.#state.items?.length ?? 0);
    const items: LibraryItem[] = [];
    let next: string | null = null;
    do {
      const page = await this.#ask(next, Math.min(LARGEST_PART, wanted - items.length));
      if (!page) return;
      items.push(...page.items);
      next = page.next;
    } while (next !== null && items.length < wanted);
    this.#show(keepSame(this.#state.items ?? [], items), next, this.#state.turn + 1);
  }

  /** Undefined when there is nothing to be shown of the answer, or nobody to show it to. */
  async #ask(next: string | null, limit: number): Promise<LibraryPage | undefined> {
    const answer = await this.#deps.read(next, limit);
    if (this.#isClosed) return undefined;
    if (answer.state === 'good') return answer.value;
    if (answer.state === 'signed_out') this.#deps.onSignedOut();
    else this.#tell({ ...this.#state, problem: answer.message });
    return undefined;
  }

  #show(items: readonly LibraryItem[], next: string | null, turn: number): void {
    this.#next = next;
    this.#tell({ items, problem: null, hasMore: next !== null, turn });
  }

  #tell(state: ListState): void {
    this.#state = state;
    this.#deps.onChange(state);
  }
}

function keepSame(before: readonly LibraryItem[], after: readonly LibraryItem[]): readonly LibraryItem[] {
  const known = new Map(before.map((item) => [item.id, item]));
  return after.map((item) => {
    const former = known.get(item.id);
    return former && JSON.stringify(former) === JSON.stringify(item) ? former : item;
  });
}
