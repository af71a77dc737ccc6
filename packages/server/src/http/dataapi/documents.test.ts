import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Lab, openLab, type Person } from './testing/lab.js';
import { validate } from './testing/validate.js';

let lab: Lab;
let ann: Person;
let bo: Person;

beforeEach(async () => {
  lab = await openLab();
  ann = await lab.person('ann');
  bo = await lab.person('bo');
});
afterEach(() => lab.close());

/** The result of the call in JSON; the same call's XML is held against its schema. */
async function read(person: Person, path: string, schema: string, query: Record<string, string> = {}) {
  const xml = await person.get(`xml/${path}`, query);
  expect(validate(schema, xml.text)).toBe('');
  return JSON.parse((await person.get(`json/${path}`, query)).text).response;
}

async function write(person: Person, path: string, form: Record<string, string> = {}) {
  const { text, status } = await person.post(`json/${path}`, form);
  expect(status).toBe(200);
  return JSON.parse(text).response;
}

async function writeXml(person: Person, path: string, schema: string, form: Record<string, string> = {}) {
  const { text } = await person.post(`xml/${path}`, form);
  expect(validate(schema, text)).toBe('');
  return text;
}

async function idsIn(person: Person, list: string, container = list): Promise<string[]> {
  const { result } = await read(person, list, container === list ? list : 'taggeddocuments');
  return result[container].document.map((entry: { documentId: string }) => entry.documentId);
}

