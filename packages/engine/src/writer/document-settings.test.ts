import { describe, expect, it } from 'vitest';
import { rawEntries, xmlOf } from '../../../../test/corpus/judge.js';
import { makeCorpus } from '../../../../test/corpus/make.js';
import { bind, docx, docxFiles, zipFiles } from '../../../../test/corpus/package-builder.js';
import { applyDocumentSettings, type DocumentSettings } from './document-settings.js';
import { createBlankDocx, importDocx, openPackage, writeDocx } from './index.js';

const BODY = '<w:p><w:r><w:t>Text</w:t></w:r></w:p>';
const ALL = { trackChanges: true, language: 'de-DE', dateFormat: 'DD.MM.YYYY' };

describe('applyDocumentSettings', () => {
  it('leaves a file alone that says all of it already, and one of which nothing is asked', () => {
    const blank = createBlankDocx({ language: 'de-DE', trackChanges: true });
    expect(apply(blank, {})).toBe(blank);
    expect(apply(blank, { trackChanges: true, language: 'de-DE' })).toBe(blank);
    const once = apply(blank, ALL);
    expect(apply(once, ALL)).toBe(once);
  });

  it('[UN1] changes the parts that hold settings and copies every other entry byte for byte', {
    timeout: 120_000,
  }, () => {
    // The largest documents differ from the others in nothing that matters here.
    for (const { name, bytes } of makeCorpus().filter((each) => each.bytes.length < 200_000)) {
      if (!importDocx(bytes).ok) continue;
      const changed = apply(bytes, ALL);
      const kept = new Map(rawEntries(changed).map((entry) => [entry.name, entry.compressed]));
      for (const entry of rawEntries(bytes)) {
        if (/(settings|styles|Content_Types.*|document.*\.rels)(\.xml)?$/.test(entry.name)) continue;
        const now = kept.get(entry.name) ?? Buffer.of();
        expect(Buffer.compare(now, entry.compressed), `${name} ${entry.name}`).toBe(0);
      }
      const again = importDocx(changed);
      if (!again.ok) throw new Error(`${name}: ${again.detail}`);
      expect(again.value.facts.tracksChanges, name).toBe(true);
      const { base } = again.value;
      expect(writeDocx({ original: changed, base, current: openPackage(base) }), name).toBe(changed);
    }
  });

  it('turns the tracking of changes on where the schema has it, and off again', () => {
    const file = docx({ body: BODY, settings: '<w:zoom w:percent="90"/><w:defaultTabStop w:val="720"/>' });
    const on = apply(file, { trackChanges: true });
    expect(partOf(on, 'settings')).toContain('<w:zoom w:percent="90"/><w:trackRevisions/><w:defaultTabStop');
    const off = apply(on, { trackChanges: false });
    expect(partOf(off, 'settings')).toBe(partOf(file, 'settings'));
    const denied = docx({ body: BODY, settings: '<w:trackRevisions w:val="false"/>' });
    expect(apply(denied, { trackChanges: false })).toBe(denied);
    expect(partOf(apply(denied, { trackChanges: true }), 'settings')).toContain(
      '<w:trackRevisions/></w:settings>',
    );
  });

  it('sets the language of the defaults, of the default paragraph style and of the theme', () => {
    const file = docx({
      body: BODY,
      settings: '<w:themeFontLang w:val="en-US" w:eastAsia="ja-JP"/>',
      styles:
        `<w:styles ${bind('w')}>` +
        '<w:docDefaults><w:rPrDefault><w:rPr><w:sz w:val="20"/><w:lang w:val="en-US" w:bidi="ar-SA"/></w:rPr></w:rPrDefault></w:docDefaults>' +
        '<w:style w:type="paragraph" w:default="1" w:styleId="N"><w:name w:val="Normal"/><w:rPr><w:lang w:val="en-GB"/></w:rPr></w:style>' +
        '<w:style w:type="paragraph" w:styleId="Q"><w:name w:val="Quote"/><w:rPr><w:lang w:val="la"/></w:rPr></w:style></w:styles>',
    });
    const styles = partOf(apply(file, { language: 'fr-FR' }), 'styles');
    expect(styles).toContain('<w:sz w:val="20"/><w:lang w:val="fr-FR" w:bidi="ar-SA"/>');
    expect(styles).toContain('<w:name w:val="Normal"/><w:rPr><w:lang w:val="fr-FR"/>');
    expect(styles).toContain('<w:lang w:val="la"/>');
    const japanese = apply(file, { language: 'ja-JP' });
    expect(partOf(japanese, 'styles')).toContain('<w:lang w:val="ja-JP" w:eastAsia="ja-JP" w:bidi="ar-SA"/>');
    expect(partOf(japanese, 'settings')).toContain('<w:themeFontLang w:val="ja-JP" w:eastAsia="ja-JP"/>');
    expect(() => apply(file, { language: 'no language' })).toThrow(RangeError);
  });

  it('makes the parts that a file does not have', () => {
    const bare = rewritten(({ name, text }) =>
      /settings|styles/.test(name)
        ? null
        : text.replace(/<(?:Override|Relationship) [^>]*(?:settings|styles)[^>]*>/g, ''),
    );
    expect(partOf(bare, 'settings') + partOf(bare, 'styles')).toBe('');
    const changed = apply(bare, { ...ALL, language: 'ar-EG' });
    expect(partOf(changed, 'settings')).toContain('<w:trackRevisions/>');
    expect(partOf(changed, 'styles')).toContain(
      '<w:docDefaults><w:rPrDefault><w:rPr><w:lang w:val="ar-EG" w:bidi="ar-EG"/></w:rPr></w:rPrDefault></w:docDefaults>',
    );
    expect(importDocx(changed)).toMatchObject({ ok: true, value: { facts: { tracksChanges: true } } });
  });

  it('keeps the date format as a document variable, in the spelling of date pictures', () => {
    const blank = createBlankDocx();
    const changed = apply(blank, { dateFormat: 'MM/DD/YY' });
    expect(partOf(changed, 'settings')).toContain(
      '</w:compat><w:docVars><w:docVar w:name="DateFormat" w:val="MM/dd/yy"/></w:docVars></w:settings>',
    );
    expect(partOf(apply(changed, { dateFormat: '"<D>"' }), 'settings')).toContain(
      'w:val="&quot;&lt;d&gt;&quot;"',
    );
  });

  it('finds its way in files that bind other prefixes or none', () => {
    for (const prefix of ['x', '']) {
      const file = rewritten(({ name, text }) =>
        /word\/(settings|styles)/.test(name) ? withPrefix(text, prefix) : text,
      );
      const changed = apply(file, ALL);
      const again = importDocx(changed);
      expect(again).toMatchObject({ ok: true, value: { facts: { tracksChanges: true } } });
      expect(partOf(changed, 'styles')).toContain('="de-DE"');
      expect(apply(changed, ALL)).toBe(changed);
    }
  });
});

