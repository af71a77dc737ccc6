import type { Browser, BrowserContext } from 'playwright-core';
import { EditorPage } from '../editor-page.js';
import { postDocument, type RunningServer } from '../harness.js';

export interface SharedSession {
  readonly names: readonly string[];
  readonly bytes: Uint8Array;
  readonly server: RunningServer;
  readonly browser: Browser;
  readonly saveUrl?: string;
}

let documents = 0;

/** Opens one document as several people, each in a browser context of their own, like machines of their own. */
export async function openTogether({ names, bytes, server, browser, saveUrl }: SharedSession) {
  documents += 1;
  const documentId = `editor-${process.pid}-${documents}`;
  const urls: string[] = [];
  for (const [index, name] of names.entries()) {
    const answer = await postDocument(
      server,
      {
        document_info: { document_id: documentId, document_name: 'Together' },
        user_info: { user_id: String(index + 1), display_name: name },
        ...(saveUrl === undefined ? {} : { callback_settings: { save_url: saveUrl, save_format: 'docx' } }),
      },
      index === 0 ? { bytes, name: 'together.docx' } : undefined,
    );
    const { document_url: url = '' } = answer;
    urls.push(url);
  }
  return Promise.all(urls.map((url) => EditorPage.open(browser, url)));
}

/** What the pages show, without the names at remote carets and the sign at a table's edge that a mouse brings up. */
export async function shownText({ frame }: EditorPage, names: readonly string[]): Promise<string> {
  const text = await frame.evaluate(
    () => document.querySelector<HTMLElement>('.ow-viewport')?.innerText ?? '',
  );
  return text
    .split('\n')
    .filter((line) => ![...names, '+'].includes(line.trim()))
    .join('\n')
    .trim();
}

/** Waits until all show the same text, and answers it. */
export async function sameText(editors: readonly EditorPage[], names: readonly string[]): Promise<string> {
  for (;;) {
    await Promise.all(editors.map((editor) => editor.waitForStatus('Safe on the server')));
    const texts = await Promise.all(editors.map((editor) => shownText(editor, names)));
    const [first = ''] = texts;
    if (texts.every((text) => text === first)) return first;
    await Promise.all(editors.map((editor) => editor.nextFrame()));
  }
}

/** Everything that the contexts ask of anybody but `server`, and everything that their policy stops. */
export function watchForeign(contexts: readonly BrowserContext[], server: RunningServer): readonly string[] {
  const seen: string[] = [];
  for (const context of contexts) {
    context.on('request', (request) => {
      const url = request.url();
      if (!url.startsWith(server.url) && !/^(?:data|blob|about):/.test(url)) seen.push(url);
    });
    context.on('console', (message) => {
      if (message.text().includes('Content Security Policy')) seen.push(message.text());
    });
  }
  return seen;
}
