import { normalizeImageBytes } from '@docx-editor.dev/react';
import { useEffect } from 'react';
import type { WriterSession } from './session/writer-session.js';

const EMU_PER_POINT = 12_700;
/** What fits between usual margins of a page. */
const WIDEST_POINTS = 468;
const TALLEST_POINTS = 640;

/**
 * Pictures that are pasted or picked. The editor reads a picture first and then wants the document as it was, which it
 * is not where others write: here it goes to where the caret stands by then, as an operation of its own.
 */
export function usePictures(session: WriterSession, isEnabled: boolean): void {
  useEffect(() => {
    if (!isEnabled) return;
    const onPaste = (event: ClipboardEvent) => {
      const file = event.clipboardData && pictureAlone(event.clipboardData);
      if (file && isInDocument(event.target)) take(event, file);
    };
    const onPick = (event: Event) => {
      const { target } = event;
      if (!(target instanceof HTMLInputElement) || !target.matches('.docx-image-insert__input')) return;
      const file = target.files?.[0];
      if (file) take(event, file);
      target.value = '';
    };
    const take = (event: Event, file: File) => {
      event.preventDefault();
      event.stopPropagation();
      void insert(session, file);
    };
    window.addEventListener('paste', onPaste, true);
    window.addEventListener('change', onPick, true);
    return () => {
      window.removeEventListener('paste', onPaste, true);
      window.removeEventListener('change', onPick, true);
    };
  }, [session, isEnabled]);
}

/** The picture in a clipboard that holds nothing else: what comes with text is the editor's to place. */
function pictureAlone(clipboard: DataTransfer): File | null {
  if (clipboard.types.some((type) => type === 'text/html' || type === 'text/plain')) return null;
  return [...clipboard.files].find(({ type }) => type.startsWith('image/')) ?? null;
}

function isInDocument(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('.ow-viewport') !== null;
}

async function insert(session: WriterSession, file: File): Promise<void> {
  const picture = normalizeImageBytes(new Uint8Array(await file.arrayBuffer()));
  const at = session.seat.selection()?.head;
  if (!picture.ok || at === undefined) {
    const reason = picture.ok ? 'there is no caret to put the picture at.' : 'this picture cannot be read.';
    session.refused({ key: `picture-${file.name}-${file.size}`, reason, text: '' });
    return;
  }
  const { bytes, mime, widthPoints, heightPoints } = picture;
  const scale = Math.min(1, WIDEST_POINTS / widthPoints, TALLEST_POINTS / heightPoints);
  session.perform({
    do: 'insertImage',
    ...{ at, bytes, mime, tracked: session.seat.isSuggesting() },
    widthEmu: Math.round(widthPoints * scale * EMU_PER_POINT),
    heightEmu: Math.round(heightPoints * scale * EMU_PER_POINT),
  });
}