describe('documents of one person', () => {
  it('[LI43] an upload answers id, name and version, and the same document by documentId gets the next version', async () => {
    const send = (fields: Record<string, string>, format = 'xml') =>
      lab.send({
        method: 'POST',
        url: `/api/private/${format}/uploadDocument`,
        query: ann.query,
        multipart: { ...fields, content: { fileName: 'Offer.v2.docx', content: 'one' } },
      });
    const first = await send({});
    expect(validate('upload', first.text)).toBe('');
    const id = /<documentId>(\d+)</.exec(first.text)?.[1] ?? '';
    const at = Date.UTC(2026, 0, 1);
    expect(first.text).toContain(
      `<result><documentId>${id}</documentId><documentName>Offer.v2</documentName><documentVersion>1.0</documentVersion><version>1.0</version><document_name_url>Offerv2</document_name_url><authorName>ann</authorName><created_date>${at}</created_date></result>`,
    );
    const { result } = JSON.parse((await send({ documentId: id }, 'json')).text).response;
    expect(result).toEqual({
      documentId: id,
      documentName: 'Offer.v2',
      documentVersion: '1.1',
      version: '1.1',
      document_name_url: 'Offerv2',
      authorName: 'ann',
      created_date: String(at),
    });
    const named = JSON.parse((await send({ documentName: 'Dell Laptops' }, 'json')).text).response.result;
    expect([named.documentName, named.document_name_url]).toEqual(['Dell Laptops', 'DellLaptops']);
  });

  it('[LI44] an upload without a file, of an unknown type or to an unknown document is refused', async () => {
    const codeOf = async (multipart: NonNullable<Parameters<Lab['send']>[0]['multipart']>) => {
      const url = '/api/private/json/uploadDocument';
      const { text } = await lab.send({ method: 'POST', url, query: ann.query, multipart });
      return JSON.parse(text).response.error.code;
    };
    const content = { fileName: 'a.docx', content: 'x' };
    expect(await codeOf({ documentName: 'A' })).toBe('1868');
    expect(await codeOf({ file: content })).toBe('1868');
    expect(await codeOf({ content: { fileName: 'a.exe', content: 'broken' } })).toBe('1852');
    expect(await codeOf({ content, contentType: 'xyz' })).toBe('1852');
    expect(await codeOf({ content, documentId: '12345' })).toBe('1404');
    expect(await codeOf({ content: { fileName: 'a.docx', content: 'protected:secret' } })).toBe('1831');
    expect(lab.uploads.usedBytes).toBe(0);
  });

  it('[LI42] documents of one name get different URL names, each owner for themselves', async () => {
    for (let count = 0; count < 3; count += 1) await ann.upload('test');
    await ann.upload('test1');
    await bo.upload('test');
    const { result } = await read(ann, 'documents', 'documents');
    const names = result.documents.document.map((entry: Record<string, string>) => entry.document_name_url);
    expect(names.toSorted()).toEqual(['test', 'test1', 'test11', 'test2']);
    expect((await read(bo, 'documents', 'documents')).result.documents.document[0].document_name_url).toBe(
      'test',
    );
  });

  it('[LI45] downloads come as files with their length, also of older versions and by POST', async () => {
    const id = await ann.upload('Über uns', 'one');
    await ann.upload('Über', 'two', { documentId: id });
    const docx = await ann.get(`docx/download/${id}`);
    expect([docx.status, docx.text, docx.headers['content-length']]).toEqual([200, 'two', '3']);
    expect(docx.headers['content-type']).toContain('wordprocessingml');
    expect(docx.headers['content-disposition']).toContain(`filename*=UTF-8''%C3%9Cber%20uns.docx`);
    expect((await ann.get(`docx/download/${id}`, { version: '1.0' })).text).toBe('one');
    expect((await ann.post(`TXT/Download/${id}`)).text).toBe('two\n');
    expect((await ann.get(`html/download/${id}`)).text).toContain('<p>two</p>');
  });

  it('[LI46] a refused download has a real status and says what is missing', async () => {
    const id = await ann.upload('Plan');
    for (const [path, query, status, code] of [
      [`odt/download/${id}`, {}, 501, 1852],
      [`sxw/download/${id}`, {}, 415, 1852],
      [`xyz/download/${id}`, {}, 400, 1831],
      ['docx/download/123', {}, 404, 1404],
      [`docx/download/${id}`, { version: '7.0' }, 404, 1404],
      [`docx/download/${id}`, { ticket: 'wrong' }, 401, 1401],
    ] as [string, Record<string, string>, number, number][]) {
      const answer = await ann.get(path, query);
      expect([path, answer.status]).toEqual([path, status]);
      expect(answer.text).toContain(`<error><code>${code}</code>`);
    }
    const stranger = await lab.send({ url: `/api/private/docx/download/${id}`, query: { apikey: 'x' } });
    expect(stranger.status).toBe(401);
    expect((await ann.get(`odt/download/${id}`)).text).toContain('LibreOffice');
  });

  it('[LI47] content holds the page, of any version, and the text when pictures cannot come along', async () => {
    const id = await ann.upload('Plan', 'a < b');
    await ann.upload('Plan', 'with a picture', { documentId: id });
    const old = await read(ann, `content/${id}`, 'content', { version: '1.0' });
    expect(old.result.document).toEqual({
      documentId: id,
      documentName: 'Plan',
      version: '1.0',
      content: '<html><head><title>Plan</title></head><body><p>a < b</p></body></html>',
    });
    expect((await read(ann, `content/${id}`, 'content')).result.document.content).toBe(
      '<html><body><p>with a picture</p></body></html>',
    );
    expect((await read(ann, `content/${id}`, 'content', { version: '9.9' })).error.code).toBe('1404');
  });

  it('[LI48] info describes one document, and version all of its versions, newest first', async () => {
    const id = await ann.upload('Plan');
    const at = String(Date.UTC(2026, 0, 1));
    expect((await read(ann, `info/${id}`, 'documents')).result).toEqual({
      document: {
        documentId: id,
        documentName: 'Plan',
        version: '1.0',
        document_name_url: 'Plan',
        shared_users: '[]',
        document_locked: 'false',
        document_blogged: 'false',
        authorName: 'ann',
        created_date: at,
      },
    });
    const one = await read(ann, `version/${id}`, 'version');
    expect(one.result).toEqual({
      versiondetail: { documentId: id, version: '1.0', updatetime: '0 seconds ago' },
    });
    lab.time.advance(7 * 24 * 60 * 60_000 - 1);
    await ann.upload('Plan', 'two', { documentId: id });
    lab.time.advance(1_000);
    // The ticket has run out meanwhile.
    const again = await lab.tickets.issue('ticket', {
      name: 'ann',
      password: 'right horse',
      service: 'ZohoWriter',
      address: '::1',
    });
    const { text } = await lab.send({
      url: `/api/private/json/version/${id}`,
      query: { ...ann.query, ticket: again.secret },
    });
    expect(JSON.parse(text).response.result.versiondetail).toEqual([
      { documentId: id, version: '1.1', updatetime: '1 second ago' },
      { documentId: id, version: '1.0', updatetime: '7 days ago' },
    ]);
  });

  it('[LI49] a rename is a version with another name, and any name that can be shown will do', async () => {
    const id = await ann.upload('Plan', 'one');
    const xml = await writeXml(ann, 'renamedocument', 'save', {
      documentId: id,
      documentName: 'Dell Laptops',
    });
    expect(xml).toContain(
      `<result><documentId>${id}</documentId><documentName>Dell Laptops</documentName><version>1.1</version><document_name_url>DellLaptops</document_name_url>`,
    );
    expect((await ann.get(`docx/download/${id}`)).text).toBe('one');
    expect((await write(ann, 'renamedocument', { documentId: id })).error.code).toBe('1832');
    expect((await write(ann, 'renamedocument', { documentName: 'x' })).error.code).toBe('1832');
    expect((await write(ann, 'renamedocument', { documentId: id, documentName: '\u0007' })).error.code).toBe(
      '1831',
    );
    expect((await write(ann, 'renamedocument', { documentId: '1', documentName: 'x' })).error.code).toBe(
      '1404',
    );
  });

  it('[LI60] deleteDocument first moves to the trash and then deletes for good', async () => {
    const id = await ann.upload('Plan');
    expect(await writeXml(ann, `deleteDocument/${id}`, 'save')).toContain(
      `<result><documentId>${id}</documentId><documentName>Plan</documentName></result>`,
    );
    expect(await idsIn(ann, 'documents')).toEqual([]);
    expect(await idsIn(ann, 'trasheddocuments')).toEqual([id]);
    expect((await write(ann, `deleteDocument/${id}`)).result.documentId).toBe(id);
    expect((await write(ann, `deleteDocument/${id}`)).error.code).toBe('1404');
    expect(await idsIn(ann, 'trasheddocuments')).toEqual([]);
    const left: string[] = [];
    for await (const blob of lab.storage.blobs.list()) left.push(blob);
    expect(left).toEqual([]);
  });

  it('[LI61] what is in the trash can be read and restored by its owner, and not changed', async () => {
    const id = await ann.upload('Plan');
    await writeXml(ann, `trashDocument/${id}`, 'save');
    expect((await ann.get(`docx/download/${id}`)).status).toBe(200);
    for (const [path, form] of [
      [`shareDocument/${id}`, { shareto: 'bo' }],
      ['renamedocument', { documentId: id, documentName: 'B' }],
      [`saveDocument/${id}`, { content: 'x' }],
      [`makePublic/${id}`, {}],
      [`addTags/${id}`, { tags: 'a' }],
    ] as [string, Record<string, string>][]) {
      expect([path, (await write(ann, path, form)).error?.code]).toEqual([path, '1403']);
    }
    await writeXml(ann, `restoreDocument/${id}`, 'save');
    expect(await idsIn(ann, 'documents')).toEqual([id]);
  });

  it('[LI62] newDocument and saveDocument take text or HTML, and saving an old version is refused', async () => {
    const made = await write(ann, 'newDocument', { documentName: 'Notes', content: 'plain' });
    const id = made.result.documentId;
    expect(made.result).toMatchObject({ documentName: 'Notes', version: '1.0', category: 'owned' });
    expect((await ann.get(`docx/download/${id}`)).text).toBe('plain');
    const saved = await write(ann, `saveDocument/${id}`, { content: '<p>second</p>', version: '1.0' });
    expect(saved.result).toMatchObject({ documentId: id, version: '1.1' });
    expect((await ann.get(`docx/download/${id}`)).text).toContain('<body><p>second</p></body>');
    const stale = await write(ann, `saveDocument/${id}`, { content: 'x', version: '1.0' });
    expect(stale.error.code).toBe('1831');
    expect((await write(ann, `saveDocument/${id}`)).error.code).toBe('1832');
    expect((await write(ann, 'newDocument')).error.code).toBe('1832');
    expect((await write(ann, 'newDocument', { documentName: 'Empty' })).result.version).toBe('1.0');
    const named = await write(ann, `saveDocument/${id}`, { content: 'x', documentName: 'Other' });
    expect(named.result).toMatchObject({ documentName: 'Other', version: '1.3' });
    expect((await read(ann, 'documents/count', 'count')).result.documents).toEqual({
      ownerName: 'ann',
      documentsCount: '2',
    });
  });
});

