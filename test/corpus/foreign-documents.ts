import { strToU8, zipSync } from 'fflate';

/** A text as OpenOffice.org 1 wrote it; nothing that is installed today writes this format. */
export function oldWriterDocument(words: string): Uint8Array {
  const content =
    '<?xml version="1.0" encoding="UTF-8"?>\n' +
    '<!DOCTYPE office:document-content PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "office.dtd">\n' +
    '<office:document-content xmlns:office="http://openoffice.org/2000/office" xmlns:text="http://openoffice.org/2000/text" ' +
    'office:class="text" office:version="1.0"><office:body>' +
    `<text:h text:level="1">Plan</text:h><text:p>${words}</text:p></office:body></office:document-content>`;
  const manifest =
    '<?xml version="1.0" encoding="UTF-8"?>\n' +
    '<!DOCTYPE manifest:manifest PUBLIC "-//OpenOffice.org//DTD Manifest 1.0//EN" "Manifest.dtd">\n' +
    '<manifest:manifest xmlns:manifest="http://openoffice.org/2001/manifest">' +
    '<manifest:file-entry manifest:media-type="application/vnd.sun.xml.writer" manifest:full-path="/"/>' +
    '<manifest:file-entry manifest:media-type="text/xml" manifest:full-path="content.xml"/></manifest:manifest>';
  return zipSync({
    mimetype: [strToU8('application/vnd.sun.xml.writer'), { level: 0 }],
    'content.xml': strToU8(content),
    'META-INF/manifest.xml': strToU8(manifest),
  });
}
