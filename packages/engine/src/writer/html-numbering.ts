import type { OoxmlElement, OoxmlPackage } from '@docx-editor.dev/core/store';
import { elementsOf, isWord, wordChild, wordValue } from './html-look.js';

/** A paragraph's place in a list. */
export interface ListPlace {
  /** Names the list: two paragraphs of one list count on. */
  readonly list: string;
  readonly level: number;
  /** The value of `list-style-type`. */
  readonly kind: string;
  readonly isOrdered: boolean;
  readonly start: number;
}

const KINDS: Readonly<Record<string, string>> = {
  decimal: 'decimal',
  decimalZero: 'decimal-leading-zero',
  lowerLetter: 'lower-alpha',
  upperLetter: 'upper-alpha',
  lowerRoman: 'lower-roman',
  upperRoman: 'upper-roman',
  bullet: 'disc',
  none: 'none',
};
const MAX_LEVEL = 8;

/** The numberings of a document (ECMA-376 17.9). */
export class Numberings {
  readonly #abstracts = new Map<string, OoxmlElement>();
  readonly #numbers = new Map<string, OoxmlElement>();

  constructor(pkg: OoxmlPackage) {
    const root = [...pkg.parts.values()].find((part) => part.root.localName === 'numbering')?.root;
    for (const child of root ? elementsOf(root) : []) {
      if (isWord(child, 'abstractNum')) this.#abstracts.set(wordValue(child, 'abstractNumId') ?? '', child);
      if (isWord(child, 'num')) this.#numbers.set(wordValue(child, 'numId') ?? '', child);
    }
  }

  /** Null for numbering that is switched off or leads nowhere. */
  placeOf(numbering: OoxmlElement | undefined): ListPlace | null {
    const id = wordValue(wordChild(numbering, 'numId'));
    const number = this.#numbers.get(id ?? '');
    if (id === undefined || id === '0' || !number) return null;
    const level = Math.min(MAX_LEVEL, Math.max(0, Number(wordValue(wordChild(numbering, 'ilvl')) ?? 0) || 0));
    const isThis = (each: OoxmlElement) => wordValue(each, 'ilvl') === String(level);
    const override = elementsOf(number).find((each) => isWord(each, 'lvlOverride') && isThis(each));
    const abstract = this.#abstracts.get(wordValue(wordChild(number, 'abstractNumId')) ?? '');
    const own = wordChild(override, 'lvl');
    const shared = abstract && elementsOf(abstract).find((each) => isWord(each, 'lvl') && isThis(each));
    const definition = own ?? shared;
    const format = wordValue(wordChild(definition, 'numFmt')) ?? 'decimal';
    const start = Number(
      wordValue(wordChild(override, 'startOverride')) ?? wordValue(wordChild(definition, 'start')) ?? 1,
    );
    return {
      list: id,
      level,
      kind: KINDS[format] ?? 'decimal',
      isOrdered: format !== 'bullet' && format !== 'none',
      start: Number.isInteger(start) ? start : 1,
    };
  }
}

/** Opens and closes list elements as paragraphs of lists and others come by. */
export class OpenLists {
  readonly #open: { place: ListPlace; tag: 'ol' | 'ul' }[] = [];
  /** The last number that an ordered list gave, by list and level. */
  readonly #counts = new Map<string, number>();

  /** What comes before the item's content; the item stays open for lists inside it. */
  item(place: ListPlace): string {
    const closing = this.#closeTo(place);
    const top = this.#open.at(-1);
    const opening = top && top.place.level === place.level ? '</li>' : this.#openAt(place);
    for (const key of this.#counts.keys()) {
      const [list, level] = key.split(' ');
      if (list === place.list && Number(level) > place.level) this.#counts.delete(key);
    }
    this.#counts.set(keyOf(place), (this.#counts.get(keyOf(place)) ?? place.start - 1) + 1);
    return `${closing}${opening}\n<li>`;
  }

  /** Closes everything. */
  close(): string {
    return this.#open
      .splice(0)
      .reverse()
      .map(({ tag }) => `</li>\n</${tag}>`)
      .join('');
  }

  #closeTo(place: ListPlace): string {
    let html = '';
    for (let top = this.#open.at(-1); top; top = this.#open.at(-1)) {
      const isSame = top.place.list === place.list && top.place.kind === place.kind;
      const staysOpen = top.place.level < place.level || (top.place.level === place.level && isSame);
      if (staysOpen) break;
      this.#open.pop();
      html += `</li>\n</${top.tag}>`;
    }
    return html;
  }

  #openAt(place: ListPlace): string {
    const tag = place.isOrdered ? 'ol' : 'ul';
    this.#open.push({ place, tag });
    const next = (this.#counts.get(keyOf(place)) ?? place.start - 1) + 1;
    const start = place.isOrdered && next !== 1 ? ` start="${next}"` : '';
    const plain = place.isOrdered ? 'decimal' : 'disc';
    const style = place.kind === plain ? '' : ` style="list-style-type:${place.kind}"`;
    return `\n<${tag}${start}${style}>`;
  }
}

function keyOf(place: ListPlace): string {
  return `${place.list} ${place.level}`;
}
