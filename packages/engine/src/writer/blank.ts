import { encodeUtf8, escapeText, legalXmlText, writeZip, type ZipPiece } from '../kit/index.js';
import { blankStyles, type ParagraphDefaults } from './blank-styles.js';
import { WML } from './names.js';
import { PAPER_SIZES, type PaperSize, readLength } from './page-setup.js';

export interface BlankDefaults {
  readonly orientation?: 'portrait' | 'landscape';
  readonly paperSize?: PaperSize;
  /** Width and height in twentieths of a point, for paper that has no name; it wins. */
  readonly pageTwips?: readonly [number, number];
  readonly fontName?: string;
  /** In points, halves allowed. */
  readonly fontSize?: number;
  /** Lengths as `readLength` takes them; a side left out is one inch. */
  readonly margin?: Partial<Record<'top' | 'right' | 'bottom' | 'left', string>>;
  readonly paragraphs?: ParagraphDefaults;
  readonly trackChanges?: boolean;
  /** BCP 47, for spelling and the direction of writing. */
  readonly language?: string;
  readonly title?: string;
}

/**
 * An empty document. Equal defaults give equal bytes. Throws a `RangeError` on a length, size or language that is none: the caller
 * has checked them with `readLength` and `findPaperSize`.
 */
export function createBlankDocx(defaults: BlankDefaults = {}): Uint8Array {
  return composeDocx('<w:p/>', defaults);
}

/** What blocks may refer to besides the styles. */
export interface DocxExtras {
  /** `Relationship` elements of the main document; ids other than `rId1` and `rId2`. */
  readonly relationships: string;
  /** `Default` and `Override` elements. */
  readonly contentTypes: string;
  readonly parts: readonly { readonly name: string; readonly content: Uint8Array }[];
}

const NO_EXTRAS: DocxExtras = { relationships: '', contentTypes: '', parts: [] };

/** A document of these ready-made blocks (`w:p`, `w:tbl`), with the page and the styles of `defaults`. */
export function composeDocx(
  blocks: string,
  defaults: BlankDefaults,
  extras: DocxExtras = NO_EXTRAS,
): Uint8Array {
  const language = defaults.language ?? 'en-US';
  if (!/^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/.test(language))
    throw new RangeError(`${language} is not a language tag`);
  const part = (name: string, xml: string): ZipPiece => ({
    kind: 'added',
    name,
    content: encodeUtf8(DECLARATION + xml),
  });
  return writeZip([
    part(
      '[Content_Types].xml',
      CONTENT_TYPES.replace('</Types>', () => `${extras.contentTypes}</Types>`),
    ),
    part('_rels/.rels', PACKAGE_RELATIONSHIPS),
    part(
      'word/document.xml',
      `<w:document ${NAMESPACES}><w:body>${blocks}${sectionProperties(defaults)}</w:body></w:document>`,
    ),
    part(
      'word/_rels/document.xml.rels',
      DOCUMENT_RELATIONSHIPS.replace('</Relationships>', () => `${extras.relationships}</Relationships>`),
    ),
    part(
      'word/styles.xml',
      blankStyles(
        defaults.fontName ?? 'Arial',
        halfPoints(defaults.fontSize ?? 12),
        language,
        defaults.paragraphs,
      ),
    ),
    part('word/settings.xml', settings(defaults.trackChanges ?? false)),
    part('docProps/core.xml', coreProperties(defaults.title ?? '', language)),
    part('docProps/app.xml', APP_PROPERTIES),
    ...extras.parts.map(({ name, content }): ZipPiece => ({ kind: 'added', name, content })),
  ]);
}

const DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const R = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
/** `w14` is bound from the start, so that paragraphs of later saves can carry their identities. */
const NAMESPACES =
  `xmlns:w="${WML}" xmlns:r="${R}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" ` +
  'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" mc:Ignorable="w14"';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const WORD_TYPE = 'application/vnd.openxmlformats-officedocument.wordprocessingml';

