import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AccountExport } from '../../domain/archive/account-export.js';
import { AccountImport, type ImportReport } from '../../domain/archive/account-import.js';
import type { ArchiveReader } from '../../domain/archive/archive-files.js';
import { BlobKeeper } from '../../domain/documents/blob-keeper.js';
import { FakeEngine } from '../../domain/testing/fake-collaborators.js';
import { SeededRandom } from '../../domain/testing/random.js';
import { ZipReader } from '../../storage/archives/zip-reader.js';
import { ZipWriter } from '../../storage/archives/zip-writer.js';
import { type Lab, openLab, PASSWORD, type Person } from './testing/lab.js';

const SEEDS = 2;
const STEPS = 50;
const LISTS = ['incomingdocuments', 'documents', 'publicdocuments', 'trasheddocuments', 'tags'] as const;
const COUNTS = ['incomingdocuments/count', 'documents/count'] as const;
const NAMES = ['test', 'test1', 'Dell Laptops', 'a]]>&<b', 'Ünï文', 'عقد'] as const;

let folder: string;
let home: Lab;
let away: Lab;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'officina-moving-'));
  home = await openLab();
  // Other ids for everybody than at home.
  away = await openLab({ seed: 8 });
});
afterEach(async () => {
  await home.close();
  await away.close();
  await rm(folder, { recursive: true });
});

async function exportOf(lab: Lab, person: Person): Promise<string> {
  const account = await lab.storage.accounts.find(person.id);
  if (!account) throw new Error('There is no such account.');
  const path = join(folder, `${person.name}-${lab.time.clock()}-${Math.random()}.zip`);
  const zip = new ZipWriter();
  const received = pipeline(zip.output, createWriteStream(path));
  await new AccountExport({ ...lab.storage, clock: lab.time.clock }).write(account, zip);
  zip.end();
  await received;
  return path;
}

async function importInto(lab: Lab, person: Person, archive: ArchiveReader): Promise<ImportReport> {
  const account = await lab.storage.accounts.find(person.id);
  if (!account) throw new Error('There is no such account.');
  const blobs = new BlobKeeper(lab.storage.blobs, lab.storage.blobReferences);
  const importer = new AccountImport({
    ...lab.storage,
    blobs,
    engine: new FakeEngine(),
    added: () => {},
    maxFileBytes: 1024 * 1024,
  });
  return await importer.run(account, archive);
}

async function move(from: Lab, who: Person, to: Lab, whoThere: Person): Promise<ImportReport> {
  const zip = await ZipReader.open(await exportOf(from, who));
  const report = await importInto(to, whoThere, zip);
  zip.close();
  return report;
}

/** Everything that the API tells a person, in both dialects. */
async function allThat(person: Person, ids: readonly string[]): Promise<Record<string, string>> {
  const seen: Record<string, string> = {};
  for (const dialect of ['xml', 'json']) {
    for (const path of [...LISTS, ...COUNTS, 'documents/tag/plan']) {
      seen[`${dialect}/${path}`] = (await person.get(`${dialect}/${path}`)).text;
    }
    for (const call of ['info', 'version', 'share', 'content']) {
      for (const id of ids)
        seen[`${dialect}/${call}/${id}`] = (await person.get(`${dialect}/${call}/${id}`)).text;
    }
  }
  for (const id of ids) {
    for (const version of ['1.0', '1.1', '1.2', '1.3']) {
      seen[`${id} ${version}`] = (await person.get(`docx/download/${id}`, { version })).text;
    }
  }
  return seen;
}

/** A random story of three people; the ids of their documents. */
async function live(lab: Lab, people: readonly Person[], random: SeededRandom): Promise<string[]> {
  const ids: string[] = [];
  const person = () => random.pick(people) as Person;
  for (let step = 0; step < STEPS; step += 1) {
    lab.time.advance(1 + random.below(5_000));
    const id = random.pick(ids) ?? '404';
    const steps: readonly (() => Promise<unknown>)[] = [
      async () => ids.push(await person().upload(random.pick(NAMES), `content ${random.below(30)}`)),
      () => person().post(`xml/saveDocument/${id}`, { content: `text ${random.below(30)}` }),
      () => person().post('xml/renamedocument', { documentId: id, documentName: random.pick(NAMES) }),
      () => person().post(`xml/shareDocument/${id}`, { shareto: person().email, allowtowrite: 'true' }),
      () => person().post(`xml/shareDocument/${id}`, { shareto: 'who@waits.example' }),
      () => person().post(`xml/trashDocument/${id}`),
      () => person().post(`xml/makePublic/${id}`, { allowcomment: 'true' }),
      () => person().post(`xml/addTags/${id}`, { tags: 'plan q2' }),
      async () => {
        const owner = person();
        await lab.sharing.setSharing(owner.id, id, random.next() < 0.5).catch(() => {});
      },
    ];
    await (random.pick([...steps, ...steps.slice(0, 4)]) as () => Promise<unknown>)();
  }
  return ids;
}

