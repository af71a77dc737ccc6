import { type OoxmlPackage, type OoxmlPackageResult, readOoxmlPackage } from '@docx-editor.dev/core/store';
import { DEFAULT_PACKAGE_LIMITS, type PackageLimits } from '../kit/index.js';

export type { OoxmlPackage } from '@docx-editor.dev/core/store';

/** The core's view of a document that `importDocx` or `createBlankDocx` made. Throws on bytes of any other origin that do not open. */
export function openPackage(base: Uint8Array, limits: PackageLimits = DEFAULT_PACKAGE_LIMITS): OoxmlPackage {
  const result = readPackage(base, limits);
  if (!result.ok)
    throw new Error(`the base document does not open: ${result.reason} ${result.detail ?? ''}`.trim());
  return result.package;
}

/** The core's own reading, with our limits handed down to it. */
export function readPackage(bytes: Uint8Array, limits: PackageLimits): OoxmlPackageResult {
  return readOoxmlPackage(bytes, {
    zip: { maxEntries: limits.maxEntries, maxTotalBytes: limits.maxInflatedBytes, maxRatio: limits.maxRatio },
    xml: { maxBytes: limits.xml.maxPartBytes, maxElements: limits.xml.maxElements },
    maxXmlParts: limits.maxEntries,
    maxRelationships: limits.maxEntries,
  });
}

/** Name of a part in the archive: part names are absolute, entry names are not. */
export function entryName(partName: string): string {
  return partName.replace(/^\//, '');
}

export type StoryKind = 'body' | 'header' | 'footer' | 'footnote' | 'endnote' | 'comment' | 'textbox';

/** The parts that hold text people write, main document first, then by name. */
export function storyParts(pkg: OoxmlPackage): { readonly name: string; readonly story: StoryKind }[] {
  const found: { name: string; story: StoryKind }[] = [{ name: pkg.mainDocumentPart, story: 'body' }];
  for (const part of [...pkg.parts.values()].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const story = STORY_OF_ROOT[part.root.localName];
    if (story && part.name !== pkg.mainDocumentPart && WORD_TYPE.test(part.contentType)) {
      found.push({ name: part.name, story });
    }
  }
  return found;
}

const STORY_OF_ROOT: Partial<Record<string, StoryKind>> = {
  hdr: 'header',
  ftr: 'footer',
  footnotes: 'footnote',
  endnotes: 'endnote',
  comments: 'comment',
};
const WORD_TYPE = /wordprocessingml|ms-word/;
