import type { OoxmlElement, OoxmlNode } from '@docx-editor.dev/core/store';
import { expect, it } from 'vitest';
import { createBlankDocx } from '../index.js';
import { openBase } from './snapshot.js';
import { compareTrees } from './tree-change.js';

it('a paragraph that gave its name to something else is gone, and what has the name is new', () => {
  const pkg = openBase(createBlankDocx());
  const before = pkg.parts.get(pkg.mainDocumentPart)?.root as OoxmlElement;
  const paragraph = firstParagraph(before) as OoxmlElement;
  const after = exchanged(before, paragraph, { ...paragraph, kind: 'contentControl', localName: 'sdt' });

  const { added, removedParagraphs, changedParagraphs } = compareTrees(before, after);

  expect(removedParagraphs).toEqual([paragraph]);
  expect(added.map(({ id }) => id)).toEqual([paragraph.id]);
  expect(changedParagraphs).toEqual([]);
});

function firstParagraph(node: OoxmlNode): OoxmlNode | null {
  if (node.kind === 'textValue' || node.kind === 'paragraph') return node.kind === 'paragraph' ? node : null;
  for (const child of node.children as readonly OoxmlNode[]) {
    const found = firstParagraph(child);
    if (found) return found;
  }
  return null;
}

function exchanged(node: OoxmlElement, old: OoxmlNode, instead: object): OoxmlElement {
  const children = (node.children as readonly OoxmlNode[]).map((child) => {
    if (child === old) return instead;
    return child.kind === 'textValue' ? child : exchanged(child, old, instead);
  });
  return { ...node, children } as unknown as OoxmlElement;
}
