import { strToU8, type ZipOptions, zipSync } from 'fflate';

/** Namespaces as most documents bind them. Builders may bind others. */
export const NS = {
  w: 'http://schemas.openxmlformats.org/wordprocessingml/2006/main',
  r: 'http://schemas.openxmlformats.org/officeDocument/2006/relationships',
  mc: 'http://schemas.openxmlformats.org/markup-compatibility/2006',
  w14: 'http://schemas.microsoft.com/office/word/2010/wordml',
  w15: 'http://schemas.microsoft.com/office/word/2012/wordml',
  wp: 'http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing',
  wps: 'http://schemas.microsoft.com/office/word/2010/wordprocessingShape',
  a: 'http://schemas.openxmlformats.org/drawingml/2006/main',
  pic: 'http://schemas.openxmlformats.org/drawingml/2006/picture',
  c: 'http://schemas.openxmlformats.org/drawingml/2006/chart',
  m: 'http://schemas.openxmlformats.org/officeDocument/2006/math',
  v: 'urn:schemas-microsoft-com:vml',
  o: 'urn:schemas-microsoft-com:office:office',
  w10: 'urn:schemas-microsoft-com:office:word',
} as const;

export type Prefix = keyof typeof NS;

export function bind(...prefixes: Prefix[]): string {
  return prefixes.map((prefix) => `xmlns:${prefix}="${NS[prefix]}"`).join(' ');
}

/** A part besides the main document. `relation` ties it to the main document, `contentType` needs no default of its extension. */
export interface Part {
  readonly name: string;
  readonly content: string | Uint8Array;
  readonly contentType?: string;
  readonly relation?: { readonly id: string; readonly type: string };
}

export interface Relation {
  readonly id: string;
  readonly type: string;
  readonly target: string;
  readonly mode?: 'External';
}

export interface Recipe {
  /** Content of `w:body` without the last section's properties. */
  readonly body: string;
  readonly section?: string;
  readonly prefixes?: readonly Prefix[];
  readonly rootAttributes?: string;
  readonly parts?: readonly Part[];
  readonly relations?: readonly Relation[];
  readonly styles?: string;
  readonly settings?: string;
  /** The whole main part, where even its root is unusual; `body` is then ignored. */
  readonly document?: string | Uint8Array;
  readonly documentName?: string;
}

export const DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
export const WORD_TYPE = 'application/vnd.openxmlformats-officedocument.wordprocessingml';
const LETTER =
  '<w:sectPr><w:pgSz w:w="12240" w:h="15840"/><w:pgMar w:top="1440" w:right="1440" w:bottom="1440" w:left="1440" w:header="720" w:footer="720" w:gutter="0"/></w:sectPr>';

/** The files of a docx in the order in which Word writes them. */
export function docxFiles(recipe: Recipe): [string, Uint8Array][] {
  const prefixes: Prefix[] = ['w', 'r', ...(recipe.prefixes ?? [])];
  const documentName = recipe.documentName ?? 'word/document.xml';
  const document =
    recipe.document ??
    `${DECLARATION}<w:document ${bind(...new Set(prefixes))}${recipe.rootAttributes ?? ''}><w:body>${recipe.body}${recipe.section ?? LETTER}</w:body></w:document>`;
  const parts: Part[] = [
    {
      name: 'word/styles.xml',
      content: recipe.styles ?? STYLES,
      contentType: `${WORD_TYPE}.styles+xml`,
      relation: { id: 'rIdStyles', type: `${NS.r}/styles` },
    },
    {
      name: 'word/settings.xml',
      content: `${DECLARATION}<w:settings ${bind('w')}>${recipe.settings ?? '<w:zoom w:percent="100"/>'}</w:settings>`,
      contentType: `${WORD_TYPE}.settings+xml`,
      relation: { id: 'rIdSettings', type: `${NS.r}/settings` },
    },
    ...(recipe.parts ?? []),
  ];
  const related = parts.filter((part) => part.relation !== undefined);
  const relations: Relation[] = [
    ...related.map((part) => ({
      ...(part.relation as { id: string; type: string }),
      target: `/${part.name}`,
    })),
    ...(recipe.relations ?? []),
  ];
  const overrides = [
    { name: documentName, contentType: `${WORD_TYPE}.document.main+xml` },
    { name: 'docProps/core.xml', contentType: 'application/vnd.openxmlformats-package.core-properties+xml' },
    ...parts,
  ];
  return [
    ['[Content_Types].xml', strToU8(contentTypes(overrides))],
    [
      '_rels/.rels',
      strToU8(
        relationships([
          { id: 'rId1', type: `${NS.r}/officeDocument`, target: documentName },
          {
            id: 'rId2',
            type: `${PACKAGE}/relationships/metadata/core-properties`,
            target: 'docProps/core.xml',
          },
        ]),
      ),
    ],
    [documentName, bytesOf(document)],
    [relationsOf(documentName), strToU8(relationships(relations))],
    ...parts.map((part): [string, Uint8Array] => [part.name, bytesOf(part.content)]),
    ['docProps/core.xml', strToU8(CORE)],
  ];
}

