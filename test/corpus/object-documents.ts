import {
  bind,
  DECLARATION,
  docx,
  docxFiles,
  NS,
  type Part,
  type Relation,
  zipFiles,
} from './package-builder.js';
import { png } from './png.js';
import { line, p, random, run } from './prose.js';

function picture(id: string, key: number): string {
  return (
    `<pic:pic><pic:nvPicPr><pic:cNvPr id="${key}" name="picture.png"/><pic:cNvPicPr/></pic:nvPicPr>` +
    `<pic:blipFill><a:blip r:embed="${id}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>` +
    '<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="914400" cy="609600"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic>'
  );
}

function inline(key: number, uri: string, content: string): string {
  return (
    `<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="914400" cy="609600"/><wp:docPr id="${key}" name="Object ${key}" descr="An object"/>` +
    `<a:graphic><a:graphicData uri="${uri}">${content}</a:graphicData></a:graphic></wp:inline></w:drawing></w:r>`
  );
}

function anchored(key: number, uri: string, content: string): string {
  return (
    '<w:drawing><wp:anchor distT="0" distB="0" distL="114300" distR="114300" simplePos="0" relativeHeight="251658240" behindDoc="0" locked="0" layoutInCell="1" allowOverlap="1">' +
    '<wp:simplePos x="0" y="0"/><wp:positionH relativeFrom="column"><wp:posOffset>100000</wp:posOffset></wp:positionH><wp:positionV relativeFrom="paragraph"><wp:posOffset>200000</wp:posOffset></wp:positionV>' +
    `<wp:extent cx="914400" cy="609600"/><wp:wrapSquare wrapText="bothSides"/><wp:docPr id="${key}" name="Anchored ${key}"/><a:graphic><a:graphicData uri="${uri}">${content}</a:graphicData></a:graphic></wp:anchor></w:drawing>`
  );
}

function media(name: string, id: string, content: Uint8Array): Part {
  return { name: `word/media/${name}`, content, relation: { id, type: `${NS.r}/image` } };
}

export function images(): Uint8Array {
  return docx({
    prefixes: ['wp', 'a', 'pic'],
    body:
      p(run('An image in the line: ') + inline(1, NS.pic, picture('rIdImage1', 1))) +
      p(
        `<w:r>${anchored(2, NS.pic, picture('rIdImage2', 2))}</w:r>${run('Text beside an anchored image.')}`,
      ) +
      line('And after both.'),
    parts: [media('image1.png', 'rIdImage1', png(48, 32)), media('image2.png', 'rIdImage2', png(16, 16))],
  });
}

/** A legitimate document with one picture of about `megabytes`; not in the list, for it is slow to make. */
export function bigPicture(megabytes: number): Uint8Array {
  const side = Math.round(Math.sqrt((megabytes * 1024 * 1024) / 3)) + 1;
  const next = random(7);
  const noise = Uint8Array.from({ length: 65_521 }, () => next() * 256);
  let at = 0;
  const image = png(side, side, () => noise[at++ % noise.length] as number);
  const files = docxFiles({
    prefixes: ['wp', 'a', 'pic'],
    body: line('A large picture') + p(inline(1, NS.pic, picture('rIdImage1', 1))),
    parts: [media('image1.png', 'rIdImage1', image)],
  });
  return zipFiles(files, new Set(['word/media/image1.png']));
}

export function textBoxes(): Uint8Array {
  const content = `<w:txbxContent>${line('Inside the box')}${line('second line')}</w:txbxContent>`;
  const shape = `<wps:wsp><wps:cNvSpPr txBox="1"/><wps:spPr><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></wps:spPr><wps:txbx>${content}</wps:txbx><wps:bodyPr/></wps:wsp>`;
  const fallback = `<w:pict><v:shape id="box1" type="#_x0000_t202" style="width:72pt;height:48pt"><v:textbox>${content}</v:textbox><w10:wrap type="square"/></v:shape></w:pict>`;
  return docx({
    prefixes: ['wp', 'a', 'wps', 'mc', 'v', 'o', 'w10', 'w14'],
    rootAttributes: ' mc:Ignorable="w14"',
    body:
      line('Before the box') +
      p(
        `<w:r><mc:AlternateContent><mc:Choice Requires="wps">${anchored(1, NS.wps, shape)}</mc:Choice><mc:Fallback>${fallback}</mc:Fallback></mc:AlternateContent></w:r>${run('Around it')}`,
      ) +
      p(
        `<w:r><w:pict><v:rect id="old" style="width:10pt;height:10pt" o:allowincell="f"><v:textbox><w:txbxContent>${line('Only VML')}</w:txbxContent></v:textbox></v:rect></w:pict></w:r>`,
      ),
  });
}

