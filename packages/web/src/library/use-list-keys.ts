import type { KeyboardEvent } from 'react';
import type { Look } from './toolbar.js';

/** Arrows go from document to document; in the grid up and down go by a row. */
export function useListKeys(look: Look): (event: KeyboardEvent) => void {
  return (event) => {
    const names = [...event.currentTarget.querySelectorAll<HTMLElement>('a.lb-name')];
    const at = names.indexOf(document.activeElement as HTMLElement);
    if (at < 0) return;
    const next = names[at + stepOf(event.key, look, names)];
    if (!next || next === names[at]) return;
    event.preventDefault();
    next.focus();
  };
}

function stepOf(key: string, look: Look, names: readonly HTMLElement[]): number {
  const perRow = look === 'grid' ? columnsOf(names) : 1;
  switch (key) {
    case 'ArrowDown':
      return perRow;
    case 'ArrowUp':
      return -perRow;
    case 'ArrowRight':
      return look === 'grid' ? 1 : 0;
    case 'ArrowLeft':
      return look === 'grid' ? -1 : 0;
    default:
      return 0;
  }
}

function columnsOf(names: readonly HTMLElement[]): number {
  const topOf = (name: HTMLElement | undefined) => name?.closest<HTMLElement>('.lb-item')?.offsetTop;
  const first = topOf(names[0]);
  const next = names.findIndex((name) => topOf(name) !== first);
  return next < 0 ? names.length : next;
}
