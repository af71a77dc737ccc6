import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KEY, type Lab, openLab, type Person } from './testing/lab.js';
import { validate } from './testing/validate.js';
import { elements, firstElement, parseXml, textOf } from './testing/xml-tree.js';

let lab: Lab;
let ann: Person;

beforeAll(async () => {
  lab = await openLab();
  ann = await lab.person('ann');
});
afterAll(() => lab.close());

describe('names that hurt', () => {
  const NAMES = [
    'a ]]> b',
    'R&D <script>alert(1)</script>',
    '"quoted" and \'quoted\'',
    '🦉🏳️‍🌈 emoji',
    'مرحبا بالعالم',
    '\u202Egnol si siht\u202C',
    '%00%0A&amp;amp;',
    'a'.repeat(250),
    '\ufffe\uffff ends',
  ];

  it.each(NAMES)('[LI36] %j comes back in XML and JSON, and both are valid', async (name) => {
    const made = await ann.post('json/newDocument', { documentName: name });
    const id = JSON.parse(made.text).response.result.documentId;
    const xml = await ann.get(`xml/documents`, { limit: '1' });
    await ann.post(`json/addTags/${id}`, { tags: name });
    const json = await ann.get('json/documents', { limit: '1' });
    expect(JSON.parse(json.text).response.result.documents.document[0].documentName).toBe(name);
    expect(validate('documents', xml.text)).toBe('');
    const [entry] = elements(firstElement(firstElement(parseXml(xml.text))));
    if (!entry) throw new Error('The list is empty.');
    expect(textOf(entry, 'documentName')).toBe(name.replace(/[\ufffe\uffff]/g, '\ufffd'));
    expect(validate('tags', (await ann.get('xml/tags')).text)).toBe('');
    await ann.post(`json/deleteDocument/${id}`);
    await ann.post(`json/deleteDocument/${id}`);
  });

  it('[LI41] control characters in a name become blanks', async () => {
    const made = await ann.post('json/newDocument', { documentName: 'a\u0000\u001b[31m\r\nb' });
    expect(JSON.parse(made.text).response.result.documentName).toBe('a [31m b');
  });
});

