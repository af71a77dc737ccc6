import type { WriterBoot } from '@officina/protocol';

/** Where the pdf for the printer lies; null where printing is not permitted, and for what is no session's present state. */
export function printPathOf({ permissions, contentPath, version, library }: WriterBoot): string | null {
  if (!permissions['document.print'] || version !== null || library !== undefined) return null;
  return contentPath.replace(/\/content$/, '/print');
}

export type Printed = { ok: true } | { ok: false; message: string };

/** Has the server make a pdf and hands it to the browser's own print dialog. */
export async function print(path: string, document: Document): Promise<Printed> {
  let answer: Response;
  try {
    answer = await fetch(path);
  } catch {
    return { ok: false, message: 'The server did not answer. Try again in a moment.' };
  }
  if (!answer.ok) return { ok: false, message: await refusalOf(answer) };
  const address = URL.createObjectURL(await answer.blob());
  await showDialog(address, document);
  return { ok: true };
}

async function refusalOf(answer: Response): Promise<string> {
  const isPlain = answer.headers.get('content-type')?.startsWith('text/plain') ?? false;
  return isPlain ? await answer.text() : 'This document cannot be printed.';
}

/** The frame stays until the next print: browsers read from it while their dialog is open, and do not say when it closes. */
async function showDialog(address: string, document: Document): Promise<void> {
  document.querySelector('iframe[data-print]')?.remove();
  const frame = document.createElement('iframe');
  frame.dataset.print = '';
  frame.title = 'What is printed';
  frame.className = 'ov-print';
  const loaded = new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }));
  frame.src = address;
  document.body.append(frame);
  await loaded;
  frame.contentWindow?.focus();
  frame.contentWindow?.print();
}
