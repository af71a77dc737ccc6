import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SeededRandom } from '../../domain/testing/random.js';
import { type Lab, openLab, type Person } from './testing/lab.js';
import { LibraryModel, type ModelEntry, type Outcome } from './testing/library-model.js';
import { validate } from './testing/validate.js';
import { elements, firstElement, parseXml, textOf, type XmlNode } from './testing/xml-tree.js';

const SEEDS = 10;
const STEPS = 60;
const NAMES = ['test', 'test1', 'Dell Laptops', 'DellLaptops', 'a_b-c'] as const;
const TAGS = ['plan', 'q2'] as const;
const LISTS = ['incomingdocuments', 'documents', 'publicdocuments', 'trasheddocuments'] as const;

type Step = () => Promise<void>;

let lab: Lab;

beforeAll(async () => {
  lab = await openLab();
});
afterAll(() => lab.close());

/** Plays one random story; every answer and, at its end, everything that anybody sees must be as the model says. */
async function play(seed: number): Promise<void> {
  const random = new SeededRandom(seed);
  const model = new LibraryModel();
  const people = await Promise.all(['ann', 'bo', 'cy'].map((name) => lab.person(`${name}${seed}`)));
  const script: string[] = [];
  const person = () => random.pick(people) as Person;
  const anyId = () => random.pick(model.documents)?.id ?? '404';
  const dialect = () => random.pick(['xml', 'json'] as const);

  const agree = async (who: Person, path: string, form: Record<string, string>, expected: Outcome) => {
    const format = dialect();
    const { text } = await who.post(`${format}/${path}`, form);
    script.push(`${who.name} ${path} ${JSON.stringify(form)}`);
    expect(codeOf(format, text), `seed ${seed}:\n${script.join('\n')}`).toBe(expected);
  };

  const steps: Step[] = [
    async () => {
      const who = person();
      const name = random.pick(NAMES);
      const id = await who.upload(name, `content ${script.length}`);
      script.push(`${who.name} uploads ${name}`);
      model.add(who.name, id, name, `content ${script.length - 1}`, lab.time.clock());
    },
    async () => {
      const [who, id, content] = [person(), anyId(), `text ${script.length}`];
      await agree(
        who,
        `saveDocument/${id}`,
        { content },
        model.save(who.name, id, content, lab.time.clock()),
      );
    },
    async () => {
      const [who, id, name] = [person(), anyId(), random.pick(NAMES)];
      const expected = model.rename(who.name, id, name, lab.time.clock());
      await agree(who, 'renamedocument', { documentId: id, documentName: name }, expected);
    },
    async () => {
      const [who, id, canWrite] = [person(), anyId(), random.next() < 0.5];
      const names = [...new Set([person().name, person().name])];
      const expected = model.share(who.name, id, names, canWrite);
      const form = { shareto: names.join(','), allowtowrite: String(canWrite) };
      await agree(who, `shareDocument/${id}`, form, expected);
    },
    async () => {
      const [who, id, whom] = [person(), anyId(), person()];
      await agree(who, `cancelsharing/${id}`, { emailid: whom.email }, model.cancel(who.name, id, whom.name));
    },
    async () => {
      const [who, id, isTrashed] = [person(), anyId(), random.next() < 0.5];
      const word = isTrashed ? 'trashDocument' : 'restoreDocument';
      await agree(who, `${word}/${id}`, {}, model.setTrashed(who.name, id, isTrashed));
    },
    async () => {
      const [who, id] = [person(), anyId()];
      await agree(who, `deleteDocument/${id}`, {}, model.delete(who.name, id));
    },
    async () => {
      const [who, id, isPublic] = [person(), anyId(), random.next() < 0.7];
      const word = isPublic ? 'makePublic' : 'removePublic';
      await agree(who, `${word}/${id}`, {}, model.publish(who.name, id, isPublic));
    },
    async () => {
      const [who, id, tags, isAdded] = [person(), anyId(), random.pick(TAGS), random.next() < 0.7];
      const word = isAdded ? 'addTags' : 'removeTags';
      await agree(who, `${word}/${id}`, { tags }, model.tag(who.name, id, tags, isAdded));
    },
  ];

  const [upload, , rename, share] = steps as [Step, Step, Step, Step];
  // Stories without documents and shares are short.
  const weighted = [...steps, upload, upload, rename, share, share];

  for (let step = 0; step < STEPS; step += 1) {
    if (random.next() < 0.8) lab.time.advance(1 + random.below(5_000));
    await (random.pick(weighted) as Step)();
  }

  const story = () => `seed ${seed}:\n${script.join('\n')}`;
  for (const who of people) {
    for (const name of LISTS) {
      const expected = model.list(who.name, name);
      expect(await listIn('json', who, name), story()).toMatchObject(expected);
      expect(await listIn('xml', who, name), story()).toMatchObject(expected);
    }
    for (const tag of TAGS) {
      const { text } = await who.get(`json/documents/tag/${tag}`);
      const { document } = JSON.parse(text).response.result.documents;
      const ids = document.map((entry: ModelEntry) => entry.documentId);
      expect(ids, story()).toEqual(model.tagged(who.name, tag));
    }
  }
  for (const { id } of model.documents) {
    for (const who of [...people, null]) {
      const answer = who
        ? await who.get(`docx/download/${id}`)
        : await lab.send({ url: `/api/public/docx/download/${id}` });
      const read = model.read(who?.name ?? null, id);
      if ('code' in read) expect(codeOf('xml', answer.text), story()).toBe(read.code);
      else expect(answer.text, story()).toBe(read.content);
    }
  }
}

function codeOf(format: 'xml' | 'json', text: string): Outcome {
  if (format === 'json') return JSON.parse(text).response.error?.code ?? null;
  const top = firstElement(parseXml(text));
  return top.name === 'error' ? textOf(top, 'code') : null;
}

/** The whole list, read page by page as a caller with a small window would. */
async function listIn(format: 'xml' | 'json', who: Person, name: string): Promise<unknown[]> {
  const whole: unknown[] = [];
  for (let from = 1; ; from += 3) {
    const { text } = await who.get(`${format}/${name}`, { 'start-from': String(from), limit: '3' });
    if (format === 'xml') expect(validate(name, text)).toBe('');
    const code = codeOf(format, text);
    if (code !== null) {
      expect([code, from > 1]).toEqual(['1416', true]);
      return whole;
    }
    const page =
      format === 'json'
        ? JSON.parse(text).response.result[name].document
        : elements(firstElement(firstElement(parseXml(text)))).map(toObject);
    whole.push(...page);
    if (page.length < 3) return whole;
  }
}

function toObject(entry: XmlNode): Record<string, string> {
  return Object.fromEntries(elements(entry).map((field) => [field.name, textOf(field)]));
}

describe('three people', () => {
  it(`[LI80] ${SEEDS} random stories of ${STEPS} calls go as a simple model says, in both dialects`, async () => {
    for (let seed = 1; seed <= SEEDS; seed += 1) await play(seed);
  }, 300_000);
});
