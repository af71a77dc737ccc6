import { unzipSync } from 'fflate';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeDocument } from '../../corpus/make.js';
import { png } from '../../corpus/png.js';
import type { EditorPage } from '../editor-page.js';
import { launchBrowser, type Receiver, type RunningServer, startReceiver, startServer } from '../harness.js';
import { openTogether, sameText, watchForeign } from './people.js';

const names = ['Ada', 'Ben'];
let server: RunningServer;
let receiver: Receiver;
let browser: Browser;

beforeAll(async () => {
  [server, receiver, browser] = await Promise.all([startServer(), startReceiver(), launchBrowser()]);
});
afterAll(async () => {
  await Promise.all([browser?.close(), receiver?.close(), server?.stop()]);
});

it('[RO70] a picture of 4 MB that one person pastes is shown to the other, and saved byte for byte', async () => {
  const [ada, ben] = await openTogether({
    ...{ names, bytes: makeDocument('plain'), server, browser },
    saveUrl: receiver.url,
  });
  if (!ada || !ben) throw new Error('Two editors were asked for.');
  const foreign = watchForeign([ada.page.context(), ben.page.context()], server);
  const asked = attachmentRequests([ada.page, ben.page]);
  const picture = noisyPicture(4_000_000);

  await ada.page.keyboard.press('Control+Home');
  await ben.page.keyboard.press('Control+Home');
  await ben.page.keyboard.press('End');
  await Promise.all([pastePicture(ada, picture), ben.page.keyboard.type(' meanwhile', { delay: 40 })]);
  await pictureIn(ada);
  await ada.page.keyboard.press('Control+End');
  await ada.type('After it.');
  await ben.waitForText('After it.');
  await Promise.all([pictureIn(ada), pictureIn(ben)]);
  expect(await sameText([ada, ben], names)).toContain('meanwhile');

  await ada.save('Stored in the archive');
  const { file } = await receiver.waitFor(1);
  expect(mediaOf(file).some((bytes) => Buffer.from(bytes).equals(picture))).toBe(true);
  expect(asked).toEqual(['PUT', 'GET']);
  expect(foreign).toEqual([]);

  // Who comes later has it, too, from the log or from a snapshot.
  await ben.page.reload();
  await ben.waitForStatus('Safe on the server');
  await pictureIn(ben);
});

/** A PNG that no compression makes smaller, with at least this many bytes. */
function noisyPicture(size: number): Uint8Array {
  let state = 7;
  const noise = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 24;
  };
  const side = Math.ceil(Math.sqrt(size / 3));
  return png(side, side, noise);
}

/** What Ctrl+V does with a picture in the clipboard. */
async function pastePicture({ page }: EditorPage, picture: Uint8Array): Promise<void> {
  await page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (each) => each.charCodeAt(0));
    const clipboardData = new DataTransfer();
    clipboardData.items.add(new File([bytes], 'picture.png', { type: 'image/png' }));
    const event = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true });
    document.activeElement?.dispatchEvent(event);
  }, Buffer.from(picture).toString('base64'));
}

/** Waits until the pages show a picture that has been read. */
async function pictureIn({ frame }: EditorPage): Promise<void> {
  await frame.waitForFunction(() =>
    [...document.querySelectorAll<HTMLImageElement>('.ow-viewport img')].some(
      (image) => image.naturalWidth > 100,
    ),
  );
}

/** How pages ask for pictures, in the order in which they do. */
function attachmentRequests(pages: readonly Page[]): readonly string[] {
  const methods: string[] = [];
  for (const page of pages) {
    page.on('request', (request) => {
      if (request.url().includes('/blobs/')) methods.push(request.method());
    });
  }
  return methods;
}

function mediaOf(docx: Uint8Array): readonly Uint8Array[] {
  const parts = Object.entries(unzipSync(docx));
  return parts.filter(([name]) => name.startsWith('word/media/')).map(([, bytes]) => bytes);
}
