import { describe, expect, it } from 'vitest';
import { DEFAULT_XML_LIMITS as LIMITS } from './limits.js';
import { decodeXml } from './text-codec.js';
import { parseXmlTree } from './xml-source.js';
import { childElements, escapeAttribute, escapeText, legalXmlText } from './xml-tree.js';
import { vetXml, XmlError } from './xml-vet.js';

describe('vetXml', () => {
  it('counts the elements of what is within the limits', () => {
    expect(vetXml('<a><b/><c d="1">text</c></a>', LIMITS)).toBe(3);
  });

  it('names the first thing that is against the limits', () => {
    const reasonOf = (text: string, limits = LIMITS): string => {
      try {
        vetXml(text, limits);
        return 'accepted';
      } catch (cause) {
        if (cause instanceof XmlError) return cause.reason;
        throw cause;
      }
    };
    expect(reasonOf('<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>')).toBe('doctype');
    expect(reasonOf('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')).toBe('doctype');
    expect(reasonOf('<a>&undeclared;</a>')).toBe('malformed');
    expect(reasonOf('<a><b></a>')).toBe('malformed');
    expect(reasonOf('')).toBe('malformed');
    expect(reasonOf('<a>'.repeat(300) + '</a>'.repeat(300))).toBe('too-deep');
    expect(reasonOf(`<a>${'<b/>'.repeat(50)}</a>`, { ...LIMITS, maxElements: 50 })).toBe('too-many-elements');
    const attributes = Array.from({ length: 600 }, (_, index) => `a${index}=""`).join(' ');
    expect(reasonOf(`<a ${attributes}/>`)).toBe('too-many-attributes');
  });
});

describe('parseXmlTree', () => {
  const text =
    '<?xml version="1.0"?><!-- x --><a xmlns="urn:a" xmlns:b="urn:b" c=\'1>2\'><b:d b:e="&lt;&#65;"/>t<![CDATA[<&]]>&amp;<!-- > --><f></f>\n</a><!-- </a> -->';

  it('resolves names, decodes values and joins text over CDATA and comments', () => {
    const root = parseXmlTree(text);
    expect([root.namespace, root.local, root.attributes[0]?.value]).toEqual(['urn:a', 'a', '1>2']);
    const [first, second] = childElements(root);
    expect([first?.namespace, first?.attributes[0]?.namespace, first?.attributes[0]?.value]).toEqual([
      'urn:b',
      'urn:b',
      '<A',
    ]);
    expect(second?.namespace).toBe('urn:a');
    expect(root.children.filter((child) => child.kind === 'text').map((child) => child.value)).toEqual([
      't<&&',
      '\n',
    ]);
  });

  it('knows where every element stands', () => {
    const root = parseXmlTree(text);
    expect(text.slice(root.end)).toBe('<!-- </a> -->');
    expect(childElements(root).map((child) => text.slice(child.start, child.end))).toEqual([
      '<b:d b:e="&lt;&#65;"/>',
      '<f></f>',
    ]);
  });

  it('throws on text that ends too early and on prefixes nobody bound', () => {
    expect(() => parseXmlTree('<a><b></b>').children).toThrow();
    expect(() => parseXmlTree('<x:a/>').namespace).toThrow();
  });

  it('reads back what was escaped', () => {
    const value = 'a<b>&"c"\r\n\td';
    const root = parseXmlTree(`<x y="${escapeAttribute(value)}">${escapeText(value)}</x>`);
    expect([root.attributes[0]?.value, root.children]).toEqual([value, [{ kind: 'text', value }]]);
    expect(legalXmlText('a\u0001b\ud800c\ufffe😀')).toBe('abc😀');
  });
});

describe('decodeXml', () => {
  it('believes the mark, then the declaration, then takes UTF-8', () => {
    const latin = Uint8Array.from('<?xml version="1.0" encoding="ISO-8859-1"?><a>é</a>', (each) =>
      each.charCodeAt(0),
    );
    expect(decodeXml(latin)?.text).toContain('é');
    expect(decodeXml(new Uint8Array([0xff, 0xfe, 0x3c, 0, 0x61, 0]))).toEqual({
      text: '<a',
      encoding: 'utf-16le',
      hasByteOrderMark: true,
    });
    expect(decodeXml(new Uint8Array([0x3c, 0xff]))).toBeNull();
    expect(
      decodeXml(
        Uint8Array.from('<?xml version="1.0" encoding="no-such"?><a/>', (each) => each.charCodeAt(0)),
      ),
    ).toBeNull();
  });
});
