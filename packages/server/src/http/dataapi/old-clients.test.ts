import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KEY, type Lab, openLab, PASSWORD, type Person } from './testing/lab.js';
import { elements, firstElement, parseXml, textOf, type XmlNode } from './testing/xml-tree.js';

// What the clients of the time do with answers, written anew from what is known of them.

let lab: Lab;
let ann: Person;
let sharedId: string;

beforeAll(async () => {
  lab = await openLab();
  ann = await lab.person('ann');
  const bo = await lab.person('bo');
  await ann.upload('Letter', 'dear all');
  sharedId = await bo.upload('Report & Co', 'figures');
  await bo.post(`xml/shareDocument/${sharedId}`, { shareto: 'ann', allowtowrite: 'true' });
});
afterAll(() => lab.close());

/** Every node below, as `//name` finds them. */
function findAll(node: XmlNode, name: string): XmlNode[] {
  const below = node.children.flatMap((child) => (typeof child === 'string' ? [] : findAll(child, name)));
  return node.name === name ? [node, ...below] : below;
}

/** As `/response/error` and `int.Parse` of its code would find it. */
function errorOf(xml: string): { code: number; message: string } | undefined {
  const response = parseXml(xml);
  const [error] = response.children;
  if (typeof error !== 'object' || error.name !== 'error') return undefined;
  return { code: Number.parseInt(textOf(error, 'code'), 10), message: textOf(error, 'message') };
}

describe('an OpenOffice add-on', () => {
  const ticketOf = (text: string) => {
    for (const line of text.split('\n')) {
      if (line.startsWith('TICKET')) return line.split('=')[1];
    }
    return undefined;
  };

  it('[LI70] logs in by GET, walks first children to the list, downloads odt and uploads with the key in the query', async () => {
    const convert = async () => new TextEncoder().encode('odt bytes');
    const other = await openLab({ convert });
    const me = await other.person('me');
    const id = await me.upload('Mine');
    const login = await other.send({
      url: `/login?servicename=ZohoWriter&FROM_AGENT=true&LOGIN_ID=me&PASSWORD=${encodeURIComponent(PASSWORD)}`,
    });
    const query = { apikey: KEY, ticket: ticketOf(login.text) ?? '' };
    const list = await other.send({ url: '/api/private/xml/documents', query });
    const documents = firstElement(firstElement(parseXml(list.text)));
    expect(documents.name).toBe('documents');
    const found = elements(documents).map((entry) =>
      Object.fromEntries(elements(entry).map((field) => [field.name, textOf(field)])),
    );
    expect(Object.keys(found[0] ?? {}).toSorted()).toEqual(
      [
        'authorName',
        'category',
        'created_date',
        'documentId',
        'documentName',
        'document_blogged',
        'document_locked',
        'document_name_url',
        'lastModifiedBy',
        'lastModifiedTime',
        'lastModifiedTimeDisplayString',
        'shared_users',
        'version',
        'writePermission',
      ].toSorted(),
    );
    const file = await other.send({ url: `/api/private/odt/download/${id}`, query });
    expect([file.status, file.text]).toEqual([200, 'odt bytes']);
    const upload = await other.send({
      method: 'POST',
      url: '/api/private/xml/uploadDocument',
      query,
      headers: { 'user-agent': 'ooo2gd' },
      multipart: { content: { fileName: 'new.odt', content: 'x', type: 'application/download' } },
    });
    expect(upload.text.includes('documentId')).toBe(true);
    await other.close();
  });
});

