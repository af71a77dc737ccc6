import type { LibraryItem } from '@officina/protocol';
import { type FocusEvent, useLayoutEffect, useRef } from 'react';

/**
 * Whoever trashes, restores or deletes a document by keyboard goes on at the one that takes its place, and not at the top of
 * the page. Returns what the list does when the focus comes into it.
 */
export function useKeptFocus(items: readonly LibraryItem[] | null): (event: FocusEvent) => void {
  const held = useRef<{ id: string; place: number } | null>(null);
  useLayoutEffect(() => {
    const { current } = held;
    if (current === null || items === null || document.activeElement !== document.body) return;
    if (items.some(({ id }) => id === current.id)) return;
    held.current = null;
    const names = document.querySelectorAll<HTMLElement>('.lb-item .lb-name, .lb-empty');
    names[Math.min(current.place, names.length - 1)]?.focus();
  }, [items]);
  return ({ target }) => {
    const id = target.closest<HTMLElement>('.lb-item')?.dataset.id;
    const place = items?.findIndex((item) => item.id === id) ?? -1;
    held.current = id === undefined || place < 0 ? null : { id, place };
  };
}
