import { strToU8, unzipSync, zipSync } from 'fflate';
import { makeDocument } from './make.js';

/** What a document tries to reach. */
export interface Lures {
  /** A server that nobody should come to: `http://host:port`. */
  readonly server: string;
  /** A text file that nobody should read. */
  readonly textFile: string;
  /** A picture that nobody should read. */
  readonly pictureFile: string;
  /** Where macros leave a mark when they run, with the name of their document behind it. */
  readonly mark: string;
}

export interface ReachingDocument {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const ODF = 'urn:oasis:names:tc:opendocument:xmlns';
const ODT_TYPE = 'application/vnd.oasis.opendocument.text';
const ODF_NAMES =
  `xmlns:office="${ODF}:office:1.0" xmlns:text="${ODF}:text:1.0" xmlns:draw="${ODF}:drawing:1.0" xmlns:style="${ODF}:style:1.0" ` +
  `xmlns:svg="${ODF}:svg-compatible:1.0" xmlns:script="${ODF}:script:1.0" xmlns:meta="${ODF}:meta:1.0" ` +
  'xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:dom="http://www.w3.org/2001/xml-events" xmlns:ooo="http://openoffice.org/2004/office" office:version="1.2"';
const LIBRARY =
  'xmlns:library="http://openoffice.org/2000/library" xmlns:xlink="http://www.w3.org/1999/xlink"';
const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

/** Documents that name what is not theirs in every way that their formats know. */
export function reachingDocuments(lures: Lures): ReachingDocument[] {
  const { server, textFile } = lures;
  return [
    { name: 'linking.odt', bytes: linkingOdt(lures) },
    { name: 'macro.odt', bytes: macroOdt(lures) },
    { name: 'linking.docx', bytes: linkingDocx(lures) },
    { name: 'linking.sxw', bytes: linkingSxw(lures) },
    {
      name: 'linking.rtf',
      bytes: strToU8(
        `{\\rtf1 a{\\*\\template ${server}/rtf-template.dot}` +
          `{\\field{\\*\\fldinst INCLUDEPICTURE "${server}/rtf-picture.png" \\\\d}{\\fldrslt b}}` +
          `{\\field{\\*\\fldinst INCLUDETEXT "${textFile}"}{\\fldrslt c}}` +
          `{\\field{\\*\\fldinst IMPORT "${lures.pictureFile}"}{\\fldrslt d}}\\par}`,
      ),
    },
    {
      name: 'linking.html',
      bytes: strToU8(
        `<html><head><link rel="stylesheet" href="${server}/page.css"><script src="${server}/page.js"></script></head>` +
          `<body background="${server}/page-ground.png"><p>x<img src="${server}/page.png"><img src="file://${lures.pictureFile}">` +
          `<iframe src="file://${textFile}"></iframe><object data="${server}/page.swf"></object></body></html>`,
      ),
    },
  ];
}

function linkingOdt({ server, textFile, pictureFile }: Lures): Uint8Array {
  const picture = (href: string) =>
    `<draw:frame svg:width="2cm" svg:height="2cm" text:anchor-type="as-char"><draw:image xlink:href="${href}" xlink:type="simple" xlink:show="embed" xlink:actuate="onLoad"/></draw:frame>`;
  const object = (href: string) =>
    `<draw:frame svg:width="2cm" svg:height="2cm" text:anchor-type="as-char"><draw:object xlink:href="${href}" xlink:type="simple" xlink:show="embed" xlink:actuate="onLoad"/></draw:frame>`;
  const section = (name: string, href: string) =>
    `<text:section text:name="${name}"><text:section-source xlink:href="${href}" xlink:type="simple" text:filter-name="Text"/><text:p>kept</text:p></text:section>`;
  const ground =
    `<office:automatic-styles>${[`${server}/odt-ground.png`, `file://${pictureFile}`]
      .map(
        (href, at) =>
          `<style:style style:name="P${at}" style:family="paragraph"><style:paragraph-properties>` +
          `<style:background-image xlink:href="${href}" xlink:type="simple" xlink:actuate="onLoad"/></style:paragraph-properties></style:style>`,
      )
      .join(
        '',
      )}<text:list-style style:name="L1"><text:list-level-style-image text:level="1" xlink:href="file://${pictureFile}" ` +
    'xlink:type="simple" xlink:actuate="onLoad"/></text:list-style></office:automatic-styles>';
  return odt({
    'content.xml':
      `<office:document-content ${ODF_NAMES}><office:font-face-decls><style:font-face style:name="Lure" svg:font-family="Lure"><svg:font-face-src>` +
      `<svg:font-face-uri xlink:href="${server}/odt-font.ttf" xlink:type="simple"/></svg:font-face-src></style:font-face></office:font-face-decls>${ground}` +
      `<office:body><office:text><text:p text:style-name="P1">ground</text:p><text:list text:style-name="L1"><text:list-item><text:p>item</text:p></text:list-item></text:list><text:p text:style-name="P0">before ${picture(`${server}/odt-picture.png`)} ${picture(`file://${pictureFile}`)} ` +
      `${object(`${server}/odt-object.odt`)} ${object(`file://${textFile}`)}</text:p>` +
      `${section('s1', `file://${textFile}`)}${section('s2', `${server}/odt-section.txt`)}</office:text></office:body></office:document-content>`,
    'meta.xml':
      `<office:document-meta ${ODF_NAMES}><office:meta><meta:template xlink:href="${server}/odt-template.ott" xlink:type="simple"/>` +
      `<meta:auto-reload xlink:href="${server}/odt-reload.odt" xlink:type="simple" meta:delay="PT0S"/></office:meta></office:document-meta>`,
  });
}

/** A macro that is bound to the opening of its document: it writes a file and asks for an address. */
function macroOdt({ server, mark }: Lures): Uint8Array {
  const basic =
    `Sub Reach\n  On Error Resume Next\n  Dim n As Integer\n  n = FreeFile\n  Open "${mark}.macro.odt" For Output As #n\n  Print #n, "ran"\n  Close #n\n` +
    `  Dim reader As Object\n  reader = createUnoService("com.sun.star.ucb.SimpleFileAccess")\n  reader.openFileRead("${server}/macro")\nEnd Sub\n`;
  return odt({
    'content.xml':
      `<office:document-content ${ODF_NAMES}><office:scripts><office:script script:language="ooo:Basic"><ooo:libraries>` +
      `<ooo:library-embedded ooo:name="Standard"/></ooo:libraries></office:script><office:event-listeners>` +
      ['dom:load', 'office:load-finished', 'office:focus', 'office:view-created']
        .map(
          (event) =>
            `<script:event-listener script:language="ooo:script" script:event-name="${event}" xlink:type="simple" ` +
            'xlink:href="vnd.sun.star.script:Standard.Module1.Reach?language=Basic&amp;location=document"/>',
        )
        .join('') +
      '</office:event-listeners></office:scripts><office:body><office:text><text:p>a text with a macro</text:p></office:text></office:body></office:document-content>',
    'Basic/script-lc.xml': `<library:libraries ${LIBRARY}><library:library library:name="Standard" library:link="false"/></library:libraries>`,
    'Basic/Standard/script-lb.xml': `<library:library ${LIBRARY} library:name="Standard" library:readonly="false" library:passwordprotected="false"><library:element library:name="Module1"/></library:library>`,
    'Basic/Standard/Module1.xml':
      '<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1" script:language="StarBasic">' +
      `${basic.replaceAll('&', '&amp;').replaceAll('"', '&quot;')}</script:module>`,
  });
}

