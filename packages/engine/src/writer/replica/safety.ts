import {
  isValidMime,
  normalizePartName,
  type OoxmlNode,
  type OoxmlPackage,
  parentNodeOf,
  resolveInternalTarget,
  validateExternalTarget,
} from '@docx-editor.dev/core/store';
import { StepRefused } from './frame.js';
import type { SettledPart } from './settled-part.js';
import { isElementNode } from './tree-change.js';
import { isActive } from './tree-rules.js';

/** What a document may not be given by an operation, whoever sends it: a file that opens is all that others rely on. */

/** Relationships an edit of a text document makes. What the file came with stays. */
const OWN_RELATIONSHIPS: ReadonlySet<string> = new Set([
  'styles',
  'stylesWithEffects',
  'numbering',
  'settings',
  'webSettings',
  'fontTable',
  'theme',
  'header',
  'footer',
  'footnotes',
  'endnotes',
  'comments',
  'commentsExtended',
  'commentsIds',
  'commentsExtensible',
  'people',
  'image',
  'hyperlink',
  'chart',
  'customXml',
  'customXmlProps',
  'diagramData',
  'diagramLayout',
  'diagramQuickStyle',
  'diagramColors',
  'diagramDrawing',
  'chartStyle',
  'chartColorStyle',
  'chartUserShapes',
]);

const ACTIVE_CONTENT =
  /macroEnabled|vbaProject|activeX|oleObject|ms-office\.vba|javascript|x-msdownload|html/i;
const BYTES_GO_TO = /^\/(?:word\/media|customXml|docProps)\//;
/** Readers of XML stop at 256 levels, and other programs sooner. */
const DEPTH_LIMIT = 160;

const unsafe = (what: string) => new StepRefused('malformed', what, false);

/** Refuses a package that has relationships, parts or types no edit makes. */
export function expectSafe(before: OoxmlPackage, after: OoxmlPackage): void {
  expectSafeRelationships(before, after);
  for (const name of new Set([...after.parts.keys(), ...after.partBytes.keys()])) {
    if (before.parts.has(name) || before.partBytes.has(name)) continue;
    const normal = normalizePartName(name);
    if (!normal.ok || normal.partName !== name) throw unsafe(`a part named ${name.slice(0, 80)}`);
    if (!after.parts.has(name) && !BYTES_GO_TO.test(name)) throw unsafe(`bytes at ${name.slice(0, 80)}`);
  }
  for (const [name, part] of after.parts) {
    if (before.parts.get(name)?.contentType === part.contentType) continue;
    if (part.name !== name || !isHarmless(part.contentType)) throw unsafe(`the type of ${name.slice(0, 80)}`);
  }
  if (before.contentTypes === after.contentTypes) return;
  const { defaults, overrides } = after.contentTypes;
  if (!(defaults instanceof Map) || !(overrides instanceof Map)) throw unsafe('the list of types');
  const known = new Set([
    ...before.contentTypes.defaults.values(),
    ...before.contentTypes.overrides.values(),
  ]);
  for (const [key, type] of [...defaults, ...overrides]) {
    const right = typeof key === 'string' && typeof type === 'string';
    if (!right || (!known.has(type) && !isHarmless(type))) throw unsafe('the list of types');
  }
}

const isHarmless = (type: string): boolean => isValidMime(type) && !ACTIVE_CONTENT.test(type);

function expectSafeRelationships(before: OoxmlPackage, after: OoxmlPackage): void {
  for (const [owner, records] of after.relationships) {
    const old = before.relationships.get(owner);
    if (old === records) continue;
    const known = new Set(old?.map((each) => `${each.type} ${each.targetMode} ${each.rawTarget}`));
    const ids = new Set<string>();
    for (const { ownerPart, id, type, rawTarget, targetMode } of records) {
      if (ownerPart !== owner || ids.has(id)) throw unsafe(`relationship ${id.slice(0, 40)}`);
      ids.add(id);
      if (known.has(`${type} ${targetMode} ${rawTarget}`)) continue;
      const meaning = type.slice(type.lastIndexOf('/') + 1);
      const fine =
        targetMode === 'External'
          ? meaning === 'hyperlink' && validateExternalTarget(rawTarget).ok
          : OWN_RELATIONSHIPS.has(meaning) && resolveInternalTarget(owner, rawTarget).ok;
      if (!fine) throw unsafe(`a relationship to ${rawTarget.slice(0, 80)}`);
    }
  }
}

/** Refuses new nodes that run or fetch something, or stand deeper than files are read. */
export function expectSafeNodes(settled: SettledPart): void {
  const { after, before, change } = settled;
  for (const node of change.addedParagraphs)
    if (isActive(node)) throw unsafe('something that runs or fetches from outside');
  if (change.addedParagraphs.length === 0 || !before) return;
  for (const root of change.rewriteRoots) {
    const id = settled.names.get(root) ?? root;
    let above = 0;
    for (let at = parentNodeOf(after, id); at; at = parentNodeOf(after, at.id)) above++;
    const node = change.added.find((each) => each.id === root);
    if (node && above + heightOf(node) > DEPTH_LIMIT) throw unsafe('nested too deeply');
  }
}

function heightOf(node: OoxmlNode): number {
  if (!isElementNode(node)) return 0;
  let most = 0;
  for (const child of node.children as readonly OoxmlNode[]) most = Math.max(most, heightOf(child));
  return most + 1;
}