const CONTENT_TYPES =
  `<Types xmlns="${PACKAGE}/content-types">` +
  '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>' +
  '<Default Extension="xml" ContentType="application/xml"/>' +
  `<Override PartName="/word/document.xml" ContentType="${WORD_TYPE}.document.main+xml"/>` +
  `<Override PartName="/word/styles.xml" ContentType="${WORD_TYPE}.styles+xml"/>` +
  `<Override PartName="/word/settings.xml" ContentType="${WORD_TYPE}.settings+xml"/>` +
  '<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>' +
  '<Override PartName="/docProps/app.xml" ContentType="application/vnd.openxmlformats-officedocument.extended-properties+xml"/>' +
  '</Types>';

const PACKAGE_RELATIONSHIPS =
  `<Relationships xmlns="${PACKAGE}/relationships">` +
  `<Relationship Id="rId1" Type="${R}/officeDocument" Target="word/document.xml"/>` +
  `<Relationship Id="rId2" Type="${PACKAGE}/relationships/metadata/core-properties" Target="docProps/core.xml"/>` +
  `<Relationship Id="rId3" Type="${R}/extended-properties" Target="docProps/app.xml"/>` +
  '</Relationships>';

const DOCUMENT_RELATIONSHIPS =
  `<Relationships xmlns="${PACKAGE}/relationships">` +
  `<Relationship Id="rId1" Type="${R}/styles" Target="styles.xml"/>` +
  `<Relationship Id="rId2" Type="${R}/settings" Target="settings.xml"/>` +
  '</Relationships>';

const APP_PROPERTIES =
  '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">' +
  '<Application>Officina</Application></Properties>';

function sectionProperties({
  paperSize = 'Letter',
  pageTwips = PAPER_SIZES[paperSize],
  orientation = 'portrait',
  margin = {},
}: BlankDefaults): string {
  const [width, height] = pageTwips;
  const isTurned = orientation === 'landscape';
  const size = isTurned
    ? `w:w="${Math.max(width, height)}" w:h="${Math.min(width, height)}" w:orient="landscape"`
    : `w:w="${width}" w:h="${height}"`;
  const side = (name: 'top' | 'right' | 'bottom' | 'left'): string =>
    `w:${name}="${marginTwips(margin[name] ?? '1in')}"`;
  const sides = `${side('top')} ${side('right')} ${side('bottom')} ${side('left')}`;
  return (
    `<w:sectPr><w:pgSz ${size}/><w:pgMar ${sides} w:header="720" w:footer="720" w:gutter="0"/>` +
    '<w:cols w:space="720"/></w:sectPr>'
  );
}

function marginTwips(text: string): number {
  const twips = readLength(text);
  if (twips === null) throw new RangeError(`${text} is not a length`);
  return twips;
}

function halfPoints(points: number): number {
  const size = Math.round(points * 2);
  // ECMA-376 17.3.2.38 leaves the range open; Word takes 1 to 1638 points.
  if (!(size >= 2 && size <= 3276)) throw new RangeError(`${points} is not a font size`);
  return size;
}

function settings(tracksChanges: boolean): string {
  const compat = 'http://schemas.microsoft.com/office/word';
  return (
    `<w:settings xmlns:w="${WML}"><w:zoom w:percent="100"/>${tracksChanges ? '<w:trackRevisions/>' : ''}` +
    '<w:defaultTabStop w:val="720"/><w:characterSpacingControl w:val="doNotCompress"/>' +
    `<w:compat><w:compatSetting w:name="compatibilityMode" w:uri="${compat}" w:val="15"/></w:compat></w:settings>`
  );
}

function coreProperties(title: string, language: string): string {
  const name = title === '' ? '' : `<dc:title>${escapeText(legalXmlText(title))}</dc:title>`;
  return (
    `<cp:coreProperties xmlns:cp="${PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">` +
    `${name}<dc:language>${language}</dc:language></cp:coreProperties>`
  );
}
