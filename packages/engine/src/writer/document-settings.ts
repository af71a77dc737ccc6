import {
  attributeOf,
  childElements,
  DEFAULT_PACKAGE_LIMITS,
  decodeXml,
  encodeUtf8,
  inflateEntry,
  type PackageLimits,
  parseXmlTree,
  readZipDirectory,
  type SourceElement,
  writeZip,
  type ZipPiece,
} from '../kit/index.js';
import { EAST_ASIAN, RIGHT_TO_LEFT } from './blank-styles.js';
import { declareUtf8 } from './import.js';
import { RELATIONSHIPS, WML } from './names.js';
import { type OoxmlPackage, openPackage } from './package.js';
import {
  append,
  type Edit,
  emptyElement,
  insertBefore,
  insertBehind,
  isNamed,
  prepend,
  rewrite,
  setAttributes,
  wrap,
} from './part-edits.js';

/** What a caller sets in a document; what is left out stays as the file has it. */
export interface DocumentSettings {
  readonly trackChanges?: boolean;
  /** BCP 47: the language of all text that names no other. */
  readonly language?: string;
  /** How dates are to look, as `MM/DD/YY`: kept in the document variable `DateFormat` as a date picture (ECMA-376 17.16.4.1). */
  readonly dateFormat?: string;
}

/**
 * The file with the settings in it. Only the parts that hold them change, and in them only what says something else; a file that says all
 * of it already comes back as it is. `docx` must be one that `importDocx` takes, and `base` what it made of it. Throws a `RangeError` on a
 * language that is none.
 */
export function applyDocumentSettings(
  docx: Uint8Array,
  base: Uint8Array,
  { trackChanges, language, dateFormat }: DocumentSettings,
  limits: PackageLimits = DEFAULT_PACKAGE_LIMITS,
): Uint8Array {
  if (language !== undefined && !/^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/.test(language))
    throw new RangeError(`${language} is not a language tag`);
  if (trackChanges === undefined && language === undefined && dateFormat === undefined) return docx;
  const parts = new NamedParts(docx, openPackage(base, limits), limits);
  if (trackChanges !== undefined) parts.edit('settings', (root) => trackingEdits(root, trackChanges));
  if (language !== undefined) {
    parts.edit('settings', (root) => themeLanguageEdits(root, language));
    parts.edit('styles', (root) => defaultLanguageEdits(root, language));
    parts.edit('styles', (root) => normalLanguageEdits(root, language));
  }
  if (dateFormat !== undefined) parts.edit('settings', (root) => dateFormatEdits(root, dateFormat));
  return parts.write();
}

type PartKind = 'settings' | 'styles';
type Plan = (root: SourceElement) => readonly Edit[];

const WORD_TYPE = 'application/vnd.openxmlformats-officedocument.wordprocessingml';
const DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';

/** The settings and styles that the main document of one archive names, and what becomes of them. */
class NamedParts {
  readonly #docx: Uint8Array;
  readonly #archive: ReturnType<typeof readZipDirectory>;
  readonly #package: OoxmlPackage;
  /** New texts by entry name, of changed and of added entries. */
  readonly #texts = new Map<string, string>();
  readonly #added = new Map<PartKind, string>();

  constructor(docx: Uint8Array, pkg: OoxmlPackage, limits: PackageLimits) {
    this.#docx = docx;
    this.#package = pkg;
    this.#archive = readZipDirectory(docx, limits);
  }

  edit(kind: PartKind, plan: Plan): void {
    const name = this.#find(kind);
    if (name !== null) {
      this.#change(name, plan);
      return;
    }
    const empty = `<w:${kind} xmlns:w="${WML}"/>`;
    const edits = plan(parseXmlTree(empty));
    if (edits.length > 0) this.#add(kind, DECLARATION + rewrite(empty, edits));
  }

