import { escapeAttribute, legalXmlText } from '../kit/index.js';
import { WML } from './names.js';

/** Room below paragraphs in twentieths of a point, and the height of lines in 240ths. */
export interface ParagraphDefaults {
  readonly after: number;
  readonly line: number;
}

/** What Word gives a new document. */
const WORD_PARAGRAPHS: ParagraphDefaults = { after: 160, line: 259 };

/** The styles of a new document: defaults of text and paragraph, and those that the editor's menus offer. */
export function blankStyles(
  fontName: string,
  halfPoints: number,
  language: string,
  { after, line }: ParagraphDefaults = WORD_PARAGRAPHS,
): string {
  const font = escapeAttribute(legalXmlText(fontName));
  const primary = language.split('-')[0]?.toLowerCase() ?? '';
  const bidi = RIGHT_TO_LEFT.has(primary) ? language : 'ar-SA';
  const eastAsia = EAST_ASIAN.has(primary) ? language : 'en-US';
  return (
    `<w:styles xmlns:w="${WML}"><w:docDefaults><w:rPrDefault><w:rPr>` +
    `<w:rFonts w:ascii="${font}" w:hAnsi="${font}" w:eastAsia="${font}" w:cs="${font}"/>` +
    `<w:sz w:val="${halfPoints}"/><w:szCs w:val="${halfPoints}"/>` +
    `<w:lang w:val="${language}" w:eastAsia="${eastAsia}" w:bidi="${bidi}"/>` +
    `</w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:spacing w:after="${after}" w:line="${line}" w:lineRule="auto"/></w:pPr></w:pPrDefault>` +
    `</w:docDefaults>${normal(RIGHT_TO_LEFT.has(primary))}${HEADINGS.map(heading).join('')}${OTHERS}</w:styles>`
  );
}

export const RIGHT_TO_LEFT: ReadonlySet<string> = new Set([
  'ar',
  'he',
  'fa',
  'ur',
  'yi',
  'ps',
  'sd',
  'ug',
  'dv',
  'ckb',
]);
export const EAST_ASIAN: ReadonlySet<string> = new Set(['zh', 'ja', 'ko']);

function normal(isRightToLeft: boolean): string {
  const properties = isRightToLeft ? '<w:pPr><w:bidi/></w:pPr>' : '';
  return `<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/>${properties}</w:style>`;
}

/** Size in half points and space before, by level. */
const HEADINGS = [
  [36, 360],
  [30, 280],
  [26, 240],
  [24, 200],
  [24, 160],
  [22, 160],
] as const;

function heading([size, before]: readonly [number, number], index: number): string {
  const level = index + 1;
  const look = index < 4 ? '<w:b/><w:bCs/>' : '<w:i/><w:iCs/>';
  return (
    `<w:style w:type="paragraph" w:styleId="Heading${level}"><w:name w:val="heading ${level}"/><w:basedOn w:val="Normal"/>` +
    '<w:next w:val="Normal"/><w:uiPriority w:val="9"/><w:qFormat/>' +
    `<w:pPr><w:keepNext/><w:keepLines/><w:spacing w:before="${before}" w:after="80"/><w:outlineLvl w:val="${index}"/></w:pPr>` +
    `<w:rPr>${look}<w:sz w:val="${size}"/><w:szCs w:val="${size}"/></w:rPr></w:style>`
  );
}

function paragraphStyle(id: string, name: string, properties: string, runProperties = ''): string {
  return (
    `<w:style w:type="paragraph" w:styleId="${id}"><w:name w:val="${name}"/><w:basedOn w:val="Normal"/><w:qFormat/>` +
    `<w:pPr>${properties}</w:pPr>${runProperties === '' ? '' : `<w:rPr>${runProperties}</w:rPr>`}</w:style>`
  );
}

function edge(name: string): string {
  return `<w:${name} w:val="single" w:sz="4" w:space="0" w:color="auto"/>`;
}

const CELL_MARGIN =
  '<w:tblCellMar><w:top w:w="0" w:type="dxa"/><w:left w:w="108" w:type="dxa"/>' +
  '<w:bottom w:w="0" w:type="dxa"/><w:right w:w="108" w:type="dxa"/></w:tblCellMar>';

const OTHERS = [
  '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont"><w:name w:val="Default Paragraph Font"/></w:style>',
  `<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/>${CELL_MARGIN}</w:tblPr></w:style>`,
  '<w:style w:type="numbering" w:default="1" w:styleId="NoList"><w:name w:val="No List"/></w:style>',
  paragraphStyle(
    'Title',
    'Title',
    '<w:spacing w:after="80" w:line="240" w:lineRule="auto"/><w:contextualSpacing/>',
    '<w:sz w:val="56"/><w:szCs w:val="56"/>',
  ),
  paragraphStyle(
    'Subtitle',
    'Subtitle',
    '<w:spacing w:after="160"/>',
    '<w:color w:val="595959"/><w:sz w:val="28"/><w:szCs w:val="28"/>',
  ),
  paragraphStyle(
    'Quote',
    'Quote',
    '<w:spacing w:before="160"/><w:ind w:left="864" w:right="864"/>',
    '<w:i/><w:iCs/><w:color w:val="404040"/>',
  ),
  paragraphStyle('ListParagraph', 'List Paragraph', '<w:ind w:left="720"/><w:contextualSpacing/>'),
  paragraphStyle(
    'Header',
    'header',
    '<w:tabs><w:tab w:val="center" w:pos="4680"/><w:tab w:val="right" w:pos="9360"/></w:tabs><w:spacing w:after="0" w:line="240" w:lineRule="auto"/>',
  ),
  paragraphStyle(
    'Footer',
    'footer',
    '<w:tabs><w:tab w:val="center" w:pos="4680"/><w:tab w:val="right" w:pos="9360"/></w:tabs><w:spacing w:after="0" w:line="240" w:lineRule="auto"/>',
  ),
  paragraphStyle(
    'FootnoteText',
    'footnote text',
    '<w:spacing w:after="0" w:line="240" w:lineRule="auto"/>',
    '<w:sz w:val="20"/><w:szCs w:val="20"/>',
  ),
  paragraphStyle(
    'EndnoteText',
    'endnote text',
    '<w:spacing w:after="0" w:line="240" w:lineRule="auto"/>',
    '<w:sz w:val="20"/><w:szCs w:val="20"/>',
  ),
  '<w:style w:type="character" w:styleId="FootnoteReference"><w:name w:val="footnote reference"/><w:basedOn w:val="DefaultParagraphFont"/><w:rPr><w:vertAlign w:val="superscript"/></w:rPr></w:style>',
  '<w:style w:type="character" w:styleId="EndnoteReference"><w:name w:val="endnote reference"/><w:basedOn w:val="DefaultParagraphFont"/><w:rPr><w:vertAlign w:val="superscript"/></w:rPr></w:style>',
  '<w:style w:type="character" w:styleId="Hyperlink"><w:name w:val="Hyperlink"/><w:basedOn w:val="DefaultParagraphFont"/><w:rPr><w:color w:val="0563C1"/><w:u w:val="single"/></w:rPr></w:style>',
  `<w:style w:type="table" w:styleId="TableGrid"><w:name w:val="Table Grid"/><w:basedOn w:val="TableNormal"/><w:pPr><w:spacing w:after="0" w:line="240" w:lineRule="auto"/></w:pPr><w:tblPr><w:tblBorders>${['top', 'left', 'bottom', 'right', 'insideH', 'insideV'].map(edge).join('')}</w:tblBorders></w:tblPr></w:style>`,
].join('');
