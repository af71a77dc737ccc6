import type { Browser, BrowserContext, Frame, Page } from 'playwright-core';

/** A busy machine paints late. */
const PATIENCE_MS = 90_000;

/** What a person does in an editor, whether it fills the tab or stands in a frame. */
export class EditorPage {
  readonly frame: Page | Frame;
  readonly page: Page;

  private constructor(page: Page, frame: Page | Frame) {
    this.page = page;
    this.frame = frame;
  }

  /** `prepare` is for what must be in place before the page loads. */
  static async open(
    browser: Browser,
    url: string,
    prepare: (context: BrowserContext) => Promise<unknown> = async () => {},
  ): Promise<EditorPage> {
    const context = await browser.newContext({ viewport: { width: 1200, height: 800 } });
    context.setDefaultTimeout(PATIENCE_MS);
    await prepare(context);
    const page = await context.newPage();
    await page.goto(url);
    return EditorPage.in(page, page);
  }

  /** The editor in a page or frame, once its first text is there and the room has let it in. */
  static async in(page: Page, frame: Page | Frame): Promise<EditorPage> {
    page.setDefaultTimeout(PATIENCE_MS);
    const editor = new EditorPage(page, frame);
    await editor.waitForStatus('Safe on the server');
    return editor;
  }

  /**
   * Waits until the words about the work's safety contain `words`. The editor takes keys in with the next frame: before
   * it the words are about what was there before them.
   */
  async waitForStatus(words: string): Promise<void> {
    await this.nextFrame();
    await this.#waitForWords(words);
  }

  async #waitForWords(words: string): Promise<void> {
    const status = this.frame.locator('[data-testid=status]');
    try {
      await status.filter({ hasText: words }).first().waitFor();
    } catch (cause) {
      const said = (await status.allTextContents()).join(' | ');
      throw new Error(`“${words}” was waited for, and the page says “${said}”.`, { cause });
    }
  }

  /** Puts the caret behind a piece of text that the page shows. */
  async clickBehind(text: string): Promise<void> {
    const place = this.frame.getByText(text).first();
    let box = await place.boundingBox();
    // While the pages are painted anew, what was found has no place for a moment.
    while (box === null) {
      await place.waitFor();
      box = await place.boundingBox();
    }
    // The last pixel may be the next run's.
    await place.click({ position: { x: Math.max(1, box.width - 4), y: box.height / 2 } });
    await this.page.keyboard.press('End');
  }

  /** Gives the document the keyboard, as a click on the page does. */
  async clickIntoDocument(): Promise<void> {
    await this.frame
      .locator('.docx-page, [data-page-number], .ow-viewport')
      .first()
      .click({ position: { x: 200, y: 160 } });
  }

  async type(text: string): Promise<void> {
    await this.page.keyboard.type(text);
  }

  /** Waits until the pages show `text`, however many runs it is painted in. */
  async waitForText(text: string): Promise<void> {
    await this.frame.waitForFunction((wanted) => document.body.innerText.includes(wanted), text);
  }

  /** Lets the page paint once more: what arrived or was typed before is in it then. */
  nextFrame(): Promise<unknown> {
    return this.frame.evaluate(
      () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
    );
  }

  /** Presses Save and waits for the application's own words. */
  async save(message: string): Promise<void> {
    await this.frame.getByRole('button', { name: 'Save', exact: true }).click();
    await this.#waitForWords(message);
  }
}