  write(): Uint8Array {
    if (this.#texts.size === 0) return this.#docx;
    const archive = this.#archive;
    const left = new Map(this.#texts);
    const pieces = archive.entries.map((entry): ZipPiece => {
      const text = left.get(entry.name);
      left.delete(entry.name);
      if (text === undefined) return { kind: 'copied', archive, entry };
      return { kind: 'replaced', archive, entry, content: encodeUtf8(text) };
    });
    const added = [...left].map(
      ([name, text]): ZipPiece => ({ kind: 'added', name, content: encodeUtf8(text) }),
    );
    return writeZip([...pieces, ...added], archive.comment);
  }

  /** Entry name of the part; null when the main document names none. */
  #find(kind: PartKind): string | null {
    const main = this.#package.mainDocumentPart;
    const relationship = this.#package.relationships
      .get(main)
      ?.find(({ type }) => type.endsWith(`/relationships/${kind}`));
    return relationship ? targetEntry(main, relationship.rawTarget) : (this.#added.get(kind) ?? null);
  }

  #change(name: string, plan: Plan): void {
    const text = this.#texts.get(name) ?? this.#read(name);
    // A relationship that leads nowhere: the file has no such part, and what is named by mistake is not ours to make.
    if (text === null) return;
    const root = parseXmlTree(text);
    const edits = plan(root);
    if (edits.length > 0) this.#texts.set(name, rewrite(text, edits));
  }

  /** The text as it would be written again: in UTF-8, with a byte order mark if it had one. */
  #read(name: string): string | null {
    const entry = this.#archive.entries.find((each) => each.name === name);
    const decoded = entry && decodeXml(inflateEntry(this.#archive, entry));
    if (!decoded) return null;
    if (decoded.encoding !== 'utf-8') return declareUtf8(decoded.text);
    return decoded.hasByteOrderMark ? `\ufeff${decoded.text}` : decoded.text;
  }

  #add(kind: PartKind, xml: string): void {
    const main = this.#package.mainDocumentPart;
    const at = main.lastIndexOf('/') + 1;
    const folder = main.slice(1, at);
    const isTaken = this.#archive.entries.some((entry) => entry.name === `${folder}${kind}.xml`);
    const file = isTaken ? `officina-${kind}.xml` : `${kind}.xml`;
    this.#texts.set(folder + file, xml);
    this.#added.set(kind, folder + file);
    this.#change('[Content_Types].xml', (root) => [
      append(
        root,
        elementOf(root, 'Override', `PartName="/${folder}${file}" ContentType="${WORD_TYPE}.${kind}+xml"`),
      ),
    ]);
    const relationships = `${folder}_rels/${main.slice(at)}.rels`;
    if (this.#read(relationships) === null && !this.#texts.has(relationships)) {
      const namespace = 'http://schemas.openxmlformats.org/package/2006/relationships';
      this.#texts.set(relationships, `${DECLARATION}<Relationships xmlns="${namespace}"/>`);
    }
    this.#change(relationships, (root) => [
      append(
        root,
        elementOf(
          root,
          'Relationship',
          `Id="officina-${kind}" Type="${RELATIONSHIPS}/${kind}" Target="${file}"`,
        ),
      ),
    ]);
  }
}

function elementOf(root: SourceElement, local: string, attributes: string): string {
  const colon = root.name.indexOf(':');
  return `<${colon < 0 ? '' : root.name.slice(0, colon + 1)}${local} ${attributes}/>`;
}

/** Entry name of a relationship's target (ECMA-376 part 2, 9.3). */
function targetEntry(owner: string, target: string): string {
  const folder = target.startsWith('/') ? '' : owner.slice(0, owner.lastIndexOf('/'));
  const steps: string[] = [];
  for (const step of `${folder}/${target}`.split('/')) {
    if (step === '..') steps.pop();
    else if (step !== '' && step !== '.') steps.push(step);
  }
  return steps.join('/');
}

const ON: ReadonlySet<string> = new Set(['1', 'true', 'on']);

/** What the schema has before it (ECMA-376 17.15.1.78). */
const BEFORE_TRACKING: ReadonlySet<string> = new Set([
  ...['writeProtection', 'view', 'zoom', 'removePersonalInformation', 'removeDateAndTime'],
  ...['doNotDisplayPageBoundaries', 'displayBackgroundShape', 'printPostScriptOverText'],
  ...['printFractionalCharacterWidth', 'printFormsData', 'embedTrueTypeFonts', 'embedSystemFonts'],
  ...['saveSubsetFonts', 'saveFormsData', 'mirrorMargins', 'alignBordersAndEdges'],
  ...['bordersDoNotSurroundHeader', 'bordersDoNotSurroundFooter', 'gutterAtTop', 'hideSpellingErrors'],
  ...['hideGrammaticalErrors', 'activeWritingStyle', 'proofState', 'formsDesign', 'attachedTemplate'],
  ...['linkStyles', 'stylePaneFormatFilter', 'stylePaneSortMethod', 'documentType', 'mailMerge'],
  'revisionView',
]);

