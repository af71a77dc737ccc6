import { useEffect } from 'react';
import type { WriterSession } from './session/writer-session.js';

/** The page's parts in the order in which F6 goes through them, each with what takes the focus there. */
const REGIONS = [
  { part: '.ow-header', target: 'button:not([disabled]), a[href]' },
  { part: '.ow-toolbar', target: 'button:not([disabled]):not([tabindex="-1"])' },
  { part: '.ow-viewport', target: '[role="textbox"], [contenteditable="true"], textarea' },
  { part: '.ow-review', target: 'button:not([disabled]), textarea, input' },
] as const;

export interface ShortcutOptions {
  readonly session: WriterSession;
  readonly canSave: boolean;
  /** Opens the comments; null where this person may not comment. */
  readonly onComment: (() => void) | null;
}

/**
 * Keys of the page itself. Ctrl+S saves to the application, never the page. F6 and Shift+F6 go from part to part: in
 * the document Tab types a tab, so the keyboard needs another way out. Ctrl+Alt+M opens the comments.
 */
export function useShortcuts({ session, canSave, onComment }: ShortcutOptions): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const withControl = event.ctrlKey || event.metaKey;
      const key = event.key.toLowerCase();
      if (withControl && !event.altKey && key === 's') {
        if (canSave && !event.repeat) session.save();
      } else if (withControl && event.altKey && key === 'm') {
        onComment?.();
      } else if (key === 'f6' && !withControl && !event.altKey) {
        focusNextRegion(event.shiftKey ? -1 : 1);
      } else {
        return;
      }
      event.preventDefault();
      event.stopPropagation();
    };
    window.addEventListener('keydown', onKeyDown, true);
    return () => window.removeEventListener('keydown', onKeyDown, true);
  }, [session, canSave, onComment]);
}

function focusNextRegion(step: 1 | -1): void {
  const here = REGIONS.findIndex(({ part }) => document.activeElement?.closest(part));
  for (let distance = 1; distance <= REGIONS.length; distance++) {
    const index = (here + step * distance + 2 * REGIONS.length) % REGIONS.length;
    const region = REGIONS[index];
    const target =
      region && document.querySelector<HTMLElement>(region.part)?.querySelector<HTMLElement>(region.target);
    if (!target) continue;
    target.focus();
    return;
  }
}