function linkingDocx({ server, textFile, pictureFile }: Lures): Uint8Array {
  const parts = unzipSync(makeDocument('plain'));
  const targets: readonly (readonly [id: string, type: string, target: string])[] = [
    ['rLure1', 'image', `${server}/docx-picture.png`],
    ['rLure2', 'image', `file://${pictureFile}`],
    ['rLure3', 'aFChunk', `file://${textFile}`],
    ['rLure4', 'subDocument', `file://${textFile}`],
    ['rLure5', 'oleObject', `${server}/docx-object.docx`],
    ['rLure6', 'frame', `${server}/docx-frame.html`],
  ];
  const relations = (rows: typeof targets) =>
    `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${rows
      .map(
        ([id, type, target]) =>
          `<Relationship Id="${id}" Type="${RELATIONS}/${type}" Target="${target}" TargetMode="External"/>`,
      )
      .join('')}</Relationships>`;
  const field = (code: string) =>
    `<w:p><w:r><w:fldChar w:fldCharType="begin" w:dirty="true"/></w:r><w:r><w:instrText xml:space="preserve">${code}</w:instrText></w:r>` +
    '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>old</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>';
  const picture = (id: string) =>
    '<w:p><w:r><w:drawing><wp:inline><wp:extent cx="720000" cy="720000"/><wp:docPr id="1" name="p"/><a:graphic>' +
    '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:nvPicPr><pic:cNvPr id="1" name="p"/><pic:cNvPicPr/></pic:nvPicPr>' +
    `<pic:blipFill><a:blip r:link="${id}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="720000" cy="720000"/></a:xfrm>` +
    '<a:prstGeom prst="rect"/></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>';
  const document =
    '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" ' +
    `xmlns:r="${RELATIONS}" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" ` +
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"><w:body><w:p><w:r><w:t>before</w:t></w:r></w:p>' +
    `${picture('rLure1')}${picture('rLure2')}<w:altChunk r:id="rLure3"/><w:p/>` +
    field(`INCLUDETEXT "${textFile}"`) +
    field(`INCLUDEPICTURE "${server}/docx-field.png" \\d`) +
    field(`LINK Word.Document.12 "${textFile}" "" \\a \\t`) +
    field(`DDEAUTO soffice "${textFile}" a`) +
    '<w:p/></w:body></w:document>';
  return zipSync({
    ...parts,
    'word/document.xml': strToU8(document),
    'word/_rels/document.xml.rels': strToU8(relations(targets)),
    'word/settings.xml': strToU8(
      '<w:settings xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" ' +
        `xmlns:r="${RELATIONS}"><w:attachedTemplate r:id="rLure7"/><w:linkStyles/><w:updateFields/></w:settings>`,
    ),
    'word/_rels/settings.xml.rels': strToU8(
      relations([['rLure7', 'attachedTemplate', `${server}/docx-template.dotm`]]),
    ),
  });
}