function apply(bytes: Uint8Array, settings: DocumentSettings): Uint8Array {
  const imported = importDocx(bytes);
  if (!imported.ok) throw new Error(imported.detail);
  return applyDocumentSettings(bytes, imported.value.base, settings);
}

/** A small file of which every part was put through `change`; null leaves the part out. */
function rewritten(change: (part: { name: string; text: string }) => string | null): Uint8Array {
  const files = docxFiles({ body: BODY }).flatMap(([name, bytes]): [string, Uint8Array][] => {
    const text = change({ name, text: Buffer.from(bytes).toString('utf8') });
    return text === null ? [] : [[name, new Uint8Array(Buffer.from(text))]];
  });
  return zipFiles(files);
}

/** The part with another prefix for everything; "" leaves elements without one, and attributes with `y`. */
function withPrefix(text: string, prefix: string): string {
  const elements = text.replace(/(<\/?)w:/g, prefix === '' ? '$1' : `$1${prefix}:`);
  const attributes = elements.replace(/ w:/g, prefix === '' ? ' y:' : ` ${prefix}:`);
  return attributes.replace('xmlns:w=', prefix === '' ? `xmlns="${WML}" xmlns:y=` : `xmlns:${prefix}=`);
}

const WML = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main';

function partOf(bytes: Uint8Array, kind: 'settings' | 'styles'): string {
  const entry = rawEntries(bytes).find(({ name }) => name === `word/${kind}.xml`);
  return entry ? xmlOf(entry) : '';
}