/** A zip of the files, in order; equal files give equal bytes. `stored` names those that are not compressed. */
export function zipFiles(
  files: readonly [string, Uint8Array][],
  stored: ReadonlySet<string> = new Set(),
): Uint8Array {
  const tree: Record<string, [Uint8Array, ZipOptions]> = {};
  for (const [name, content] of files) tree[name] = [content, { level: stored.has(name) ? 0 : 6 }];
  // Read back by its local fields, so the bytes are the same in every time zone.
  return zipSync(tree, { mtime: new Date(2001, 1, 3, 4, 5, 6) });
}

export function docx(recipe: Recipe): Uint8Array {
  return zipFiles(docxFiles(recipe));
}

export function relationships(relations: readonly Relation[]): string {
  const items = relations.map(
    ({ id, type, target, mode }) =>
      `<Relationship Id="${id}" Type="${type}" Target="${target}"${mode ? ` TargetMode="${mode}"` : ''}/>`,
  );
  return `${DECLARATION}<Relationships xmlns="${PACKAGE}/relationships">${items.join('')}</Relationships>`;
}

export function relationsOf(name: string): string {
  const slash = name.lastIndexOf('/');
  return `${name.slice(0, slash)}/_rels/${name.slice(slash + 1)}.rels`;
}

function contentTypes(parts: readonly { readonly name: string; readonly contentType?: string }[]): string {
  const overrides = parts
    .filter((part) => part.contentType !== undefined)
    .map((part) => `<Override PartName="/${part.name}" ContentType="${part.contentType}"/>`);
  return (
    `${DECLARATION}<Types xmlns="${PACKAGE}/content-types">` +
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>' +
    '<Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>' +
    '<Default Extension="bin" ContentType="application/vnd.openxmlformats-officedocument.oleObject"/>' +
    '<Default Extension="odttf" ContentType="application/vnd.openxmlformats-officedocument.obfuscatedFont"/>' +
    `${overrides.join('')}</Types>`
  );
}

function bytesOf(content: string | Uint8Array): Uint8Array {
  return typeof content === 'string' ? strToU8(content) : content;
}

const CORE =
  `${DECLARATION}<cp:coreProperties xmlns:cp="${PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">` +
  '<dc:title>A document of the corpus</dc:title><dc:creator>Officina</dc:creator></cp:coreProperties>';

export const STYLES =
  `${DECLARATION}<w:styles ${bind('w')}><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Calibri" w:hAnsi="Calibri" w:cs="Calibri"/>` +
  '<w:sz w:val="22"/><w:lang w:val="en-GB" w:bidi="ar-SA"/></w:rPr></w:rPrDefault></w:docDefaults>' +
  '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>' +
  '<w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/><w:basedOn w:val="Normal"/><w:pPr><w:outlineLvl w:val="0"/></w:pPr><w:rPr><w:b/><w:sz w:val="32"/></w:rPr></w:style>' +
  '<w:style w:type="table" w:styleId="Grid"><w:name w:val="Table Grid"/><w:tblPr><w:tblBorders><w:top w:val="single" w:sz="4"/><w:insideH w:val="single" w:sz="4"/></w:tblBorders></w:tblPr></w:style>' +
  '</w:styles>';
