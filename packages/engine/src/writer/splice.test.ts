import { describe, expect, it } from 'vitest';
import { random } from '../../../../test/corpus/prose.js';
import { parseXmlTree } from '../kit/index.js';
import { W14, WML } from './names.js';
import { spliceXml } from './splice.js';
import { sameXml } from './splice-compare.js';

const MC = 'http://schemas.openxmlformats.org/markup-compatibility/2006';

function splice(original: string, base: string, current: string, referred: string[] = []): string {
  return spliceXml({
    original,
    base: parseXmlTree(base),
    current: parseXmlTree(current),
    referredIdentities: new Set(referred),
  });
}

describe('spliceXml', () => {
  it('[UN9] gives the original when base and current say the same in other spellings', () => {
    const original = "<?xml version='1.0'?>\n<!-- kept --><a  x='1'><b/></a>\n";
    expect(splice(original, '<a x="1"><b/></a>', '<a x="1"><b></b></a>')).toBe(original);
  });

  it('[UN2] touches only the changed child and keeps gaps, comments and quotes around it', () => {
    const original = "<a>\n  <b  k='1'/><!-- one -->\n  <b k='2'/>\n  <c>t</c>\n</a>";
    const base = '<a><b k="1"/><b k="2"/><c>t</c></a>';
    expect(splice(original, base, '<a><b k="1"/><b k="3"/><c>t</c></a>')).toBe(
      '<a>\n  <b  k=\'1\'/><!-- one -->\n  <b k="3"/>\n  <c>t</c>\n</a>',
    );
    expect(splice(original, base, '<a><b k="1"/><c>t &amp; u</c></a>')).toBe(
      "<a>\n  <b  k='1'/><!-- one -->\n  \n  <c>t &amp; u</c>\n</a>",
    );
    expect(splice(original, base, '<a><b k="1"/><n/><b k="2"/><c>t</c></a>')).toBe(
      "<a>\n  <b  k='1'/><n/><!-- one -->\n  <b k='2'/>\n  <c>t</c>\n</a>",
    );
  });

  it('merges attributes: what the edit left alone stays as the original has it', () => {
    const original = '<a><b only="original" same="1" set="old" gone="x"/></a>';
    const base = '<a><b same="1" set="old" gone="x" injected="i"/></a>';
    expect(splice(original, base, '<a><b same="1" set="new" injected="i" added="y"/></a>')).toBe(
      '<a><b only="original" same="1" set="new" added="y"/></a>',
    );
  });

  it('[UN10] declares on a new piece what its place does not offer, and makes it ignorable there', () => {
    const original = `<w:a xmlns:w="${WML}"><w:b/></w:a>`;
    const root = `<q:a xmlns:q="${WML}" xmlns:mc="${MC}" xmlns:x="urn:x" mc:Ignorable="x">`;
    const base = `${root}<q:b/></q:a>`;
    const current = `${root}<q:b/><q:n x:y="1"><mc:AlternateContent><mc:Choice Requires="x"/></mc:AlternateContent></q:n></q:a>`;
    expect(splice(original, base, current)).toBe(
      `<w:a xmlns:w="${WML}"><w:b/><w:n xmlns:x="urn:x" xmlns:mc="${MC}" mc:Ignorable="x" x:y="1">` +
        '<mc:AlternateContent><mc:Choice Requires="x"/></mc:AlternateContent></w:n></w:a>',
    );
  });

  it('writes a piece without prefix or namespace so that it means the same', () => {
    const original = '<a xmlns="urn:a"><b/></a>';
    const base = '<p:a xmlns:p="urn:a"><p:b/></p:a>';
    const spliced = splice(original, base, '<p:a xmlns:p="urn:a"><p:b/><none><p:c/></none></p:a>');
    expect(
      sameXml(
        parseXmlTree(spliced),
        parseXmlTree('<a xmlns="urn:a"><b/><none xmlns=""><c xmlns="urn:a"/></none></a>'),
      ),
    ).toBe(true);
  });

  it('[UN5] [UN6] keeps invented identities out unless another part refers to them', () => {
    const original = `<w:a xmlns:w="${WML}" xmlns:w14="${W14}"><w:p/><w:p><w:x/></w:p></w:a>`;
    const open = `<w:a xmlns:w="${WML}" xmlns:w14="${W14}">`;
    const base = `${open}<w:p w14:paraId="11111111"/><w:p w14:paraId="22222222"><w:x/></w:p></w:a>`;
    const current = `${open}<w:p w14:paraId="11111111"/><w:p w14:paraId="22222222"><w:y/></w:p><w:p w14:paraId="33333333"/></w:a>`;
    expect(splice(original, base, current)).toBe(
      `${open}<w:p/><w:p><w:y/></w:p><w:p w14:paraId="33333333"/></w:a>`,
    );
    const without = base.replace(' w14:paraId="22222222"', '');
    expect(splice(original, without, base, ['22222222'])).toBe(
      `${open}<w:p/><w:p w14:paraId="22222222"><w:x/></w:p></w:a>`,
    );
  });

  it('writes an element anew where the original and the base do not line up', () => {
    expect(splice('<a><lost/><b/></a>', '<a><b/></a>', '<a><b/><c/></a>')).toBe('<a><b/><c/></a>');
  });

  it('gives the tree of current for any edits to a tree (seeds 1 to 200)', () => {
    for (let seed = 1; seed <= 200; seed += 1) {
      const next = random(seed);
      const before = grow(next, 3);
      const after = mutate(before, next);
      const spliced = splice(`<!-- x -->\n${before}`, before, after);
      expect(sameXml(parseXmlTree(spliced), parseXmlTree(after)), `seed ${seed}: ${before} → ${after}`).toBe(
        true,
      );
    }
  });
});

function grow(next: () => number, depth: number): string {
  const name = 'abc'.charAt(Math.floor(next() * 3));
  const attribute = next() < 0.3 ? ` k="${Math.floor(next() * 3)}"` : '';
  if (depth === 0)
    return next() < 0.5
      ? `<${name}${attribute}/>`
      : `<${name}${attribute}>t${Math.floor(next() * 5)}</${name}>`;
  const children = Array.from({ length: 1 + Math.floor(next() * 4) }, () => grow(next, depth - 1));
  return `<${name}${attribute}>${children.join('')}</${name}>`;
}

/** Some leaves removed, doubled, exchanged or given other text. */
function mutate(xml: string, next: () => number): string {
  return xml.replace(/<(\w)([^>]*)\/>|<(\w)([^>]*)>t\d<\/\3>/g, (leaf) => {
    const dice = next();
    if (dice < 0.1) return '';
    if (dice < 0.2) return leaf + leaf;
    if (dice < 0.3) return grow(next, 1);
    if (dice < 0.4) return leaf.replace(/t\d/, 'other').replace(/ k="\d"/, ' k="9"');
    return leaf;
  });
}
