import { strToU8, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { makeDocument } from '../../../../test/corpus/make.js';
import { png } from '../../../../test/corpus/png.js';
import { sniffMedia } from './media-type.js';

describe('sniffMedia', () => {
  it('tells kinds by content', () => {
    const office = (folder: string): Uint8Array =>
      zipSync({ '[Content_Types].xml': strToU8('<Types/>'), [`${folder}/x.xml`]: strToU8('<x/>') });
    const kinds = [
      makeDocument('plain'),
      office('xl'),
      office('ppt'),
      zipSync({ 'a.txt': strToU8('a') }),
      zipSync({
        mimetype: [strToU8('application/vnd.oasis.opendocument.text'), { level: 0 }],
        'content.xml': strToU8('<x/>'),
      }),
      zipSync({ mimetype: strToU8('application/vnd.sun.xml.writer') }),
      strToU8('%PDF-1.7'),
      strToU8('{\\rtf1\\ansi}'),
      strToU8('<!-- saved --><html><body>x</body></html>'),
      strToU8('<?xml version="1.0"?>\n<!DOCTYPE html>\n<html/>'),
      strToU8('Just text, ümläuts too\n'),
      png(2, 2),
      new Uint8Array(),
      new Uint8Array([0, 1, 2, 3]),
      strToU8('PK\u0003\u0004 and then nothing'),
    ].map(sniffMedia);
    expect(kinds.join(' ')).toBe('docx xlsx pptx zip odt sxw pdf rtf html html txt png empty unknown zip');
  });

  it('takes a page for one that holds a few controls, and nothing that holds zeros', () => {
    expect(sniffMedia(strToU8('<!DOCTYPE html><p>Red\u0001Blue'))).toBe('html');
    expect(sniffMedia(strToU8('<!DOCTYPE html><p>Red\u0000Blue'))).toBe('unknown');
    expect(sniffMedia(strToU8('Red\u0001Blue'))).toBe('unknown');
  });

  it('looks into compound files for the streams that tell doc from an encrypted package', () => {
    expect(sniffMedia(compoundFile('WordDocument'))).toBe('doc');
    expect(sniffMedia(compoundFile('EncryptedPackage'))).toBe('encrypted-docx');
    expect(sniffMedia(compoundFile('Workbook'))).toBe('ole');
    expect(sniffMedia(compoundFile('WordDocument').subarray(0, 100))).toBe('ole');
  });
});

/** A header and one directory sector with one named stream. */
function compoundFile(name: string): Uint8Array {
  const bytes = new Uint8Array(1024);
  const view = new DataView(bytes.buffer);
  bytes.set([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);
  view.setUint16(30, 9, true);
  view.setUint32(48, 0, true);
  view.setUint32(76, 0xffffffff, true);
  for (let index = 0; index < name.length; index += 1) {
    view.setUint16(512 + index * 2, name.charCodeAt(index), true);
  }
  view.setUint16(512 + 64, (name.length + 1) * 2, true);
  return bytes;
}