describe('requests of all kinds', () => {
  it('[LI20] words count whatever their case, and // is folded', async () => {
    for (const path of [
      '/api/private/xml/INCOMINGDOCUMENTS',
      '/api/Private/XML/IncomingDocuments',
      '//API//private//xml//incomingdocuments',
      '/api/private/xml/incomingdocuments/',
    ]) {
      const { text } = await lab.send({ url: path, query: ann.query });
      expect(text).toContain(`<response uri="${path.replace(/\/+/g, '/')}"><result><incomingdocuments/>`);
    }
    const id = await ann.upload('Plan');
    const deleted = await lab.send({
      method: 'POST',
      url: `/api/private//xml/DELETEdocument/${id}`,
      query: ann.query,
    });
    expect(deleted.text).toContain(`<documentId>${id}</documentId>`);
  });

  it('[LI21] reads work by POST too, with credentials in query, form or multipart', async () => {
    const url = '/api/private/json/documents';
    const answers = [
      await lab.send({ url, query: ann.query }),
      await lab.send({ method: 'POST', url, query: ann.query }),
      await lab.send({ method: 'POST', url: `${url}?`, form: ann.query }),
      await lab.send({ method: 'POST', url, multipart: ann.query }),
      await lab.send({ method: 'POST', url, query: { apikey: KEY }, form: { ticket: ann.ticket } }),
    ];
    const [first] = answers;
    expect(first?.text).toContain('"result"');
    for (const { text } of answers) expect(text).toBe(first?.text);
    const limited = await lab.send({ method: 'POST', url, query: ann.query, form: { limit: '0' } });
    expect(limited.text).toContain('"1831"');
  });

  it('[LI22] writes by GET, other methods and unknown calls answer 1405', async () => {
    const id = await ann.upload('Plan');
    for (const [method, path] of [
      ['GET', `trashDocument/${id}`],
      ['PUT', 'documents'],
      ['DELETE', `info/${id}`],
      ['GET', 'nothing'],
      ['GET', 'info'],
      ['GET', 'info/1/2'],
      ['GET', 'documents/all'],
      ['GET', 'documents/tag'],
    ] as const) {
      for (const format of ['xml', 'json']) {
        const answer = await lab.send({
          method,
          url: `/api/private/${format}/${path}`,
          query: ann.query,
        });
        expect([method, path, answer.status]).toEqual([method, path, 200]);
        expect(answer.text).toMatch(/<code>1405<\/code>|"code":"1405"/);
      }
    }
    const odd = await lab.send({ url: '/api/private/yaml/documents', query: ann.query });
    expect(odd.text).toContain('<code>1405</code><message>No Such Method</message>');
    expect((await ann.get(`json/info/${id}`)).text).toContain('"result"');
  });

  it('[LI23] what is no form answers 1400, and what nobody asked for is passed over', async () => {
    const post = (type: string, body: string) =>
      lab.send({
        method: 'POST',
        url: '/api/private/xml/documents',
        query: ann.query,
        headers: { 'content-type': type },
        body,
      });
    expect((await post('application/json', '{}')).text).toContain('<code>1400</code>');
    expect((await post('multipart/form-data', 'x')).text).toContain('<code>1400</code>');
    expect((await post('multipart/form-data; boundary=x', '--x\r\nbroken')).text).toContain(
      '<code>1400</code>',
    );
    expect((await post('application/x-www-form-urlencoded', 'x=1&x=2&zoho=yes')).text).toContain('<result>');
    expect((await post('text/plain', '')).text).toContain('<result>');
    const percent = await ann.get('xml/documents/tag/%E0%A4%A');
    expect(percent.text).toContain('<code>1400</code>');
  });

  it('[LI24] an id that is none is an unknown document, however it looks', async () => {
    for (const id of ['0', '-1', '1e9', "'; drop table accounts; --", '%00', 'a'.repeat(900), '../../x']) {
      const { text, status } = await ann.get(`json/info/${encodeURIComponent(id)}`);
      expect([id.slice(0, 20), status, JSON.parse(text).response.error.code]).toEqual([
        id.slice(0, 20),
        200,
        '1404',
      ]);
    }
  });

  it('[LI25] paths that are not of the dialect are somebody else’s', async () => {
    expect((await lab.send({ url: '/api/other/xml/documents' })).status).toBe(404);
    expect((await lab.send({ url: '/api/xml' })).status).toBe(404);
  });

  it('[LI26] answers are kept by nobody on the way', async () => {
    expect((await ann.get('xml/documents')).headers['cache-control']).toBe('no-store');
  });

  it('[LI27] real statuses can be switched on for every call', async () => {
    const strict = await openLab({ hasRealStatuses: true });
    const bo = await strict.person('bo');
    const statusOf = async (path: string, query: Record<string, string> = {}) =>
      (await bo.get(path, query)).status;
    expect(await statusOf('xml/documents', { 'start-from': '2' })).toBe(416);
    expect(await statusOf('xml/info/1')).toBe(404);
    expect(await statusOf('xml/documents', { limit: '0' })).toBe(400);
    expect(await statusOf('xml/nothing')).toBe(405);
    expect(await statusOf('xml/documents', { ticket: 'x' })).toBe(401);
    expect(await statusOf('xml/documents')).toBe(200);
    await strict.close();
  });

  it('[LI28] a fault of ours is 1500, and says nothing of its cause', async () => {
    const broken = await openLab();
    const bo = await broken.person('bo');
    const id = await bo.upload('Plan');
    for await (const blob of broken.storage.blobs.list()) await broken.storage.blobs.remove(blob);
    const answer = await bo.get(`xml/content/${id}`);
    expect(answer.status).toBe(200);
    expect(answer.text).toContain(
      '<error><code>1500</code><message>The server failed while it handled this request.</message></error>',
    );
    expect((await bo.get(`docx/download/${id}`)).status).toBe(500);
    await broken.close();
  });

  it('[LI29] every schema is served at the address that the vendor’s pages name', async () => {
    const names =
      'incomingdocuments documents publicdocuments trasheddocuments taggeddocuments version share tags addtags save count';
    for (const name of names.split(' ')) {
      const answer = await lab.send({ url: `/schema/restapi/${name}.xsd` });
      expect([name, answer.status]).toEqual([name, 200]);
      expect(answer.text).toContain('<xs:element name="response">');
    }
    expect((await lab.send({ url: '/schema/restapi/other.xsd' })).status).toBe(404);
  });
});