describe('an account that moves', () => {
  it(`[LI90] shows the same in another server, in both dialects, after ${SEEDS} random stories of three people`, async () => {
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      const random = new SeededRandom(seed);
      const names = ['ann', 'bo', 'cy'].map((name) => `${name}${seed}`);
      const people = await Promise.all(names.map((name) => home.person(name)));
      const ids = await live(home, people, random);
      away.time.advance(home.time.clock() - away.time.clock());
      const there = await Promise.all(names.map((name) => away.person(name)));
      for (const [at, who] of people.entries()) {
        const report = await move(home, who, away, there[at] as Person);
        expect(report.refused, `seed ${seed}`).toEqual([]);
      }
      for (const [at, who] of people.entries()) {
        const seen = await allThat(who, ids);
        expect(await allThat(there[at] as Person, ids), `seed ${seed}, ${who.name}`).toEqual(seen);
      }
    }
  }, 300_000);

  it('[LI90] keeps tags, dates, shares that wait and the trash, and never a password or a ticket', async () => {
    const ann = await home.person('ann');
    const id = await ann.upload('Plan', 'secret plan');
    await ann.post(`xml/shareDocument/${id}`, { shareto: 'who@waits.example' });
    const path = await exportOf(home, ann);
    const zip = await ZipReader.open(path);
    const texts = await Promise.all(
      ['manifest.json', `documents/Plan-${id}/document.json`].map(async (name) =>
        new TextDecoder().decode(await zip.read(name, 100_000)),
      ),
    );
    expect(texts.join('\n')).not.toMatch(/scrypt|password|ticket/i);
    expect(texts.join('\n')).not.toContain(ann.ticket);
    expect(texts.join('\n')).not.toContain(PASSWORD);
    expect(JSON.parse(texts[0] ?? '')).toMatchObject({
      format: 'officina-account',
      formatVersion: 1,
      account: { email: 'ann@example.org', loginName: 'ann' },
      documents: [`documents/Plan-${id}`],
    });
    expect(await zip.read(`documents/Plan-${id}/1.0.docx`, 100)).toEqual(Buffer.from('secret plan'));
    const there = await away.person('ann');
    await importInto(away, there, zip);
    zip.close();
    const waiting = await away.person('who');
    expect((await away.storage.shares.list(id))[0]).toMatchObject({
      email: 'who@waits.example',
      accountId: null,
    });
    expect((await waiting.get('json/incomingdocuments')).text).toContain('"document":[]');
  });

  it('[LI91] brings nothing twice: what is there is left as it is', async () => {
    const ann = await home.person('ann');
    const id = await ann.upload('Plan');
    const gone = await ann.upload('Gone');
    home.time.advance(1);
    const zip = await ZipReader.open(await exportOf(home, ann));
    await ann.post('xml/renamedocument', { documentId: id, documentName: 'Newer' });
    await ann.post(`xml/deleteDocument/${gone}`);
    await ann.post(`xml/deleteDocument/${gone}`);
    expect(await importInto(home, ann, zip)).toEqual({ added: 1, present: 1, refused: [] });
    expect(await importInto(home, ann, zip)).toEqual({ added: 0, present: 2, refused: [] });
    const { text } = await ann.get('json/documents');
    expect(JSON.parse(text).response.result.documents.document).toMatchObject([
      { documentName: 'Newer', version: '1.1' },
      { documentId: gone, documentName: 'Gone', version: '1.0' },
    ]);
    zip.close();
  });

  it('[LI91] comes beside what others have: with an id and a URL name of its own, each time the same', async () => {
    const ann = await home.person('ann');
    const bo = await home.person('bo');
    const id = await ann.upload('Plan', 'of ann');
    await bo.upload('Plan', 'of bo');
    const zip = await ZipReader.open(await exportOf(home, ann));
    expect(await importInto(home, bo, zip)).toMatchObject({ added: 1, present: 0 });
    expect(await importInto(home, bo, zip)).toMatchObject({ added: 0, present: 1 });
    const { text } = await bo.get('json/documents');
    const entries = JSON.parse(text).response.result.documents.document;
    expect(entries.map((entry: Record<string, string>) => entry.document_name_url).toSorted()).toEqual([
      'Plan',
      'Plan1',
    ]);
    const copy = entries.find((entry: Record<string, string>) => entry.document_name_url === 'Plan1');
    expect(copy.documentId).not.toBe(id);
    expect(copy.lastModifiedBy).toBe('Me');
    expect((await bo.get(`docx/download/${copy.documentId}`)).text).toBe('of ann');
    expect((await ann.get(`docx/download/${id}`)).text).toBe('of ann');
    zip.close();
  });

  it('[LI93] knows people without an account by their address, and goes on for them when they open one', async () => {
    const ann = await home.person('ann');
    const bo = await home.person('bo');
    const id = await ann.upload('Plan');
    await ann.post(`xml/shareDocument/${id}`, { shareto: 'bo', allowtowrite: 'true' });
    await bo.post(`xml/saveDocument/${id}`, { content: 'by bo' });
    const there = await away.person('ann');
    await move(home, ann, away, there);
    const { text } = await there.get('json/documents');
    expect(JSON.parse(text).response.result.documents.document[0].lastModifiedBy).toBe('bo@example.org');
    const boThere = await away.person('bo');
    expect((await boThere.get('json/incomingdocuments')).text).toContain(id);
    // And out again: the address is kept.
    const again = await openLab({ seed: 9 });
    const third = await again.person('ann');
    expect(await move(away, there, again, third)).toMatchObject({ added: 1 });
    expect((await third.get('json/documents')).text).toContain('"lastModifiedBy":"bo@example.org"');
    await again.close();
  });
});

