import { type OoxmlElement, type OoxmlPackage, readDocumentProtection } from '@docx-editor.dev/core/store';
import { storyParts } from './package.js';
import { documentText, type StoryText } from './text.js';

/** What a host wants to know of a document without opening it. */
export interface DocumentFacts {
  /** The title property; empty when there is none. */
  readonly title: string;
  /** Pages as the program that wrote the file last counted them; null when it left no figure. */
  readonly pageCount: number | null;
  readonly paragraphCount: number;
  readonly wordCount: number;
  readonly characterCount: number;
  readonly hasTrackedChanges: boolean;
  /** Whether the file asks editors to track changes. */
  readonly tracksChanges: boolean;
  readonly commentCount: number;
  readonly protection: ReturnType<typeof readDocumentProtection>;
  readonly hasMacros: boolean;
}

export function readFacts(pkg: OoxmlPackage): DocumentFacts {
  const texts = documentText(pkg);
  const settings = [...pkg.parts.values()].find((part) => part.root.localName === 'settings')?.root;
  const stories = storyParts(pkg).flatMap(({ name }) => pkg.parts.get(name)?.root ?? []);
  return {
    title: (propertyText(pkg, 'coreProperties', 'title') ?? '').trim(),
    pageCount: countOf(propertyText(pkg, 'Properties', 'Pages')),
    paragraphCount: texts.reduce((sum, each) => sum + each.paragraphs.length, 0),
    // As Word counts: whatever stands between blanks.
    wordCount: sumOver(texts, (paragraph) => paragraph.match(/\S+/g)?.length ?? 0),
    characterCount: sumOver(texts, (paragraph) => paragraph.length),
    hasTrackedChanges: stories.some((root) => contains(root, REVISIONS)),
    tracksChanges:
      settings?.children.some(
        (child) => child.kind !== 'textValue' && child.localName === 'trackRevisions',
      ) ?? false,
    commentCount: stories
      .filter((root) => root.localName === 'comments')
      .reduce((sum, root) => sum + root.children.filter((child) => child.kind !== 'textValue').length, 0),
    protection: readDocumentProtection(settings),
    hasMacros: [...pkg.partBytes.keys()].some((name) => /\/vbaProject\.bin$/i.test(name)),
  };
}

const REVISIONS: ReadonlySet<string> = new Set([
  ...['ins', 'del', 'moveFrom', 'moveTo', 'cellIns', 'cellDel', 'cellMerge', 'numberingChange'],
  ...['rPrChange', 'pPrChange', 'sectPrChange', 'tblPrChange', 'trPrChange', 'tcPrChange', 'tblGridChange'],
]);

function contains(element: OoxmlElement, names: ReadonlySet<string>): boolean {
  return element.children.some(
    (child) => child.kind !== 'textValue' && (names.has(child.localName) || contains(child, names)),
  );
}

function propertyText(pkg: OoxmlPackage, rootName: string, localName: string): string | undefined {
  for (const part of pkg.parts.values()) {
    if (part.root.localName !== rootName) continue;
    for (const child of part.root.children) {
      if (child.kind === 'textValue' || child.localName !== localName) continue;
      return child.children.map((each) => (each.kind === 'textValue' ? each.value : '')).join('');
    }
  }
  return undefined;
}

function countOf(text: string | undefined): number | null {
  const count = Number(text);
  return text !== undefined && Number.isSafeInteger(count) && count > 0 ? count : null;
}

function sumOver(texts: readonly StoryText[], measure: (paragraph: string) => number): number {
  return texts.reduce(
    (sum, each) => sum + each.paragraphs.reduce((part, paragraph) => part + measure(paragraph), 0),
    0,
  );
}