export function chart(): Uint8Array {
  const values = [3, 1, 4].map((value, index) => `<c:pt idx="${index}"><c:v>${value}</c:v></c:pt>`).join('');
  const part =
    `${DECLARATION}<c:chartSpace ${bind('c', 'a', 'r')}><c:chart><c:plotArea><c:layout/><c:barChart><c:barDir val="col"/><c:grouping val="clustered"/>` +
    `<c:ser><c:idx val="0"/><c:order val="0"/><c:val><c:numRef><c:f>Sheet1!$A$1:$A$3</c:f><c:numCache><c:ptCount val="3"/>${values}</c:numCache></c:numRef></c:val></c:ser>` +
    '<c:axId val="1"/><c:axId val="2"/></c:barChart><c:catAx><c:axId val="1"/><c:crossAx val="2"/></c:catAx><c:valAx><c:axId val="2"/><c:crossAx val="1"/></c:valAx></c:plotArea></c:chart></c:chartSpace>';
  return docx({
    prefixes: ['wp', 'a', 'c'],
    body: line('A chart:') + p(inline(1, NS.c, '<c:chart r:id="rIdChart"/>')) + line('below it'),
    parts: [
      {
        name: 'word/charts/chart1.xml',
        content: part,
        contentType: 'application/vnd.openxmlformats-officedocument.drawingml.chart+xml',
        relation: { id: 'rIdChart', type: `${NS.r}/chart` },
      },
    ],
  });
}

/** Opaque bytes that nobody reads: an embedded object, an obfuscated font, a custom XML part with its properties. */
export function embedded(): Uint8Array {
  const next = random(11);
  const opaque = (size: number): Uint8Array => Uint8Array.from({ length: size }, () => next() * 256);
  const custom: Relation = { id: 'rIdCustom', type: `${NS.r}/customXml`, target: '../customXml/item1.xml' };
  return docx({
    prefixes: ['v', 'o'],
    body:
      line('Before the object') +
      p(
        '<w:r><w:object w:dxaOrig="1440" w:dyaOrig="1440"><v:shape id="ole1" style="width:72pt;height:72pt" o:ole=""><v:imagedata r:id="rIdIcon" o:title=""/></v:shape><o:OLEObject Type="Embed" ProgID="Package" ShapeID="ole1" DrawAspect="Icon" ObjectID="_1" r:id="rIdOle"/></w:object></w:r>',
      ) +
      '<w:sdt><w:sdtPr><w:dataBinding w:prefixMappings="xmlns:o=\'urn:order\'" w:xpath="/o:order[1]/o:no[1]" w:storeItemID="{11111111-2222-3333-4444-555555555555}"/><w:text/></w:sdtPr><w:sdtContent>' +
      `${line('4711')}</w:sdtContent></w:sdt>`,
    relations: [custom],
    parts: [
      media('icon.png', 'rIdIcon', png(8, 8)),
      {
        name: 'word/embeddings/oleObject1.bin',
        content: opaque(3000),
        relation: { id: 'rIdOle', type: `${NS.r}/oleObject` },
      },
      { name: 'word/fonts/font1.odttf', content: opaque(5000) },
      {
        name: 'customXml/item1.xml',
        content: '<order xmlns="urn:order" xmlns:x="urn:x">\n  <no x:kind="a">4711</no>\n</order>',
      },
      {
        name: 'customXml/_rels/item1.xml.rels',
        content: `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="${NS.r}/customXmlProps" Target="itemProps1.xml"/></Relationships>`,
      },
      {
        name: 'customXml/itemProps1.xml',
        content:
          '<ds:datastoreItem ds:itemID="{11111111-2222-3333-4444-555555555555}" xmlns:ds="http://schemas.openxmlformats.org/officeDocument/2006/customXml"/>',
        contentType: 'application/vnd.openxmlformats-officedocument.customXmlProperties+xml',
      },
    ],
  });
}