/** The same in the format of OpenOffice.org 1. */
function linkingSxw({ server, textFile, pictureFile }: Lures): Uint8Array {
  const picture = (href: string) =>
    `<draw:image svg:width="2cm" svg:height="2cm" text:anchor-type="as-char" xlink:href="${href}" xlink:type="simple" xlink:show="embed" xlink:actuate="onLoad"/>`;
  const content =
    '<office:document-content xmlns:office="http://openoffice.org/2000/office" xmlns:text="http://openoffice.org/2000/text" ' +
    'xmlns:draw="http://openoffice.org/2000/drawing" xmlns:svg="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" ' +
    'office:class="text" office:version="1.0"><office:body>' +
    `<text:p>before ${picture(`${server}/sxw-picture.png`)}${picture(`file://${pictureFile}`)}</text:p>` +
    `<text:section text:name="s"><text:section-source xlink:href="file://${textFile}" xlink:type="simple" text:filter-name="Text"/><text:p>kept</text:p></text:section>` +
    '</office:body></office:document-content>';
  return packed('application/vnd.sun.xml.writer', 'http://openoffice.org/2001/manifest', {
    'content.xml': content,
  });
}

function odt(parts: Record<string, string>): Uint8Array {
  return packed(ODT_TYPE, `${ODF}:manifest:1.0`, parts);
}

function packed(type: string, namespace: string, parts: Record<string, string>): Uint8Array {
  const rows = Object.keys(parts).map(
    (name) => `<manifest:file-entry manifest:full-path="${name}" manifest:media-type="text/xml"/>`,
  );
  return zipSync({
    mimetype: [strToU8(type), { level: 0 }],
    ...Object.fromEntries(Object.entries(parts).map(([name, xml]) => [name, strToU8(xml)])),
    'META-INF/manifest.xml': strToU8(
      `<manifest:manifest xmlns:manifest="${namespace}" manifest:version="1.2"><manifest:file-entry manifest:full-path="/" manifest:media-type="${type}"/>${rows.join('')}</manifest:manifest>`,
    ),
  });
}
