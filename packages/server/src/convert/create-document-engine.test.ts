import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { getPriority, platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_PACKAGE_LIMITS, inflateEntry, readZipDirectory, writeZip } from '@officina/engine/kit';
import type { SequencedOperation } from '@officina/protocol';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import type { BlankDefaults, DocumentEngine } from '../domain/content/document-engine.js';
import { FakeTime, settle } from '../rooms/testing/fake-time.js';
import { RoomLab } from '../rooms/testing/room-lab.js';
import { createDocumentEngine, type DocumentEngineOptions } from './create-document-engine.js';

const MEGABYTE = 1024 * 1024;
const A4: BlankDefaults = {
  orientation: 'portrait',
  paperSize: 'A4',
  fontName: 'Arial',
  fontSizePt: 11,
  marginsMm: { top: 25, right: 25, bottom: 25, left: 25 },
  trackChanges: false,
  language: 'en-GB',
  dateFormat: null,
};

const folder = mkdtempSync(join(tmpdir(), 'officina-engine-'));
const engines: DocumentEngine[] = [];

afterEach(async () => {
  for (const engine of engines.splice(0)) await engine.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function anEngine(options: Partial<DocumentEngineOptions> = {}): DocumentEngine {
  const time = new FakeTime();
  const engine = createDocumentEngine({
    clock: time.clock,
    scheduler: time.scheduler,
    maxUploadBytes: 100 * MEGABYTE,
    ...options,
  });
  engines.push(engine);
  return engine;
}

function contentsOf(docx: Uint8Array, name: string): string {
  const archive = readZipDirectory(docx, DEFAULT_PACKAGE_LIMITS);
  const entry = archive.entries.find((each) => each.name === name);
  return entry ? textOf(inflateEntry(archive, entry)) : '';
}

/** A script in place of the child that reads files. */
function script(name: string, source: string): string {
  const path = join(folder, `${name}.mjs`);
  writeFileSync(path, source);
  return path;
}

const textOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');

/** An operation on a table row that this document never had. */
function deletion(sequence: number): SequencedOperation {
  const author = { actor: 'user-1', author: 'Ada', at: 1_700_000_000_000 };
  const o = { ops: [{ kind: 'deleteTableRow', values: { referenceCellId: { $node: 'nowhere' } } }] };
  return { sequence, client: 'client-a', n: sequence, base: 0, ...author, o };
}

describe('document engine', () => {
  it('[RO55] makes a blank document and keeps it, so that equal defaults cost nothing', async () => {
    const engine = anEngine();
    const blank = await engine.blank(A4);
    expect(textOf(blank.original).slice(0, 2)).toBe('PK');
    expect(await engine.blank({ ...A4 })).toBe(blank);
    await expect(engine.blank({ ...A4, language: 'no language' })).rejects.toMatchObject({
      code: 'parameter_value_invalid',
    });
  });

  it('[RO55] imports docx as it is, and text by its name alone', async () => {
    const engine = anEngine();
    const { original } = await engine.blank(A4);
    const docx = await engine.import(original, { fileName: null });
    expect(docx.original).toBe(original);
    expect(docx.base.byteLength).toBeGreaterThan(1_000);

    const text = Buffer.from('one\ntwo');
    const made = await engine.import(text, { fileName: 'Notes.TXT' });
    expect(textOf(made.original).slice(0, 2)).toBe('PK');
    await expect(engine.import(text, { fileName: 'notes.docx' })).rejects.toMatchObject({
      code: 'format_unsupported',
    });
    await expect(engine.import(text, { fileName: null })).rejects.toMatchObject({
      code: 'format_unsupported',
    });
  });

  it('[RO55] makes a docx of a file that nobody is going to edit, with the limits of an import', async () => {
    const engine = anEngine();
    const { original } = await engine.blank(A4);
    expect(await engine.toDocx(original, { fileName: null })).toEqual({ docx: original, warnings: [] });
    const made = await engine.toDocx(Buffer.from('one'), { fileName: 'notes.txt' });
    expect(contentsOf(made.docx, 'word/document.xml')).toContain('one');
    const broken = engine.toDocx(original.slice(0, -100), { fileName: 'broken.docx' });
    await expect(broken).rejects.toMatchObject({ code: 'format_unsupported' });
  });

  it('[SE39] writes settings into what it imports, and leaves a file alone of which nothing is asked', async () => {
    const engine = anEngine();
    const { original } = await engine.blank(A4);
    const nothing = { trackChanges: null, language: null };
    const same = await engine.import(original, { fileName: null, settings: nothing });
    expect(same.original).toBe(original);

    const settings = { trackChanges: true, language: 'de-DE' };
    const set = await engine.import(original, { fileName: null, settings });
    const text = await engine.import(Buffer.from('one'), { fileName: 'notes.txt', settings });
    for (const bytes of [set.original, set.base, text.original, text.base]) {
      expect(contentsOf(bytes, 'word/settings.xml')).toContain('<w:trackRevisions/>');
      expect(contentsOf(bytes, 'word/styles.xml')).toContain('<w:lang w:val="de-DE"');
    }
    expect(await engine.import(set.original, { fileName: null, settings })).toEqual(set);
    const wrong = engine.import(original, { fileName: null, settings: { ...settings, language: '?' } });
    await expect(wrong).rejects.toMatchObject({ code: 'parameter_value_invalid' });
  });

  it('[SE39] keeps the date format of a new document in it', async () => {
    const { original, base } = await anEngine().blank({ ...A4, dateFormat: 'MM/DD/YY' });
    for (const bytes of [original, base]) {
      expect(contentsOf(bytes, 'word/settings.xml')).toContain(
        '<w:docVar w:name="DateFormat" w:val="MM/dd/yy"/>',
      );
    }
  });

  it('[FO3] reads pages, and makes a page or a text of a docx', async () => {
    const engine = anEngine() as ReturnType<typeof createDocumentEngine>;
    const page = Buffer.from('<p>one <b>two</b></p>');
    const made = await engine.import(page, { fileName: 'page.html' });
    const out = await engine.exportAs(made.original, 'html', 'Page');
    expect(out.packaging).toBe('plain');
    expect(new TextDecoder().decode(out.bytes)).toContain('<p>one <b>two</b></p>');
    const text = await engine.exportAs(made.original, 'txt', 'Page');
    expect(new TextDecoder().decode(text.bytes)).toBe('one two\n');

    const whole = Buffer.from('<!doctype html><html><body>x</body></html>');
    await engine.import(whole, { fileName: null });
    const source = await engine.import(whole, { fileName: 'source.txt' });
    const { bytes } = await engine.exportAs(source.original, 'txt', '');
    expect(new TextDecoder().decode(bytes)).toContain('<!doctype html>');
  });

  it('[FO4] opens a document under a wrong extension and warns, and refuses what is none', async () => {
    const { original } = await anEngine().blank(A4);
    const engine = anEngine({
      foreignConverter: { formats: new Set(['rtf'] as const), toDocx: async () => original },
    });
    const docx = await engine.import(original, { fileName: 'letter.odt' });
    const rtf = await engine.import(Buffer.from('{\\rtf1 hello}'), { fileName: 'letter.doc' });
    const page = Buffer.from('<!doctype html><html><body>x<img src="a.png"></body></html>');
    const html = await engine.import(page, { fileName: 'letter.doc' });
    expect([docx, rtf, html].map(({ warnings }) => warnings[0])).toEqual([
      'The name ends with .odt, but the file is a docx; it was opened as what it is.',
      'The name ends with .doc, but the file is an rtf; it was opened as what it is.',
      'The name ends with .doc, but the file is a page (html); it was opened as what it is.',
    ]);
    expect(html.warnings.length).toBe(2);
    await expect(engine.import(Buffer.from('GIF89a'), { fileName: 'letter.docx' })).rejects.toMatchObject({
      code: 'format_unsupported',
      message: 'The file cannot be opened: the file is of the kind gif, not docx.',
    });
    const content = new TextEncoder().encode('<xml/>');
    const names = ['[Content_Types].xml', 'xl/workbook.xml'];
    const workbook = writeZip(names.map((name) => ({ kind: 'added' as const, name, content })));
    await expect(engine.import(workbook, { fileName: 'letter.docx' })).rejects.toMatchObject({
      code: 'media_type_mismatch',
      message: 'The file cannot be opened: its name ends with .docx, but it is a spreadsheet (xlsx).',
    });
  });

  it('[RO56] says truthfully what it cannot read', async () => {
    const engine = anEngine({ maxUploadBytes: 10_000 });
    const read = (bytes: Uint8Array, fileName = 'x.docx') =>
      engine.import(bytes, { fileName }).then(
        () => 'read',
        (error: { code: string; message: string }) => [error.code, error.message],
      );
    expect(await read(Buffer.from('{\\rtf1 hello}'), 'x.rtf')).toEqual([
      'format_unsupported',
      'The file is RTF; this server reads docx, html and txt.',
    ]);
    expect((await read(Buffer.alloc(0)))[0]).toBe('format_unsupported');
    expect((await read(Buffer.from('PK\u0003\u0004 broken')))[0]).toBe('format_unsupported');
    expect((await read(Buffer.alloc(10_001)))[0]).toBe('upload_too_large');
  });

  it('[RO56] a converter, where there is one, makes a docx of the rest', async () => {
    const { original } = await anEngine().blank(A4);
    const asked: unknown[] = [];
    const engine = anEngine({
      foreignConverter: {
        formats: new Set(['rtf'] as const),
        toDocx: async (_bytes, format, password) => {
          asked.push([format, password]);
          return original;
        },
      },
    });
    const imported = await engine.import(Buffer.from('{\\rtf1 hello}'), { fileName: 'x.rtf', password: 'p' });
    expect(Buffer.from(imported.original).equals(Buffer.from(original))).toBe(true);
    expect(asked).toEqual([['rtf', 'p']]);
  });

  it('[RO57] builds and snapshots in a thread; a refused operation is a no-op that is reported', async () => {
    const engine = anEngine();
    const { original, base } = await engine.blank(A4);
    const history = {
      original,
      base,
      snapshot: null,
      operations: [deletion(1), deletion(2)],
      attachments: new Map(),
    };

    const built = await engine.build(history);
    expect(Buffer.from(built.bytes).equals(Buffer.from(original))).toBe(true);
    expect([built.sequence, built.refusals.map(({ sequence }) => sequence)]).toEqual([2, [1, 2]]);

    const snapshot = await engine.snapshot(history);
    const again = await engine.snapshot({
      ...history,
      snapshot: snapshot.snapshot,
      operations: [deletion(3)],
    });
    expect([snapshot.sequence, again.sequence]).toEqual([2, 3]);
    expect(again.digest).toBe(snapshot.digest);
  });

  it.runIf(platform() === 'linux')(
    '[RO57] builds in a thread that leaves the core to everybody else',
    async () => {
      const before = new Set(readdirSync('/proc/self/task'));
      await anEngine().blank(A4);
      const started = readdirSync('/proc/self/task').filter((thread) => !before.has(thread));
      expect(started.map((thread) => getPriority(Number(thread)))).toContain(getPriority(process.pid) + 5);
    },
  );

  it('[RO57] a log that cannot be replayed is a fault that names the operation', async () => {
    const engine = anEngine();
    const { original, base } = await engine.blank(A4);
    const gap = {
      original,
      base,
      snapshot: null,
      operations: [deletion(1), deletion(3)],
      attachments: new Map(),
    };
    await expect(engine.build(gap)).rejects.toMatchObject({ name: 'ReplicaFault', sequence: 3 });
    await expect(engine.snapshot({ ...gap, operations: [deletion(1)] })).resolves.toMatchObject({
      sequence: 1,
    });
  });
});

describe('document engine: files that attack it', () => {
  it('[RO54] a file that floods the memory with Buffers is killed by the watchdog', async () => {
    const greedy = script(
      'greedy',
      `const held = []; process.stdin.on('data', () => {
         const grow = () => { held.push(Buffer.alloc(8 * 1024 * 1024, 1)); setImmediate(grow); };
         grow();
       });`,
    );
    const limits = { importResidentBytes: 160 * MEGABYTE };
    const engine = anEngine({ scripts: { importChild: greedy }, limits });
    await expect(engine.import(Buffer.from('x'), { fileName: null })).rejects.toMatchObject({
      code: 'upload_too_large',
    });
  });

  it('[RO54] a file that fills the heap is refused, and one that breaks the process too', async () => {
    const full = script(
      'full',
      `const held = []; process.stdin.on('data', () => { for (;;) held.push({ text: String(held.length) }); });`,
    );
    const engine = anEngine({ scripts: { importChild: full }, limits: { importHeapBytes: 32 * MEGABYTE } });
    await expect(engine.import(Buffer.from('x'), { fileName: null })).rejects.toMatchObject({
      code: 'upload_too_large',
    });

    const broken = script('broken', `process.stdin.on('data', () => { throw new Error('boom'); });`);
    await expect(
      anEngine({ scripts: { importChild: broken } }).import(Buffer.from('x'), { fileName: null }),
    ).rejects.toMatchObject({ code: 'format_unsupported' });
  });

  it('[RO54] an answer that is too large is not held', async () => {
    const endless = script(
      'endless',
      `process.stdin.on('data', () => {
         const header = Buffer.from(JSON.stringify({ header: {}, sizes: [1e12] }));
         const length = Buffer.alloc(4);
         length.writeUInt32LE(header.length);
         process.stdout.write(Buffer.concat([length, header]));
       });`,
    );
    await expect(
      anEngine({ scripts: { importChild: endless } }).import(Buffer.from('x'), { fileName: null }),
    ).rejects.toMatchObject({ code: 'upload_too_large' });
  });

  it('[RO54] while one file keeps its process busy, rooms deliver and other documents are built', async () => {
    const busy = script('busy', `process.stdin.on('data', () => { for (;;); });`);
    const time = new FakeTime();
    const engine = anEngine({ clock: time.clock, scheduler: time.scheduler, scripts: { importChild: busy } });
    let isRunning = true;
    const hostile = engine
      .import(Buffer.from('x'), { fileName: null })
      .catch((error: unknown) => error)
      .finally(() => {
        isRunning = false;
      });

    const lab = new RoomLab();
    const ada = await lab.enter('ada');
    const ben = await lab.enter('ben');
    for (let word = 1; word <= 100; word += 1) ada.type(`word ${word}`);
    await settle();
    await lab.time.advance(100);
    expect(ben.heard.length).toBe(100);
    await engine.blank(A4);
    expect(isRunning).toBe(true);

    await time.advance(60_000);
    expect(await hostile).toMatchObject({ code: 'upload_too_large' });
  });
});
