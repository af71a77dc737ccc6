import type { LibraryItem, LibraryPage } from '@officina/protocol';
import { describe, expect, it } from 'vitest';
import type { Answer } from '../front/ask.js';
import { DocumentList, type ListState } from './document-list.js';

describe('a list of documents', () => {
  it('[LI112] begins with what fills a window, and then takes as much as is shown, up to 300', async () => {
    const shelf = aShelf(10_000);
    shelf.list.again();
    await shelf.settled();
    for (let part = 0; part < 5; part += 1) {
      shelf.list.more();
      await shelf.settled();
    }
    expect(shelf.asked.map(({ limit }) => limit)).toEqual([60, 60, 120, 240, 300, 300]);
    expect(shelf.shown().items?.map(({ id }) => id)).toEqual(ids(0, 1_080));
    expect(shelf.shown().hasMore).toBe(true);
  });

  it('ends where the server has no more, and then asks for none', async () => {
    const shelf = aShelf(61);
    shelf.list.again();
    await shelf.settled();
    shelf.list.more();
    await shelf.settled();
    expect(shelf.shown()).toMatchObject({ hasMore: false });
    shelf.list.more();
    await shelf.settled();
    expect(shelf.asked).toHaveLength(2);
  });

  it('asks one question at a time, and once for what was wished meanwhile', async () => {
    const shelf = aShelf(500);
    shelf.list.again();
    for (let wish = 0; wish < 5; wish += 1) shelf.list.again();
    await shelf.settled();
    expect(shelf.asked).toHaveLength(2);
    for (let wish = 0; wish < 5; wish += 1) shelf.list.more();
    expect(shelf.asked).toHaveLength(3);
  });

  it('[LI112] rests after news of changes, longer after a long round, and not for what the person did', async () => {
    const shelf = aShelf(1_000);
    shelf.list.again();
    await shelf.settled();
    shelf.answersAfter(40);

    for (let change = 0; change < 5; change += 1) shelf.list.againSoon();
    await shelf.settled();
    await shelf.passes(79);
    shelf.list.more();
    await shelf.settled();
    expect(shelf.asked.slice(1)).toEqual([
      { next: null, limit: 60 },
      { next: '60', limit: 60 },
    ]);
    await shelf.passes(1);
    expect(shelf.asked.slice(3)).toEqual([{ next: null, limit: 120 }]);

    shelf.answersAfter(60_000);
    shelf.list.again();
    shelf.list.againSoon();
    shelf.list.again();
    await shelf.settled();
    expect(shelf.asked).toHaveLength(6);
    shelf.list.againSoon();
    await shelf.passes(9_999);
    expect(shelf.asked).toHaveLength(6);
    await shelf.passes(1);
    expect(shelf.asked).toHaveLength(7);
    shelf.list.againSoon();
    shelf.list.close();
    await shelf.passes(10_000);
    expect(shelf.asked).toHaveLength(7);
  });

  it('[LI112] reads all that is shown again, and keeps the objects of documents that are the same', async () => {
    const shelf = aShelf(1_000);
    shelf.list.again();
    await shelf.settled();
    for (let part = 0; part < 4; part += 1) {
      shelf.list.more();
      await shelf.settled();
    }
    const before = shelf.shown().items ?? [];
    expect(before).toHaveLength(780);
    shelf.rename('700', 'Another name');
    shelf.list.again();
    await shelf.settled();
    const after = shelf.shown().items ?? [];
    expect(after).toHaveLength(780);
    expect(after.filter((item, place) => item !== before[place]).map(({ name }) => name)).toEqual([
      'Another name',
    ]);
    expect(shelf.shown().turn).toBe(2);
  });

  it('keeps what is shown beside a refusal, and says nothing any more once it is closed', async () => {
    const shelf = aShelf(100);
    shelf.list.again();
    await shelf.settled();
    shelf.answerNext({ state: 'refused', message: 'The server does not answer.', retryAfterSeconds: null });
    shelf.list.more();
    await shelf.settled();
    expect(shelf.shown()).toMatchObject({ problem: 'The server does not answer.', hasMore: true });
    expect(shelf.shown().items).toHaveLength(60);
    shelf.list.more();
    shelf.list.close();
    await shelf.settled();
    expect(shelf.shown().items).toHaveLength(60);
  });

  it('tells when the sign-in is over', async () => {
    const shelf = aShelf(100);
    shelf.answerNext({ state: 'signed_out' });
    shelf.list.again();
    await shelf.settled();
    expect(shelf.signedOut()).toBe(1);
  });
});

/** A list before a server with so many documents, which answers at the next turn of the loop. */
function aShelf(count: number) {
  let items = ids(0, count).map((id) => ({ id, name: `Document ${id}` }) as LibraryItem);
  const asked: { next: string | null; limit: number }[] = [];
  let shown: ListState | undefined;
  let planned: Answer<LibraryPage> | undefined;
  let signedOut = 0;
  let now = 0;
  let answerMs = 0;
  let timers: { at: number; task: () => void }[] = [];
  const settled = () => new Promise<void>((resolve) => setImmediate(resolve));
  const list = new DocumentList({
    async read(next, limit) {
      asked.push({ next, limit });
      now += answerMs;
      if (planned) {
        const answer = planned;
        planned = undefined;
        return answer;
      }
      const from = Number(next ?? 0);
      const page = items.slice(from, from + limit).map((item) => ({ ...item }));
      return {
        state: 'good',
        value: { items: page, next: from + limit < items.length ? String(from + limit) : null },
      };
    },
    onChange: (state) => {
      shown = state;
    },
    onSignedOut: () => {
      signedOut += 1;
    },
    now: () => now,
    schedule: (task, delayMs) => {
      const timer = { at: now + delayMs, task };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
  });
  return {
    list,
    asked,
    signedOut: () => signedOut,
    shown: () => {
      if (!shown) throw new Error('Nothing is shown.');
      return shown;
    },
    answerNext: (answer: Answer<LibraryPage>) => {
      planned = answer;
    },
    rename: (id: string, name: string) => {
      items = items.map((item) => (item.id === id ? { ...item, name } : item));
    },
    /** Every answer that is on its way has come: each takes a few turns of the microtask queue. */
    settled,
    /** How long the server takes for an answer. */
    answersAfter: (ms: number) => {
      answerMs = ms;
    },
    /** Time passes, and what is due happens. */
    passes: async (ms: number) => {
      now += ms;
      const due = timers.filter(({ at }) => at <= now);
      timers = timers.filter(({ at }) => at > now);
      for (const { task } of due) task();
      await settled();
    },
  };
}

function ids(from: number, to: number): string[] {
  return Array.from({ length: to - from }, (_, index) => String(from + index));
}