describe('an archive from outside', () => {
  const DOCUMENT = {
    id: '7100000000101',
    name: 'Plan',
    urlName: { stem: 'Plan', number: 0 },
    createdAt: 1,
    modifiedAt: 2,
    modifiedBy: null,
    state: 'kept',
    isSharing: true,
    publication: null,
    versions: [{ version: '1.0', createdAt: 1, createdBy: null, file: '1.0.docx' }],
    shares: [],
    tags: [],
  };
  const MANIFEST = {
    format: 'officina-account',
    formatVersion: 1,
    exportedAt: 1,
    account: { email: 'ann@example.org', loginName: null, displayName: 'Ann', createdAt: 1 },
    documents: ['documents/a', 'documents/b'],
    tagsOnOthers: [],
  };

  function archiveOf(files: Readonly<Record<string, unknown>>): ArchiveReader {
    const bytes = (value: unknown) =>
      new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value));
    return {
      read: async (path) => (Object.hasOwn(files, path) ? bytes(files[path]) : undefined),
    };
  }

  it('[LI94] is refused as a whole, and nothing is added, when its manifest is none', async () => {
    const ann = await home.person('ann');
    for (const manifest of [
      undefined,
      'no json',
      [],
      { ...MANIFEST, format: 'other' },
      { ...MANIFEST, formatVersion: 2 },
      { ...MANIFEST, documents: ['documents/../../etc'] },
      { ...MANIFEST, documents: 'documents/a' },
      { ...MANIFEST, account: { ...MANIFEST.account, email: 'none' } },
      { ...MANIFEST, tagsOnOthers: [{ documentId: "1' or 1", names: [] }] },
    ]) {
      const files = { ...(manifest === undefined ? {} : { 'manifest.json': manifest }) };
      await expect(importInto(home, ann, archiveOf(files))).rejects.toMatchObject({
        code: 'parameter_value_invalid',
      });
    }
  });

  it('[LI94] loses the documents that are none and says which; the others come', async () => {
    const ann = await home.person('ann');
    const changes: Record<string, unknown>[] = [
      { id: '0' },
      { id: '12a' },
      { name: '\u0000' },
      { urlName: { stem: '../x', number: 0 } },
      { urlName: { stem: '', number: 0 } },
      { createdAt: -1 },
      { modifiedAt: 1e300 },
      { state: 'gone' },
      { versions: [] },
      { versions: [{ ...DOCUMENT.versions[0], file: '../../../etc/passwd' }] },
      { versions: [{ ...DOCUMENT.versions[0], version: '01.0' }] },
      { versions: [DOCUMENT.versions[0], DOCUMENT.versions[0]] },
      { versions: [{ ...DOCUMENT.versions[0], file: 'missing.docx' }] },
      { versions: [{ ...DOCUMENT.versions[0], file: 'broken.docx' }] },
      { shares: [{ email: 'a, b', canWrite: true, createdAt: 1 }] },
      { tags: ['two words'] },
      { isSharing: 'true' },
    ];
    for (const change of changes) {
      const report = await importInto(
        home,
        ann,
        archiveOf({
          'manifest.json': { ...MANIFEST, documents: ['documents/a'] },
          'documents/a/document.json': { ...DOCUMENT, ...change },
          'documents/a/1.0.docx': 'text',
          'documents/a/broken.docx': 'broken',
        }),
      );
      expect(report, JSON.stringify(change)).toMatchObject({ added: 0, present: 0 });
      expect(report.refused, JSON.stringify(change)).toHaveLength(1);
    }
    for await (const blob of home.storage.blobs.list()) throw new Error(`${blob} is left behind.`);
    const report = await importInto(
      home,
      ann,
      archiveOf({
        'manifest.json': MANIFEST,
        'documents/a/document.json': { ...DOCUMENT, state: 'gone' },
        'documents/b/document.json': { ...DOCUMENT, name: 'a\u0000b\n' },
        'documents/b/1.0.docx': 'text',
      }),
    );
    expect(report).toMatchObject({ added: 1, refused: [{ name: 'documents/a' }] });
    expect((await ann.get('json/documents')).text).toContain('"documentName":"a b"');
  });
});