describe('documents of several people', () => {
  it('[LI52] sharing puts a document into the other’s list, cancelling takes it out', async () => {
    const id = await ann.upload('Plan');
    const xml = await writeXml(ann, `shareDocument/${id}`, 'share', {
      shareto: ' bo , Cy@Example.org,',
      allowtowrite: 'True',
    });
    expect(xml).toContain('<sharedto><user>bo@example.org</user><user>cy@example.org</user></sharedto>');
    expect(await idsIn(bo, 'incomingdocuments')).toEqual([id]);
    expect((await read(bo, 'incomingdocuments/count', 'count')).result.documents.documentsCount).toBe('1');
    await writeXml(ann, `cancelsharing/${id}`, 'save', { emailid: 'BO@example.org' });
    expect(await idsIn(bo, 'incomingdocuments')).toEqual([]);
    expect((await write(ann, `cancelsharing/${id}`, { emailid: 'bo' })).error.code).toBe('1831');
    expect((await write(ann, `cancelsharing/${id}`)).error.code).toBe('1832');
  });

  it('[LI53] the share list shows everybody by right, and is the owner’s alone', async () => {
    const id = await ann.upload('Plan');
    const none = await read(ann, `share/${id}`, 'share');
    expect(none.result.sharedetail).toEqual({
      documentId: id,
      documentName: 'Plan',
      EmailShared: { sharedto: '[]', writepermission: 'false' },
    });
    await write(ann, `shareDocument/${id}`, { shareto: 'bo,x@y.org', allowtowrite: 'true' });
    const one = await read(ann, `share/${id}`, 'share');
    expect(one.result.sharedetail.EmailShared).toEqual({
      sharedto: '[bo@example.org, x@y.org]',
      writepermission: 'true',
    });
    lab.time.advance(1);
    await write(ann, `shareDocument/${id}`, { shareto: 'bo' });
    const mixed = await read(ann, `share/${id}`, 'share');
    expect(mixed.result.sharedetail.EmailShared).toEqual([
      { sharedto: '[x@y.org]', writepermission: 'true' },
      { sharedto: '[bo@example.org]', writepermission: 'false' },
    ]);
    expect((await read(bo, `share/${id}`, 'share')).error.code).toBe('1403');
    expect((await read(bo, `info/${id}`, 'documents')).result.document.shared_users).toBe(
      '[bo@example.org, x@y.org]',
    );
  });

  it('[LI54] sharing is all or none, and not with oneself or with nobody', async () => {
    const id = await ann.upload('Plan');
    for (const shareto of ['bo,nobody', 'ann', 'bo,ANN@example.org', '@', 'a b@c.de']) {
      expect([shareto, (await write(ann, `shareDocument/${id}`, { shareto })).error?.code]).toEqual([
        shareto,
        '1831',
      ]);
    }
    for (const form of [{}, { shareto: ' , ' }, { allowtowrite: 'true' }] as Record<string, string>[]) {
      expect((await write(ann, `shareDocument/${id}`, form)).error.code).toBe('1832');
    }
    const form = { shareto: 'bo', allowtowrite: 'maybe' };
    expect((await write(ann, `shareDocument/${id}`, form)).error.code).toBe('1831');
    const other = { shareto: 'bo', documentId: '77' };
    expect((await write(ann, `shareDocument/${id}`, other)).error.code).toBe('1831');
    expect(await idsIn(bo, 'incomingdocuments')).toEqual([]);
  });

  it('[LI55] what is shared with an address waits for its account', async () => {
    const id = await ann.upload('Plan');
    await write(ann, `shareDocument/${id}`, { shareto: 'Dora@example.org', allowtowrite: 'true' });
    const dora = await lab.person('dora');
    const { result } = await read(dora, 'incomingdocuments', 'incomingdocuments');
    expect(result.incomingdocuments.document[0]).toMatchObject({
      documentId: id,
      writePermission: 'true',
      shared_users: '[dora@example.org]',
      category: 'shared',
    });
  });

  it('[LI56] readers read, writers write, and neither shares, renames or deletes; strangers see nothing', async () => {
    const cy = await lab.person('cy');
    const id = await ann.upload('Plan');
    await write(ann, `shareDocument/${id}`, { shareto: 'bo', allowtowrite: 'true' });
    await write(ann, `shareDocument/${id}`, { shareto: 'cy' });
    const dan = await lab.person('dan');
    const codes = async (person: Person) => {
      const answers = [
        await write(person, `saveDocument/${id}`, { content: 'new' }),
        await write(person, `shareDocument/${id}`, { shareto: 'dan' }),
        await write(person, 'renamedocument', { documentId: id, documentName: 'Mine' }),
        await write(person, `deleteDocument/${id}`),
        await write(person, `makePublic/${id}`),
        await write(person, `addTags/${id}`, { tags: 'seen' }),
        await read(person, `info/${id}`, 'documents'),
        await read(person, `content/${id}`, 'content'),
      ];
      return answers.map(({ error }) => error?.code ?? '');
    };
    expect(await codes(bo)).toEqual(['', '1403', '1403', '1403', '1403', '', '', '']);
    expect(await codes(cy)).toEqual(['1403', '1403', '1403', '1403', '1403', '', '', '']);
    expect(await codes(dan)).toEqual(Array(8).fill('1404'));
    const [entry] = (await read(ann, 'documents', 'documents')).result.documents.document;
    expect([entry.lastModifiedBy, entry.version, entry.category]).toEqual(['bo', '1.1', 'owned']);
  });

  it('[LI63] a document in the trash vanishes from other people’s lists and opens for nobody else', async () => {
    const id = await ann.upload('Plan');
    await write(ann, `shareDocument/${id}`, { shareto: 'bo' });
    await write(bo, `addTags/${id}`, { tags: 'theirs' });
    await write(ann, `makePublic/${id}`);
    await write(ann, `trashDocument/${id}`);
    expect(await idsIn(bo, 'incomingdocuments')).toEqual([]);
    expect(await idsIn(bo, 'documents/tag/theirs', 'documents')).toEqual([]);
    expect(await idsIn(ann, 'publicdocuments')).toEqual([]);
    expect((await read(bo, `info/${id}`, 'documents')).error.code).toBe('1404');
    expect((await lab.send({ url: `/api/public/docx/download/${id}` })).status).toBe(404);
    await write(ann, `restoreDocument/${id}`);
    expect(await idsIn(bo, 'incomingdocuments')).toEqual([id]);
  });

  it('[LI57] a lock keeps others from saving until it is released, broken or over', async () => {
    const id = await ann.upload('Plan');
    await write(ann, `shareDocument/${id}`, { shareto: 'bo', allowtowrite: 'true' });
    const isLocked = async () => (await read(ann, `info/${id}`, 'documents')).result.document.document_locked;
    await lab.shelf.lock(bo.id, id);
    expect(await isLocked()).toBe('true');
    expect((await write(ann, `saveDocument/${id}`, { content: 'x' })).error.code).toBe('1403');
    await expect(lab.shelf.lock(ann.id, id)).rejects.toMatchObject({ code: 'conflict' });
    expect((await write(bo, `saveDocument/${id}`, { content: 'x' })).result.version).toBe('1.1');
    lab.time.advance(30 * 60_000);
    expect(await isLocked()).toBe('false');
    await lab.shelf.lock(ann.id, id);
    await expect(lab.shelf.unlock(bo.id, id)).rejects.toMatchObject({ code: 'permission_denied' });
    await lab.shelf.unlock(ann.id, id);
    await lab.shelf.lock(bo.id, id);
    await lab.shelf.unlock(ann.id, id);
    expect(await isLocked()).toBe('false');
  });

  it('[LI58] public documents are listed and read without login, without the names of people', async () => {
    const id = await ann.upload('Plan', 'open');
    const secret = await ann.upload('Secret');
    await write(ann, `shareDocument/${id}`, { shareto: 'x@y.org' });
    await writeXml(ann, `makePublic/${id}`, 'save', { allowcomment: 'true', showcomment: 'false' });
    expect(await idsIn(ann, 'publicdocuments')).toEqual([id]);
    const list = await lab.send({ url: '/api/public/json/publicdocuments' });
    const { document } = JSON.parse(list.text).response.result.publicdocuments;
    expect(document).toHaveLength(1);
    expect(document[0]).toMatchObject({ documentId: id, shared_users: '[]', writePermission: 'false' });
    expect((await lab.send({ url: `/api/public/docx/download/${id}` })).text).toBe('open');
    expect((await lab.send({ url: `/api/public/xml/content/${id}` })).text).toContain('open');
    expect((await lab.send({ url: `/api/public/docx/download/${secret}` })).status).toBe(404);
    expect((await lab.send({ url: `/api/public/xml/info/${id}` })).text).toContain('<code>1405</code>');
    expect((await write(bo, `trashDocument/${id}`)).error.code).toBe('1404');
    await writeXml(ann, `removePublic/${id}`, 'save');
    expect((await lab.send({ url: `/api/public/docx/download/${id}` })).status).toBe(404);
    expect(await idsIn(ann, 'publicdocuments')).toEqual([]);
  });

  it('[LI59] tags are everybody’s own, by count, and list their documents', async () => {
    const plan = await ann.upload('Plan');
    lab.time.advance(1);
    const offer = await ann.upload('Offer');
    await write(ann, `shareDocument/${plan}`, { shareto: 'bo' });
    const xml = await writeXml(ann, `addTags/${plan}`, 'addtags', { tags: 'q2 plan', tagname: 'plan' });
    expect(xml).toContain(
      `<result><documentId>${plan}</documentId><tags><tag name="plan"/><tag name="q2"/></tags></result>`,
    );
    expect((await write(ann, `addTags/${offer}`, { tagname: 'plan' })).result).toEqual({
      documentId: offer,
      tags: { tag: [{ name: 'plan' }] },
    });
    await write(bo, `addTags/${plan}`, { tags: 'plan a/b' });
    expect((await read(ann, 'tags', 'tags')).result).toEqual({
      tags: {
        tag: [
          { name: 'plan', count: 2 },
          { name: 'q2', count: 1 },
        ],
      },
    });
    const asc = await read(ann, 'tags', 'tags', { 'sort-order': 'asc', 'start-from': '2', limit: '500' });
    expect(asc.result.tags.tag).toEqual([{ name: 'plan', count: 2 }]);
    expect((await read(ann, 'tags', 'tags', { 'start-from': '3' })).error.code).toBe('1416');
    expect((await read(ann, 'tags', 'tags', { 'sort-order': 'up' })).error.code).toBe('1831');
    expect(await idsIn(ann, 'documents/tag/plan', 'documents')).toEqual([offer, plan]);
    expect(await idsIn(bo, 'documents/tag/plan', 'documents')).toEqual([plan]);
    expect(await idsIn(bo, 'documents/tag/a%2Fb', 'documents')).toEqual([plan]);
    expect(await idsIn(ann, 'documents/tag/unknown', 'documents')).toEqual([]);
    await writeXml(ann, `removeTags/${plan}`, 'addtags', { tags: 'plan unknown' });
    expect(await idsIn(ann, 'documents/tag/plan', 'documents')).toEqual([offer]);
    expect((await write(ann, `addTags/${plan}`, { tags: ' ' })).error.code).toBe('1832');
  });
});
