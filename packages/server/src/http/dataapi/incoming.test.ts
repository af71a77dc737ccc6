import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Lab, openLab, type Person } from './testing/lab.js';
import { validate } from './testing/validate.js';
import { elements, firstElement, parseXml, textOf } from './testing/xml-tree.js';

const DECLARATION = '<?xml version="1.0" encoding="UTF-8" ?>';
const PATH = '/api/private/xml/incomingdocuments';

describe('incomingdocuments', () => {
  let lab: Lab;
  let mike: Person;
  let bill: Person;
  let ids: string[];

  beforeAll(async () => {
    lab = await openLab();
    mike = await lab.person('Mike');
    bill = await lab.person('bill');
    ids = [];
    for (const name of ['ITProvision', 'ReportCard']) {
      const id = await mike.upload(name);
      ids.unshift(id);
      await mike.post(`xml/shareDocument/${id}`, {
        shareto: 'bill@example.org, cathy@example.org',
        allowtowrite: name === 'ReportCard' ? 'true' : 'false',
      });
      lab.time.advance(57_000);
    }
  });
  afterAll(() => lab.close());

  it('[LI30] XML is this, byte for byte, in the order of the page’s sample', async () => {
    const { status, text, headers } = await bill.get('xml/incomingdocuments');
    const [second, first] = ids;
    const start = Date.UTC(2026, 0, 1);
    expect([status, headers['content-type']]).toEqual([200, 'text/xml;charset=UTF-8']);
    expect(text).toBe(
      `${DECLARATION}<response uri="${PATH}"><result><incomingdocuments>` +
        `<document><documentId>${second}</documentId><documentName>ReportCard</documentName><version>1.0</version>` +
        '<writePermission>true</writePermission><document_name_url>ReportCard</document_name_url>' +
        '<document_locked>false</document_locked><document_blogged>false</document_blogged><authorName>Mike</authorName>' +
        `<lastModifiedTimeDisplayString>57 seconds ago</lastModifiedTimeDisplayString><lastModifiedTime>${start + 57_000}</lastModifiedTime>` +
        `<shared_users>[bill@example.org, cathy@example.org]</shared_users><created_date>${start + 57_000}</created_date><category>shared</category></document>` +
        `<document><documentId>${first}</documentId><documentName>ITProvision</documentName><version>1.0</version>` +
        '<writePermission>false</writePermission><document_name_url>ITProvision</document_name_url>' +
        '<document_locked>false</document_locked><document_blogged>false</document_blogged><authorName>Mike</authorName>' +
        `<lastModifiedTimeDisplayString>1 minute ago</lastModifiedTimeDisplayString><lastModifiedTime>${start}</lastModifiedTime>` +
        `<shared_users>[bill@example.org, cathy@example.org]</shared_users><created_date>${start}</created_date><category>shared</category></document>` +
        '</incomingdocuments></result></response>',
    );
    expect(validate('incomingdocuments', text)).toBe('');
  });

  it('[LI30] JSON is this, byte for byte, in the order of the page’s sample', async () => {
    const { status, text, headers } = await bill.get('json/incomingdocuments', { limit: '1' });
    const at = Date.UTC(2026, 0, 1) + 57_000;
    expect([status, headers['content-type']]).toEqual([200, 'application/json;charset=UTF-8']);
    expect(text).toBe(
      '{"response":{"uri":"/api/private/json/incomingdocuments","result":{"incomingdocuments":{"document":[' +
        `{"documentId":"${ids[0]}","documentName":"ReportCard","version":"1.0","lastModifiedTimeDisplayString":"57 seconds ago",` +
        `"lastModifiedTime":"${at}","writePermission":"true","document_name_url":"ReportCard",` +
        '"shared_users":"[bill@example.org, cathy@example.org]","document_locked":"false","document_blogged":"false",' +
        `"authorName":"Mike","created_date":"${at}","category":"shared"}]}}}}`,
    );
  });

  it('[LI31] an account without documents gets an empty list from 1 on, and 1416 from 2 on', async () => {
    const zoe = await lab.person('zoe');
    const xml = await zoe.get('xml/incomingdocuments');
    expect(xml.text).toBe(
      `${DECLARATION}<response uri="${PATH}"><result><incomingdocuments/></result></response>`,
    );
    expect(validate('incomingdocuments', xml.text)).toBe('');
    const json = await zoe.get('json/incomingdocuments', { 'start-from': '1' });
    expect(json.text).toBe(
      '{"response":{"uri":"/api/private/json/incomingdocuments","result":{"incomingdocuments":{"document":[]}}}}',
    );
    const past = await zoe.get('xml/incomingdocuments', { 'start-from': '2' });
    expect(past.text).toBe(
      `${DECLARATION}<response uri="${PATH}"><error><code>1416</code><message>Requested Range Not Satisfied: The list ends before entry 2.</message></error></response>`,
    );
    expect(past.status).toBe(200);
    expect(validate('incomingdocuments', past.text)).toBe('');
  });

  it.each([
    ['start-from', '0'],
    ['start-from', '-1'],
    ['start-from', '1.5'],
    ['start-from', 'two'],
    ['start-from', ''],
    ['limit', '0'],
    ['limit', '101'],
    ['limit', 'all'],
    ['limit', '1e2'],
  ])('[LI32] %s=%j is refused with 1831', async (name, value) => {
    for (const format of ['xml', 'json']) {
      const { status, text } = await bill.get(`${format}/incomingdocuments`, { [name]: value });
      expect(status).toBe(200);
      expect(text).toMatch(/<code>1831<\/code>|"code":"1831"/);
    }
  });

  it('[LI33] the count is the number of entries of the whole list', async () => {
    const xml = await bill.get('xml/incomingdocuments/count');
    expect(xml.text).toBe(
      `${DECLARATION}<response uri="${PATH}/count"><result><documents><ownerName>bill</ownerName><documentsCount>2</documentsCount></documents></result></response>`,
    );
    expect(validate('count', xml.text)).toBe('');
    const json = await bill.get('json/incomingdocuments/count');
    expect(json.text).toBe(
      '{"response":{"uri":"/api/private/json/incomingdocuments/count","result":{"documents":{"ownerName":"bill","documentsCount":"2"}}}}',
    );
  });

  it('[LI34] shared_users is blank, and nothing may be written, while the owner has switched sharing off', async () => {
    const [second = ''] = ids;
    await lab.sharing.setSharing(mike.id, second, false);
    for (const format of ['xml', 'json']) {
      const { text } = await bill.get(`${format}/incomingdocuments`, { limit: '1' });
      expect(text).toMatch(/<shared_users>\[\]<|"shared_users":"\[\]"/);
      expect(text).toMatch(/<writePermission>false<|"writePermission":"false"/);
    }
    expect((await bill.get(`xml/content/${second}`)).text).toContain('<code>1403</code>');
    await lab.sharing.setSharing(mike.id, second, true);
    expect((await bill.get(`xml/content/${second}`)).text).toContain('<content>');
  });
});

