import type { Page } from 'playwright-core';
import type { EditorPage } from '../test/e2e/editor-page.js';

/** A fast typist: ten keys a second. */
const BETWEEN_KEYS_MS = 100;
/** Keys do not come in step with the screen. */
const OUT_OF_STEP_MS = 17;
const HELD_MS = 50;

/** `steady` types as a fast typist does; `at once` presses the next key as soon as the last one is seen. */
export type Pace = 'steady' | 'at once';

/**
 * Types `count` letters where the caret stands and gives for each how long it took from the key's own time stamp until the
 * frame in which the page has the letter was handed to the compositor.
 */
export async function timeKeys(editor: EditorPage, count: number, pace: Pace): Promise<number[]> {
  const { page } = editor;
  await page.evaluate(watchKeys);
  for (let key = 0; key < count; key++) {
    const pressed = performance.now();
    const letter = String.fromCharCode(97 + (key % 26));
    const seen = page.evaluate((at) => (window as unknown as Watched).keySeen(at), key);
    await page.keyboard.down(letter);
    await seen;
    if (pace === 'steady') await page.waitForTimeout(HELD_MS);
    await page.keyboard.up(letter);
    const pause = pressed + BETWEEN_KEYS_MS + ((key * 7) % OUT_OF_STEP_MS) - performance.now();
    if (pace === 'steady' && pause > 0) await page.waitForTimeout(pause);
  }
  return page.evaluate(() => (window as unknown as Watched).stopWatching());
}

/** Waits until every page is laid out, those out of sight too. */
export async function settle(page: Page): Promise<void> {
  await page.waitForFunction(
    () => document.querySelector('[data-docx-opening-preview],[data-docx-layout-pending]') === null,
    undefined,
    { timeout: 120_000 },
  );
}

/** Puts the caret before the first paragraph's first word, behind the heading. */
export async function goToText(page: Page): Promise<void> {
  await page.keyboard.press('Control+Home');
  await page.keyboard.press('ArrowDown');
}

interface Watched {
  /** Gives the times so far, in milliseconds. */
  stopWatching(): number[];
  /** Resolves once the key of this number has been seen. */
  keySeen(key: number): Promise<void>;
}

/** Runs in the page. */
function watchKeys(): void {
  const watched = window as unknown as Watched;
  const pages = document.querySelector('.docx-pages');
  if (pages === null) throw new Error('There is no document to type into.');
  const keyTimes: number[] = [];
  const waiting = new Map<number, () => void>();
  let typed = '';
  let started = 0;
  let frame = 0;
  let isAwaited = false;

  const pressed = (event: KeyboardEvent) => {
    typed += event.key;
    started = event.timeStamp;
    isAwaited = true;
  };
  const observer = new MutationObserver(() => {
    if (!isAwaited || !pages.textContent?.includes(typed)) return;
    isAwaited = false;
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(() => {
      // Runs ahead of everything that waits for its turn, once this frame's styles, layout and painting are done.
      void scheduler.postTask(
        () => {
          keyTimes.push(performance.now() - started);
          waiting.get(keyTimes.length - 1)?.();
        },
        { priority: 'user-blocking' },
      );
    });
  });
  window.addEventListener('keydown', pressed, true);
  observer.observe(pages, { childList: true, characterData: true, subtree: true });

  watched.stopWatching = () => {
    window.removeEventListener('keydown', pressed, true);
    observer.disconnect();
    return keyTimes;
  };
  watched.keySeen = (key) =>
    keyTimes.length > key
      ? Promise.resolve()
      : new Promise<void>((resolve) => {
          waiting.set(key, resolve);
        });
}

declare const scheduler: { postTask(task: () => void, options: { priority: string }): Promise<void> };
