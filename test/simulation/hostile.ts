import { TREE_DOC_OP_KINDS } from '@docx-editor.dev/core/store';
import type { Operation } from '@officina/engine/writer/replica';
import type { Random } from './random.js';

/** Operations that somebody made up, or bent: built on honest ones, so that they get as far as they can. */

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const OWN_KINDS = [
  'addComment',
  'replyComment',
  'resolveComment',
  'deleteComment',
  'insertImage',
  'pasteFragment',
  'reviveText',
  'replaceBlocks',
];
const NO_KINDS = ['', 'toString', '__proto__', 'constructor', 'hasOwnProperty', 'insertTextt', 'exec'];
export const HOSTILE_KINDS: readonly string[] = [...TREE_DOC_OP_KINDS, ...OWN_KINDS, ...NO_KINDS];

const FIELDS = [
  '$at',
  '$over',
  '$node',
  '$bytes',
  '$section',
  'text',
  'tableId',
  'rowId',
  'cellIds',
  'paragraphId',
  'revision',
  'blocks',
  'nodes',
  'controlId',
  'drawingNodeId',
  'relationshipId',
  'url',
  'siteNodeIds',
  'parts',
  'lost',
  'updates',
  'entries',
  'sectionIndex',
  'op',
  'author',
];

/** An operation of this kind out of nothing but noise. */
export function noise(kind: string, random: Random): Operation {
  const operation: { [key: string]: Json } = { kind };
  for (const place of ['at', 'ranges', 'delta', 'part', 'tracked', 'fallback'])
    if (random.chance(0.3)) operation[place] = anything(random);
  if (random.chance(0.8)) {
    const values: { [key: string]: Json } = {};
    for (let i = random.below(6); i > 0; i--) values[random.pick(FIELDS)] = anything(random);
    operation.values = random.chance(0.1) ? anything(random) : values;
  }
  return operation as never;
}

/** An honest operation, bent in one to three places. */
export function bent(honest: Operation, random: Random): Operation {
  let operation = JSON.parse(JSON.stringify(honest)) as { [key: string]: Json };
  for (let i = random.between(1, 3); i > 0; i--) operation = bend(operation, random) as typeof operation;
  return operation as never;
}

function bend(value: Json, random: Random, depth = 0): Json {
  if (value === null || typeof value !== 'object' || (depth > 0 && random.chance(0.2)))
    return anything(random);
  if (Array.isArray(value)) {
    if (value.length === 0 || random.chance(0.1)) return [...value, anything(random)];
    const index = random.below(value.length);
    if (random.chance(0.15)) return value.filter((_, i) => i !== index);
    if (random.chance(0.1)) return [...value, ...value];
    return value.map((each, i) => (i === index ? bend(each, random, depth + 1) : each));
  }
  const keys = Object.keys(value).filter((key) => depth > 0 || key !== 'kind' || random.chance(0.2));
  if (keys.length === 0 || random.chance(0.08)) return { ...value, [random.pick(FIELDS)]: anything(random) };
  const key = random.pick(keys);
  if (random.chance(0.2)) {
    const { [key]: _, ...rest } = value;
    return rest;
  }
  return { ...value, [key]: bend(value[key] as Json, random, depth + 1) };
}

function anything(random: Random): Json {
  return random.pick(CHOICES)(random);
}

const W = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main';
const DOCUMENT = '/word/document.xml';

const CHOICES: readonly ((random: Random) => Json)[] = [
  () => null,
  () => true,
  () => '',
  () => -1,
  () => 1.5,
  () => Number.MAX_SAFE_INTEGER,
  () => 1e308,
  () => [],
  () => ({}),
  () => 'x'.repeat(200_000),
  () => '\u0000\uFFFE\uD800',
  () => '<w:p/>]]>&amp;<!--',
  () => 'javascript:alert(1)',
  () => ' DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe "/k calc" ',
  () => ' INCLUDEPICTURE "https://example.org/x.png" ',
  () => 'file:///etc/passwd',
  () => JSON.parse('{"__proto__":{"polluted":true}}') as Json,
  () => ({ constructor: { prototype: { polluted: true } } }),
  () => ({ $node: '__proto__' }),
  () => ({ $node: `${DOCUMENT}#0.0` }),
  () => ({ $node: `${DOCUMENT}#0` }),
  (random) => ({ $node: `${DOCUMENT}#0.0.${random.below(12)}` }),
  (random) => ({ $node: `${DOCUMENT}#0.0.${random.below(6)}.${random.below(3)}` }),
  () => ({ $node: '/word/styles.xml#0' }),
  () => ({ $node: '/word/nowhere.xml#0.0' }),
  (random) => [`@${DOCUMENT}#0.0.${random.below(6)}`, random.below(9)],
  (random) => [`^${DOCUMENT}#0.0.${random.below(6)}`, 0],
  () => ['somebody.1.0', 0],
  () => ['evil.99999.0', -3],
  (random) => [[`@${DOCUMENT}#0.0.${random.below(6)}`, 0, random.below(2000)]],
  () => [['p0.1.0', 5, 1]],
  () => ({ $bytes: '!!!!' }),
  () => ({ $bytes: 'UEsDBBQAAAAIAAAAIQ==' }),
  () => ({ $section: 1e9, $mark: 'nowhere' }),
  () => deep(900),
  () => Array.from({ length: 3000 }, (_, i) => i),
  () => run('w:t', 'ok'),
  () => element('script', [value('alert(1)')]),
  () => element('altChunk', []),
  () => ({ ...element('p', []), kind: 'paragraph', children: [run('instrText', ' DDE a b ')] }),
  () => ({ ...element('tbl', []), kind: 'paragraph' }),
  () => ({ ...element('x y="', []), kind: 'generic' }),
  () => nested(80),
  () => nested(500),
  () => ({
    ownerPart: DOCUMENT,
    id: 'rIdEvil',
    type: 'http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate',
    rawTarget: 'https://example.org/evil.dotm',
    targetMode: 'External',
    order: 99,
  }),
  () => ({ set: [{ localName: 'b"/><evil', attributes: { 'x y': '\u0001' } }], remove: ['__proto__'] }),
];

function deep(levels: number): Json {
  let tree: Json = 1;
  for (let i = 0; i < levels; i++) tree = { a: [tree] };
  return tree;
}

function element(localName: string, children: Json[]): { [key: string]: Json } {
  const shell = { prefix: 'w', namespaceUri: W, namespaceBindings: [], attributes: [] };
  return { id: '~1', kind: 'generic', localName, ...shell, children };
}

const value = (text: string): Json => ({ id: '~2', kind: 'textValue', value: text });

const run = (localName: string, text: string): Json => ({
  ...element('r', [element(localName, [value(text)])]),
  kind: 'run',
});

function nested(levels: number): Json {
  let tree = { ...element('p', []), kind: 'paragraph' };
  for (let i = 0; i < levels; i++) tree = element('sdt', [element('sdtContent', [tree])]) as typeof tree;
  return tree;
}