describe('ranges of lists', () => {
  let lab: Lab;
  let ann: Person;
  let bo: Person;

  beforeAll(async () => {
    lab = await openLab();
    ann = await lab.person('ann');
    bo = await lab.person('bo');
    for (let number = 1; number <= 10; number += 1) {
      const id = await ann.upload(`Paper ${number}`);
      await ann.post(`json/shareDocument/${id}`, { shareto: 'bo' });
      lab.time.advance(1_000);
    }
  });
  afterAll(() => lab.close());

  const namesOf = async (person: Person, path: string, query: Record<string, string>) => {
    const { text } = await person.get(`json/${path}`, query);
    const { result, error } = JSON.parse(text).response;
    const xml = parseXml((await person.get(`xml/${path}`, query)).text);
    const top = firstElement(xml);
    if (error) {
      expect([top.name, textOf(top, 'code')]).toEqual(['error', error.code]);
      return error.code;
    }
    const names = result[path].document.map((entry: { documentName: string }) => entry.documentName);
    expect(elements(firstElement(top)).map((entry) => textOf(entry, 'documentName'))).toEqual(names);
    return names;
  };

  it.each(['incomingdocuments', 'documents'])(
    '[LI32] %s lists from any entry, up to any limit',
    async (path) => {
      const person = path === 'documents' ? ann : bo;
      const all = Array.from({ length: 10 }, (_, index) => `Paper ${10 - index}`);
      for (const [query, expected] of [
        [{}, all],
        [{ 'start-from': '1' }, all],
        [{ 'start-from': '3' }, all.slice(2)],
        [{ limit: '1' }, all.slice(0, 1)],
        [{ limit: '100' }, all],
        [{ 'start-from': '4', limit: '3' }, all.slice(3, 6)],
        [{ 'start-from': '10', limit: '5' }, all.slice(9)],
        [{ 'start-from': '11' }, '1416'],
        [{ 'start-from': '11', limit: '5' }, '1416'],
      ] as [Record<string, string>, unknown][]) {
        expect(await namesOf(person, path, query), JSON.stringify(query)).toEqual(expected);
      }
    },
  );

  it('[LI35] a list that is longer than a chunk goes out whole, in order and once each', async () => {
    const cy = await lab.person('cy');
    const { id: ownerId } = ann;
    // At once, so that they share their commits.
    const addBulk = async (number: number) => {
      const id = String(9_000_000_000 + number);
      const at = 1_000_000 + (number % 7);
      await lab.storage.library.add(
        {
          id,
          ownerId,
          name: `Bulk ${number}`,
          urlName: { stem: `Bulk${number}`, number: 0 },
          createdAt: at,
          modifiedAt: at,
          modifiedBy: ownerId,
          state: 'kept',
          isSharing: true,
          publication: null,
          version: 10,
          lock: null,
        },
        { documentId: id, number: 10, blob: 'a'.repeat(64), createdAt: at, createdBy: ownerId },
      );
      await lab.storage.shares.put(id, ['cy@example.org'], false, at);
    };
    await Promise.all(Array.from({ length: 250 }, (_, number) => addBulk(number)));
    const ids = async (query: Record<string, string>) => {
      const { text } = await cy.get('json/incomingdocuments', query);
      const { document } = JSON.parse(text).response.result.incomingdocuments;
      return document.map((entry: { documentId: string }) => entry.documentId) as string[];
    };
    const all = await ids({});
    expect(new Set(all).size).toBe(250);
    const paged: string[] = [];
    for (let from = 1; from <= 250; from += 60) {
      paged.push(...(await ids({ 'start-from': String(from), limit: '60' })));
    }
    expect(paged).toEqual(all);
    const { text } = await cy.get('xml/incomingdocuments');
    expect(validate('incomingdocuments', text)).toBe('');
    expect(elements(firstElement(firstElement(parseXml(text))))).toHaveLength(250);
  });
});
