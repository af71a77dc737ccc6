import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TEST_API_KEY } from '../../../domain/testing/domain-fixture.js';
import { openTestServer, type TestServer } from '../../test-server.js';
import { WIRE_MESSAGES } from '../wire-errors.js';
import { EDITING_PARAMETERS, READING_PARAMETERS } from './wishes.js';

const RUNS = 300;
/** Fixed, so that a run can be had again; fast-check prints it with the smallest failing request. */
const SEED = 20_261_122;
const DOCUMENTS = '/writer/officeapi/v1/documents';
const BOUNDARY = 'b0undary';

const KEYS = [
  ...[
    'document_name',
    'document_id',
    'user_id',
    'display_name',
    'save_format',
    'save_url',
    'retries',
    'timeout',
  ],
  ...['http_method_type', 'save_url_params', 'save_url_headers', 'orientation', 'paper_size', 'font_size'],
  ...['font_name', 'margin', 'track_changes', 'language', 'unit', 'view', 'document.edit', 'document.print'],
  ...['save_button', 'dark_mode', '__proto__', 'constructor', 'toString', ''],
];

const leaf = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(
    'true',
    'docx',
    'post',
    'en',
    'A4',
    '1in',
    'show',
    'https://a.example/',
    'http://internal/',
    '\0',
  ),
  fc.constantFrom(
    '\ud800',
    'x'.repeat(5000),
    '../../etc/passwd',
    '<script>',
    "'; drop table sessions; --",
    '%00',
  ),
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
);

const json = fc
  .oneof(
    fc.dictionary(fc.constantFrom(...KEYS), leaf, { maxKeys: 5 }),
    fc.dictionary(fc.constantFrom(...KEYS), fc.oneof(leaf, fc.array(leaf), fc.dictionary(fc.string(), leaf))),
    fc.array(leaf, { maxLength: 3 }),
    leaf,
  )
  .map((value) => JSON.stringify(value));

const text = fc.oneof(
  { weight: 5, arbitrary: json },
  { weight: 1, arbitrary: json.map((value) => value.replaceAll('"', "'")) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 200 }) },
  { weight: 1, arbitrary: fc.constantFrom('', '{', '[', '['.repeat(20_000), 'null', '{"a":1,}', '{a:1}') },
);

const name = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...EDITING_PARAMETERS.texts, ...READING_PARAMETERS.texts) },
  { weight: 2, arbitrary: fc.constant('document') },
  {
    weight: 1,
    arbitrary: fc.constantFrom('__proto__', 'constructor', 'foo', '', 'x'.repeat(3000), 'ünïcode', '"'),
  },
);

/** Objects as an honest client would send them. */
const HONEST: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  document_info: { document_name: 'New', document_id: '7' },
  user_info: { user_id: '1', display_name: 'Amelia' },
  callback_settings: {
    save_format: 'docx',
    save_url: 'https://app.example/save',
    http_method_type: 'post',
    retries: 1,
    timeout: 1000,
    save_url_params: { id: '$session_id' },
    save_url_headers: { 'x-a': 'b' },
  },
  document_defaults: {
    orientation: 'landscape',
    paper_size: 'A4',
    font_name: 'Lato',
    font_size: '12',
    margin: { left: '1in' },
    track_changes: 'enabled',
    language: 'en-US',
    date_format: 'MM/DD/YY',
  },
  editor_settings: { unit: 'mm', language: 'de', view: 'webview' },
  permissions: { 'document.edit': 'true', 'document.print': false },
  ui_options: { save_button: 'show', dark_mode: 'hide' },
};

/** An honest object in which at most one key has been tampered with. */
const tampered = fc
  .tuple(
    fc.constantFrom(...Object.keys(HONEST)),
    fc.option(fc.tuple(fc.nat(20), fc.oneof(leaf, fc.object()))),
  )
  .map(([parameter, change]) => {
    const honest = HONEST[parameter] ?? {};
    const keys = [...Object.keys(honest), 'unknown'];
    const key = change && keys[change[0] % keys.length];
    const value = key ? { ...honest, [key]: change[1] } : honest;
    return { name: parameter, content: JSON.stringify(value), file: '', type: '' };
  });

const file = fc.constantFrom('words', 'broken', '', 'protected:x').map((content) => ({
  name: 'document',
  content,
  file: '; filename="a.docx"',
  type: 'application/octet-stream',
}));

const wild = fc.record({
  name,
  content: text,
  file: fc.constantFrom(
    '',
    '; filename="a.docx"',
    '; filename=""',
    "; filename*=UTF-8''a",
    '; filename="../a\\"',
  ),
  type: fc.constantFrom(
    '',
    'application/octet-stream',
    'application/json',
    'text/plain',
    ';;',
    'multipart/mixed',
  ),
});

const part = fc.oneof(
  { weight: 8, arbitrary: tampered },
  { weight: 2, arbitrary: file },
  { weight: 2, arbitrary: wild },
);

interface Part {
  name: string;
  content: string;
  file: string;
  type: string;
}

function encodePart({ name, content, file, type }: Part): string {
  const disposition = `Content-Disposition: form-data; name="${name}"${file}`;
  const headers = type === '' ? disposition : `${disposition}\r\nContent-Type: ${type}`;
  return `--${BOUNDARY}\r\n${headers}\r\n\r\n${content}\r\n`;
}

