import { strToU8, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { oldWriterDocument } from '../../../../test/corpus/foreign-documents.js';
import { declaredZip, deflatedBlanks } from '../../../../test/corpus/hostile-zip.js';
import { vetOpenDocument } from './vet-open-document.js';
import { vetRtf } from './vet-rtf.js';

function odt(content: string): Uint8Array {
  return zipSync({
    mimetype: strToU8('application/vnd.oasis.opendocument.text'),
    'content.xml': strToU8(content),
  });
}

describe('what other programs are given to read', () => {
  it('[FO29] honest packages pass, with the definition that OpenOffice.org 1 named', () => {
    expect(vetOpenDocument(oldWriterDocument('Bread'))).toBeNull();
    expect(vetOpenDocument(odt('<a><b>x</b></a>'))).toBeNull();
  });

  it('[FO29] a broken package is left to the judgement of LibreOffice', () => {
    expect(vetOpenDocument(odt('<a><b>x</a>'))).toBeNull();
    expect(vetOpenDocument(Buffer.from('PK broken'))).toBeNull();
  });

  it('[FO29] depth, elements, size and entities are refused', () => {
    expect(vetOpenDocument(odt(`${'<a>'.repeat(300)}${'</a>'.repeat(300)}`))?.reason).toBe('too-large');
    expect(vetOpenDocument(odt('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'))?.reason).toBe(
      'forbidden-content',
    );
    const deflated = deflatedBlanks('<a>', 70, '</a>');
    const entries = [{ name: 'content.xml', deflated, declaredBytes: 70 * 1024 * 1024 }];
    expect(vetOpenDocument(declaredZip(entries))?.reason).toBe('too-large');
  });

  it('[FO29] groups of RTF are counted, and braces that are text or picture are not', () => {
    expect(vetRtf(strToU8(`{\\rtf1 ${'{'.repeat(1_000)}x`))).toBeNull();
    expect(vetRtf(strToU8(`{\\rtf1 ${'{'.repeat(5_000)}x`))?.reason).toBe('too-large');
    expect(vetRtf(strToU8(`{\\rtf1 ${'\\{'.repeat(5_000)}x}`))).toBeNull();
    expect(vetRtf(strToU8(`{\\rtf1 \\bin5000 ${'{'.repeat(5_000)}}`))).toBeNull();
    expect(vetRtf(strToU8(`{\\rtf1 ${'{}'.repeat(5_000)}}`))).toBeNull();
  });
});