/** What the schema has after the document variables; all else comes before them. */
const AFTER_VARIABLES: ReadonlySet<string> = new Set([
  ...['rsids', 'mathPr', 'attachedSchema', 'themeFontLang', 'clrSchemeMapping', 'doNotIncludeSubdocsInStats'],
  ...['doNotAutoCompressPictures', 'forceUpgrade', 'captions', 'readModeInkLockDown', 'smartTagType'],
  ...['schemaLibrary', 'shapeDefaults', 'doNotEmbedSmartTags', 'decimalSymbol', 'listSeparator', 'docId'],
  ...['conflictMode', 'discardImageEditingData', 'defaultImageDpi', 'chartTrackingRefBased'],
]);

/** What the schema has after the language in run properties (ECMA-376 17.3.2.28). */
const AFTER_LANGUAGE: ReadonlySet<string> = new Set(['eastAsianLayout', 'specVanish', 'oMath']);

function trackingEdits(root: SourceElement, isWanted: boolean): Edit[] {
  const found = childElements(root).filter((child) => isNamed(child, root, 'trackRevisions'));
  if (found.some(isOn) === isWanted) return [];
  const [first] = found;
  if (isWanted && first) {
    return [{ start: first.start, end: first.end, text: emptyElement(root, 'trackRevisions') }];
  }
  if (isWanted) return [insertBehind(root, BEFORE_TRACKING, emptyElement(root, 'trackRevisions'))];
  return found.map(({ start, end }): Edit => ({ start, end, text: '' }));
}

function isOn(element: SourceElement): boolean {
  return ON.has(attributeOf(element, element.namespace, 'val') ?? '1');
}

/** Which fonts of a theme serve depends on this one, so it follows where the file has it (ECMA-376 17.15.1.88). */
function themeLanguageEdits(root: SourceElement, language: string): Edit[] {
  const found = childElements(root).find((child) => isNamed(child, root, 'themeFontLang'));
  return found ? setAttributes(found, languageAttributes(language)) : [];
}

function defaultLanguageEdits(root: SourceElement, language: string): Edit[] {
  const { deepest, missing } = descend(root, ['docDefaults', 'rPrDefault', 'rPr', 'lang']);
  if (missing.length === 0) return setAttributes(deepest, languageAttributes(language));
  const lang = emptyElement(root, 'lang', languageAttributes(language));
  // Everything else on the path comes first in its parent.
  if (missing.length === 1) return [insertBefore(deepest, AFTER_LANGUAGE, lang)];
  return [
    prepend(
      deepest,
      missing.slice(0, -1).reduceRight((inner, name) => wrap(root, name, inner), lang),
    ),
  ];
}

/** The default paragraph style goes before the defaults, so a language of its own follows too. */
function normalLanguageEdits(root: SourceElement, language: string): Edit[] {
  const normal = childElements(root).find(
    (child) =>
      isNamed(child, root, 'style') &&
      attributeOf(child, root.namespace, 'type') === 'paragraph' &&
      ON.has(attributeOf(child, root.namespace, 'default') ?? ''),
  );
  if (!normal) return [];
  const { deepest, missing } = descend(normal, ['rPr', 'lang']);
  return missing.length === 0 ? setAttributes(deepest, languageAttributes(language)) : [];
}

/** How far the path leads down from the element, and what of it is not there. */
function descend(
  from: SourceElement,
  path: readonly string[],
): { deepest: SourceElement; missing: readonly string[] } {
  let deepest = from;
  for (const [depth, name] of path.entries()) {
    const next = childElements(deepest).find((child) => isNamed(child, from, name));
    if (!next) return { deepest, missing: path.slice(depth) };
    deepest = next;
  }
  return { deepest, missing: [] };
}

function languageAttributes(language: string): Record<string, string> {
  const primary = language.split('-')[0]?.toLowerCase() ?? '';
  return {
    val: language,
    ...(EAST_ASIAN.has(primary) && { eastAsia: language }),
    ...(RIGHT_TO_LEFT.has(primary) && { bidi: language }),
  };
}

const DATE_FORMAT = 'DateFormat';

function dateFormatEdits(root: SourceElement, dateFormat: string): Edit[] {
  // Pictures of dates write days and years small; months stay large, small ones are minutes.
  const picture = dateFormat.replaceAll('D', 'd').replaceAll('Y', 'y');
  const variable = emptyElement(root, 'docVar', { name: DATE_FORMAT, val: picture });
  const variables = childElements(root).find((child) => isNamed(child, root, 'docVars'));
  if (!variables) return [insertBefore(root, AFTER_VARIABLES, wrap(root, 'docVars', variable))];
  const known = childElements(variables).find(
    (each) => attributeOf(each, root.namespace, 'name') === DATE_FORMAT,
  );
  return known ? setAttributes(known, { val: picture }) : [append(variables, variable)];
}