const multipartBody = fc
  .record({
    type: rarely('multipart/form-data; boundary=b0undary', [
      'multipart/form-data; boundary="b0undary"',
      'multipart/form-data; boundary=other',
      'multipart/form-data',
    ]),
    parts: fc.oneof(
      { weight: 4, arbitrary: fc.uniqueArray(part, { maxLength: 5, selector: (one) => one.name }) },
      { weight: 1, arbitrary: fc.array(part, { maxLength: 6 }) },
    ),
    end: rarely(`--${BOUNDARY}--\r\n`, ['', `--${BOUNDARY}`, '\r\n']),
  })
  .map(({ type, parts, end }) => ({ type, payload: parts.map(encodePart).join('') + end }));

/** Mostly the usual value. */
function rarely<T>(usual: T, others: readonly T[]) {
  return fc.oneof(
    { weight: 9, arbitrary: fc.constant(usual) },
    { weight: 1, arbitrary: fc.constantFrom(...others) },
  );
}

const urlencodedBody = fc.record({
  type: fc.constant('application/x-www-form-urlencoded'),
  payload: fc.array(fc.tuple(name, text), { maxLength: 6 }).map((pairs) =>
    // A lone surrogate cannot be escaped by the sender, so its bytes go out as they are.
    pairs.map(([key, value]) => `${wellFormed(key)}=${encodeURIComponent(wellFormed(value))}`).join('&'),
  ),
});

const otherBody = fc.record({
  type: fc.constantFrom(
    'application/json',
    'text/plain',
    'application/xml',
    'image/png',
    'x',
    'multipart/mixed',
  ),
  payload: fc.string({ maxLength: 100 }),
});

const body = fc.oneof(
  { weight: 6, arbitrary: multipartBody },
  { weight: 3, arbitrary: urlencodedBody },
  { weight: 1, arbitrary: otherBody },
);

/** Half characters become the replacement character, as a sender would encode them. */
const wellFormed = (value: string) => Buffer.from(value).toString();

let server: TestServer;

beforeAll(async () => {
  server = await openTestServer();
});

afterAll(() => server.app.close());

/** Rows, bytes, counts and memory that the server holds for callers. */
function holdings() {
  const { tables, blobStore } = server.domain;
  return {
    documents: tables.documents.size,
    sessions: tables.sessions.size,
    blobs: [...blobStore.files.keys()].sort(),
    calls: [...tables.usage.values()].reduce((sum, count) => sum + count, 0),
    uploads: server.uploads.usedBytes,
  };
}

describe('hostile parameters', () => {
  it('[SE29 SE38] are answered in JSON, never by a fault, and leave nothing behind when refused', async () => {
    await fc.assert(
      fc.asyncProperty(
        rarely(DOCUMENTS, [`${DOCUMENTS}/preview`]),
        rarely(`?apikey=${TEST_API_KEY}&`, ['', '?apikey=wrong', '?apikey=&apikey=1']),
        body,
        async (path, query, { type, payload }) => {
          const before = holdings();

          const answer = await server.app.inject({
            method: 'POST',
            url: `${path}${query}`,
            headers: { 'content-type': type },
            payload: Buffer.from(payload),
          });

          expect([200, 400]).toContain(answer.statusCode);
          expect(answer.headers['content-type']).toMatch(/^application\/json/);
          const value = answer.json();
          expect(server.uploads.usedBytes).toBe(0);
          if (answer.statusCode === 200) {
            expect(value.session_id).toMatch(/^[0-9a-f]{64}$/);
            return;
          }
          const documented = WIRE_MESSAGES[value.code as keyof typeof WIRE_MESSAGES];
          expect(documented, String(value.code)).toBeDefined();
          expect(value.message.startsWith(documented)).toBe(true);
          expect(holdings()).toEqual(before);
        },
      ),
      { numRuns: RUNS, seed: SEED },
    );
  });

  it('are refused when there are 10,000 of them', async () => {
    const parts = Array.from({ length: 10_000 }, (_none, at) =>
      encodePart({ name: at % 2 ? 'user_info' : `p${at}`, content: '{}', file: '', type: '' }),
    );
    const answer = await server.app.inject({
      method: 'POST',
      url: `${DOCUMENTS}?apikey=${TEST_API_KEY}`,
      headers: { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` },
      payload: `${parts.join('')}--${BOUNDARY}--\r\n`,
    });

    expect(answer.statusCode).toBe(400);
    expect([1831, 1839]).toContain(answer.json().code);
  });

  it('are ids too, in every path', async () => {
    const id = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.constantFrom('..', '%', '\0', 'a/b', '💥'),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('documents', 'document', 'sessions', 'session'),
        id,
        fc.constantFrom('', '/sessions', '/save', '/'),
        fc.constantFrom('GET', 'DELETE', 'POST', 'HEAD'),
        fc.boolean(),
        async (kind, value, tail, method, escapes) => {
          const segment = escapes ? encodeURIComponent(wellFormed(value)) : encodeURI(wellFormed(value));
          const answer = await server.app.inject({
            method: method as 'GET',
            url: `/writer/officeapi/v1/${kind}/${segment}${tail}?apikey=${TEST_API_KEY}`,
          });
          expect(answer.statusCode).toBeLessThan(500);
        },
      ),
      { numRuns: RUNS, seed: SEED },
    );
  });
});