describe('a LibreOffice plug-in', () => {
  /** It posts every call, with an empty query. */
  const post = (path: string, form: Record<string, string> = {}) =>
    lab.send({ method: 'POST', url: `/api/private/${path}?`, form: { ...ann.query, ...form } });

  it('[LI71] posts for the list of what others shared, and casts every child of it to an element', async () => {
    const { text } = await post('xml/incomingdocuments');
    const list = firstElement(firstElement(parseXml(text)));
    for (const entry of elements(list)) {
      expect(textOf(entry, 'documentName')).toBe('Report & Co');
      expect(textOf(entry, 'documentId')).toBe(sharedId);
      expect(textOf(entry, 'authorName')).toBe('bo');
      expect(textOf(entry, 'version')).toMatch(/^\d+\.\d$/);
      expect(BigInt(textOf(entry, 'lastModifiedTime'))).toBeGreaterThan(0n);
      expect(Number.isSafeInteger(Number(textOf(entry, 'created_date')))).toBe(true);
    }
    expect(elements(list)).toHaveLength(1);
  });

  it('[LI71] downloads by POST, and updates by an upload with everything in multipart fields', async () => {
    const file = await post(`docx/download/${sharedId}`);
    expect(file.text).toBe('figures');
    const before = lab.uploads.usedBytes;
    const { text } = await lab.send({
      method: 'POST',
      url: '/api/private/xml/uploadDocument',
      multipart: {
        content: { fileName: 'Report.docx', content: 'new figures' },
        ...ann.query,
        documentId: sharedId,
      },
    });
    const fields = firstElement(parseXml(text));
    expect(textOf(fields, 'documentId')).toBe(sharedId);
    expect(textOf(fields, 'documentVersion')).toBe('1.1');
    expect(textOf(fields, 'documentName')).toBe('Report & Co');
    expect(lab.uploads.usedBytes).toBe(before);
  });
});

describe('an importer of another office, three generations', () => {
  it('[LI72] finds documents by //document and errors by /response/error, each with a whole number and a message', async () => {
    const good = await ann.get('xml/documents');
    expect(errorOf(good.text)).toBeUndefined();
    const found = findAll(parseXml(good.text), 'document');
    expect(found.map((entry) => textOf(entry, 'documentName'))).toEqual(['Letter']);
    expect(findAll(found[0] as XmlNode, 'documentId')).toHaveLength(1);
    for (const [path, query, code] of [
      ['xml/documents', { ticket: 'gone' }, 1401],
      ['xml/info/5', {}, 1404],
      ['xml/documents', { 'start-from': '99' }, 1416],
    ] as [string, Record<string, string>, number][]) {
      const answer = await ann.get(path, query);
      expect(answer.status).toBe(200);
      const error = errorOf(answer.text);
      expect(error?.code).toBe(code);
      expect(error?.message).not.toBe('');
    }
  });

  it('[LI72] uses an auth token, sends no User-Agent, and reads Content-Length', async () => {
    const login = await lab.send({
      method: 'POST',
      url: '/apiauthtoken/nb/create',
      query: { SCOPE: 'ZohoWriter/DataAPI', EMAIL_ID: 'ann@example.org', PASSWORD },
    });
    const authtoken = /^AUTHTOKEN=(.+)$/m.exec(login.text)?.[1] ?? '';
    const query = { apikey: KEY, authtoken, scope: 'DataAPI' };
    const list = await lab.send({ url: '/api/private/xml/documents', query, headers: { 'user-agent': '' } });
    const [entry] = findAll(parseXml(list.text), 'document');
    const id = entry ? textOf(entry, 'documentId') : '';
    const file = await lab.send({ url: `/api/private/docx/download/${id}`, query });
    expect(Number(file.headers['content-length'])).toBe('dear all'.length);
  });
});

describe('a Python wrapper', () => {
  it('[LI73] reads TICKET= by splitting, and CAUSE= when a login failed', async () => {
    const login = (password: string) =>
      lab.send({
        url: '/login',
        query: { LOGIN_ID: 'ann', PASSWORD: password, servicename: 'ZohoWriter', FROM_AGENT: 'true' },
      });
    expect((await login(PASSWORD)).text.split('TICKET=')[1]?.split('\n')[0]).toMatch(/^[0-9a-f]{32}$/);
    const failed = await login('wrong');
    expect(failed.text).toContain('RESULT=FALSE');
    expect(failed.text.split('CAUSE=')[1]?.split('\n')[0]).toBe('INVALID_PASSWORD');
  });

  it('[LI73] reads lists, content and downloads in JSON and in files', async () => {
    const list = JSON.parse((await ann.get('json/documents')).text).response.result.documents.document;
    const [{ documentId }] = list;
    for (const entry of list) {
      for (const value of Object.values(entry)) expect(typeof value).toBe('string');
    }
    const content = JSON.parse((await ann.get(`json/content/${documentId}`)).text);
    expect(content.response.result.document.content).toContain('dear all');
    expect((await ann.get(`docx/download/${documentId}`)).text).toBe('dear all');
  });
});
