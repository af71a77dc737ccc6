/** Reading WordprocessingML (ECMA-376 part 1, 17) from the browser's own XML tree, whatever its prefixes. */

const TWIPS_PER_PX = 15;

export function isWord(element: Element, localName: string): boolean {
  return element.localName === localName && /wordprocessingml/.test(element.namespaceURI ?? '');
}

export function childrenOf(element: Element): readonly Element[] {
  return [...element.children];
}

export function childOf(element: Element | null | undefined, localName: string): Element | null {
  for (const child of element?.children ?? []) if (isWord(child, localName)) return child;
  return null;
}

export function attributeOf(element: Element | null | undefined, attribute = 'val'): string | null {
  for (const each of element?.attributes ?? []) if (each.localName === attribute) return each.value;
  return null;
}

/** A length in twentieths of a point as CSS pixels; null where there is none that can be shown. */
export function lengthOf(element: Element | null | undefined, attribute: string): number | null {
  const twips = Number.parseInt(attributeOf(element, attribute) ?? '', 10);
  return Number.isFinite(twips) && Math.abs(twips) < 100_000 ? twips / TWIPS_PER_PX : null;
}

/** A toggle property (17.3.2): there, unless it says no; undefined where it is not there. */
export function toggleOf(element: Element | null): boolean | undefined {
  if (element === null) return undefined;
  return !/^(?:0|false|off)$/i.test(attributeOf(element) ?? '');
}
