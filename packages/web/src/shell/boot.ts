import type { WriterBoot } from '@officina/protocol';

/** The element in which the server hands a page its boot values. */
export const BOOT_ELEMENT_ID = 'officina-boot';

/** Reads the boot values; null when the server put none into the page, which it does to show an error of its own. */
export function readWriterBoot(page: Document): WriterBoot | null {
  const text = page.getElementById(BOOT_ELEMENT_ID)?.textContent;
  // Our own server wrote it into this very page: its shape is not in question.
  return text ? (JSON.parse(text) as WriterBoot) : null;
}
