import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import { expect, it } from 'vitest';
import { severReferences } from './sever-references.js';

const NAMES = 'xmlns:x="http://www.w3.org/1999/xlink" xmlns:t="text"';

function odt(body: string): Uint8Array {
  return zipSync({
    mimetype: strToU8('application/vnd.oasis.opendocument.text'),
    'content.xml': strToU8(`<?xml version="1.0" encoding="UTF-8"?><b ${NAMES}>${body}</b>`),
    'Pictures/a.png': strToU8('png'),
  });
}

function contentOf(severed: Uint8Array | null): string | null {
  return severed && strFromU8(unzipSync(severed)['content.xml'] ?? new Uint8Array());
}

it('[FO27] a package loses what it names outside, and keeps its own parts and the links of its readers', () => {
  const own = '<t:i x:href="Pictures/a.png"/><t:i x:href="#Pictures/a.png"/><t:o x:href="./Object 1"/>';
  const links = '<t:a x:href="http://host/">to the host</t:a>';
  const outward = [
    'http://host/p.png',
    'file:///etc/passwd',
    '/etc/passwd',
    '../a.png',
    'x/../../a.png',
    '\\\\host\\a',
  ];
  for (const address of outward) {
    const severed = contentOf(severReferences(odt(`${own}<t:i z="1" x:href='${address}'>in</t:i>${links}`)));
    expect(severed, address).toBe(`<b ${NAMES}>${own}<t:i z="1" x:href="">in</t:i>${links}</b>`);
  }
  expect(severReferences(odt(own + links))).toBeNull();
});

it('[FO27] an address in disguise is found', () => {
  const disguised = '<t:i x:href="&#104;ttp://host/p.png"/><t:i x:href=" HTTP://host/p.png"/>';
  expect(contentOf(severReferences(odt(disguised)))).toBe(`<b ${NAMES}><t:i x:href=""/><t:i x:href=""/></b>`);
});

it('[FO27] what is no package of ours to read is left alone', () => {
  expect(severReferences(strToU8('PK nothing'))).toBeNull();
  expect(severReferences(odt('<t:i x:href="http://host/">'))).toBeNull();
});
