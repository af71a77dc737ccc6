import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import { expect, it } from 'vitest';
import { makeDocument } from '../../../../test/corpus/make.js';
import { Editor } from '../../../../test/simulation/editor.js';
import { importDocx, openPackage, writeDocx } from './index.js';
import { withoutLostTargets } from './lost-targets.js';

const RELATIONSHIPS = 'word/_rels/document.xml.rels';
const names = new Set([
  'word/document.xml',
  'word/styles.xml',
  'word/media/a b.png',
  'word/charts/chart1.xml',
]);
const relationship = (id: string, type: string, target: string, more = '') =>
  `<Relationship Id="${id}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/${type}" Target="${target}"${more}/>`;
const part = (...relationships: string[]) =>
  `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${relationships.join('')}</Relationships>`;

it('leaves out what leads to a part that is not there, and nothing else', () => {
  const kept = [
    relationship('a', 'styles', 'styles.xml'),
    relationship('b', 'styles', '/word/STYLES.xml'),
    relationship('c', 'image', 'media/a%20b.png'),
    relationship('d', 'hyperlink', 'gone.docx'),
    relationship('e', 'hyperlink', '#place'),
    relationship('f', 'image', 'https://host/picture.png', ' TargetMode="External"'),
    relationship('g', 'chart', './charts/../charts/chart1.xml'),
  ];
  const lost = [relationship('x', 'image', 'media/gone.png'), relationship('y', 'package', '../NULL')];

  expect(withoutLostTargets(part(...kept, ...lost), RELATIONSHIPS, names)).toBe(part(...kept));
  expect(withoutLostTargets(part(...lost), 'word/document.xml', names)).toBe(part(...lost));
});

it('lets a document be edited that names a part which is not there, and the save leaves that as it came', () => {
  const files = unzipSync(makeDocument('chart'));
  const name =
    Object.keys(files).find((each) => /^word\/charts\/_rels\/.*\.rels$/.test(each)) ?? RELATIONSHIPS;
  const text = strFromU8(files[name] ?? new Uint8Array());
  const lost = relationship('rIdLost', 'package', '../embeddings/gone.xlsx');
  const withLost = strToU8(text.replace('</Relationships>', `${lost}</Relationships>`));
  const original = zipSync({ ...files, [name]: withLost });
  const imported = importDocx(original);
  if (!imported.ok) throw new Error(imported.detail);
  expect(imported.warnings).toEqual([`${name} names parts that the file does not have`]);

  const { base } = imported.value;
  const editor = new Editor(openPackage(base));
  const [first] = editor.paragraphs();
  const paragraphId = first?.id ?? '';
  expect(editor.commit([{ op: 'insertText', paragraphId, offset: 0, text: 'New ' }], 'u')).not.toBeNull();
  const saved = unzipSync(writeDocx({ original, base, current: editor.package }));

  expect(saved[name]).toEqual(withLost);
  expect(strFromU8(saved['word/document.xml'] ?? new Uint8Array())).toContain('New ');
});
