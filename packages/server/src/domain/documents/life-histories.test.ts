import { AppError } from '@officina/protocol';
import { describe, expect, it } from 'vitest';
import type { ApiKey } from '../keys/api-key.js';
import { addApiKey, type DomainFixture, HOUR_MS, makeDomain } from '../testing/domain-fixture.js';
import { LifeModel, type ModelSession } from '../testing/life-model.js';
import { SeededRandom } from '../testing/random.js';
import { wishOf } from '../testing/wishes.js';

const HISTORIES = 150;
const STEPS = 60;
const IDS = ['a', 'b'] as const;
const FILES = [null, 'one', 'two'] as const;

type Step =
  | { do: 'post'; id: string; file: string | null }
  | { do: 'open' | 'connect' | 'disconnect' | 'edit' | 'touch' | 'delete-session'; session: number }
  | { do: 'deliver' | 'delete-document'; id: string }
  | { do: 'wait'; ms: number }
  | { do: 'sweep' | 'restart' };

/** Most steps let things be lived in; waits are short, long, or just about a session's life. */
function randomStep(random: SeededRandom): Step {
  const id = random.pick(IDS);
  const session = random.below(1000);
  const roll = random.below(100);
  if (roll < 25) return { do: 'post', id, file: random.pick(FILES) };
  if (roll < 35) return { do: 'open', session };
  if (roll < 45) return { do: 'connect', session };
  if (roll < 52) return { do: 'disconnect', session };
  if (roll < 60) return { do: 'edit', session };
  if (roll < 66) return { do: 'touch', session };
  if (roll < 72) return { do: 'deliver', id };
  if (roll < 76) return { do: 'delete-session', session };
  if (roll < 79) return { do: 'delete-document', id };
  if (roll < 92) return { do: 'wait', ms: random.pick([1000, 59_000, HOUR_MS, 3 * HOUR_MS, 6 * HOUR_MS]) };
  if (roll < 93) return { do: 'wait', ms: 7 * 24 * HOUR_MS };
  return { do: random.pick(['sweep', 'restart'] as const) };
}

/** Plays one history on the domain and on the model; throws where they differ. */
class History {
  readonly #model = new LifeModel();
  #domain: DomainFixture = makeDomain();
  #key: ApiKey | undefined;
  /** Times at which a session's activity may be written again; the model has no such memory. */
  #quietUntil = new Map<string, number>();

  async play(steps: readonly Step[]): Promise<void> {
    this.#key = await addApiKey(this.#domain);
    for (const step of steps) {
      await this.#take(step);
      await this.#compare();
    }
  }

  async #take(step: Step): Promise<void> {
    switch (step.do) {
      case 'post':
        return this.#post(step.id, step.file);
      case 'deliver':
        return this.#deliver(step.id);
      case 'delete-document':
        return this.#deleteDocument(step.id);
      case 'wait':
        this.#domain.time.advance(step.ms);
        return;
      case 'sweep':
        this.#model.sweep(this.#now());
        await this.#domain.lifeCycle.expireDue();
        expect(this.#domain.faults).toEqual([]);
        return;
      case 'restart':
        this.#domain = makeDomain({ after: this.#domain });
        this.#quietUntil.clear();
        for (const session of this.#model.sessions) session.connected = false;
        return;
      default: {
        const session = this.#model.sessions[step.session % Math.max(1, this.#model.sessions.length)];
        if (session) await this.#takeWith(session, step.do);
      }
    }
  }

  async #takeWith(session: ModelSession, what: Extract<Step, { session: number }>['do']): Promise<void> {
    const now = this.#now();
    const row = await this.#domain.sessions.find(session.name);
    switch (what) {
      case 'open': {
        const opens = await succeeds(this.#domain.sessionService.open(session.name));
        expect(opens).toBe(this.#model.open(session, now));
        return;
      }
      case 'connect':
        if (!row || !session.opened || this.#model.standing(session, now) !== 'living') return;
        session.connected = true;
        return this.#domain.rooms.connect(row);
      case 'disconnect':
        session.connected = false;
        if (row) this.#domain.rooms.disconnect(row);
        return;
      case 'edit': {
        const document = this.#model.documents.get(session.documentId);
        if (!row || !document || !session.connected) return;
        document.edits += 1;
        return this.#domain.content.edit(row.documentKey);
      }
      case 'touch':
        await this.#domain.sessionService.recordActivity(session.name);
        if ((this.#quietUntil.get(session.name) ?? 0) > now) return;
        this.#quietUntil.set(session.name, now + 60_000);
        if (this.#model.standing(session, now) === 'living') this.#model.touch(session, now);
        else this.#quietUntil.delete(session.name);
        return;
      case 'delete-session': {
        const outcome = await codeOf(this.#domain.sessionService.remove(this.#keyId(), session.name));
        const expected = this.#model.deleteSession(session, now);
        expect(outcome).toBe(expected === 'done' ? 'done' : `session_${expected}`);
        if (expected === 'done') this.#quietUntil.delete(session.name);
        return;
      }
      default:
        return what satisfies never;
    }
  }

  async #post(id: string, file: string | null): Promise<void> {
    const key = this.#key;
    if (!key) throw new Error('The history has no key.');
    const conflictsBefore = this.#domain.tables.saves.size;
    const wish = wishOf(key, { id, ...(file === null ? {} : { file }) });
    const opened = await this.#domain.documentService.open(wish).catch((error: unknown) => error);
    const name = opened instanceof AppError ? '' : (opened as { session: { id: string } }).session.id;
    const expected = this.#model.post(id, file, name, this.#now());
    if (expected.outcome === 'gone') expect(opened).toMatchObject({ code: 'document_unknown' });
    else expect(opened).toMatchObject({ outcome: expected.outcome });
    // Undelivered edits are never dropped for a file: there is a row for them. Overdue lives may add one too.
    if (expected.outcome === 'conflict') expect(this.#domain.tables.saves.size).toBe(conflictsBefore + 1);
  }

  async #deliver(id: string): Promise<void> {
    const document = await this.#domain.documents.findById(this.#keyId(), id);
    const modelled = this.#model.documents.get(id);
    if (document?.state !== 'living' || !modelled) return;
    modelled.delivered = modelled.edits;
    this.#domain.saves.delivered.set(document.key, await this.#domain.content.headSequence(document.key));
  }

  async #deleteDocument(id: string): Promise<void> {
    const outcome = await codeOf(this.#domain.documentService.remove(this.#keyId(), id));
    expect(outcome).toBe(this.#model.deleteDocument(id, this.#now()) ? 'done' : 'document_unknown');
  }

  /** By hand, because `expect` costs more than the histories themselves. */
  async #compare(): Promise<void> {
    const now = this.#now();
    for (const id of IDS) same(await this.#listed(id), this.#modelled(id), `document ${id}`);
    for (const session of this.#model.sessions) {
      const described = await codeOf(this.#domain.sessionService.describe(this.#keyId(), session.name));
      const isExpired = this.#model.standing(session, now) === 'expired';
      same(described, isExpired ? 'session_expired' : 'done', `session ${session.name}`);
    }
    for (const document of this.#domain.tables.documents.values()) {
      if (document.state !== 'living') continue;
      same(this.#domain.blobStore.files.has(document.originalBlob), true, 'bytes of a living document');
    }
  }

  async #listed(id: string): Promise<unknown> {
    try {
      const overview = await this.#domain.sessionService.listForDocument(this.#keyId(), id);
      const sessions = overview.sessions.map(
        ({ session, status }) => `${session.id} ${status} ${session.expiresAt}`,
      );
      return { expiresAt: overview.document.expiresAt, sessions: sessions.sort() };
    } catch (error) {
      if (error instanceof AppError) return error.code;
      throw error;
    }
  }

  #modelled(id: string): unknown {
    const living = this.#model.list(id, this.#now());
    if (!living) return 'document_unknown';
    const sessions = living.map(
      (one) => `${one.name} ${one.connected ? 'active' : 'inactive'} ${one.expiresAt}`,
    );
    return { expiresAt: this.#model.documents.get(id)?.expiresAt, sessions: sessions.sort() };
  }

  #now(): number {
    return this.#domain.time.clock();
  }

  #keyId(): string {
    return this.#key?.id ?? '';
  }
}

function same(actual: unknown, expected: unknown, what: string): void {
  const [is, should] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (is !== should) throw new Error(`${what} is ${is}, not ${should}`);
}

const succeeds = (work: Promise<unknown>) => codeOf(work).then((code) => code === 'done');

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: unknown) => {
      if (error instanceof AppError) return error.code;
      throw error;
    },
  );

async function faultOf(steps: readonly Step[]): Promise<unknown> {
  try {
    await new History().play(steps);
    return undefined;
  } catch (error) {
    return error;
  }
}

/** Leaves out steps as long as the history still fails, so that what is printed is short. */
async function shrink(steps: readonly Step[]): Promise<readonly Step[]> {
  let smallest = steps;
  for (let at = smallest.length - 1; at >= 0; at -= 1) {
    const shorter = smallest.filter((_step, index) => index !== at);
    if ((await faultOf(shorter)) !== undefined) smallest = shorter;
  }
  return smallest;
}

describe('random histories of documents', () => {
  it(`[SE6 SE7 SE9 SE10 SE11 SE13 SE14 SE18 SE19 SE20-SE27] agree with the rules in ${HISTORIES} seeds`, async () => {
    for (let seed = 1; seed <= HISTORIES; seed += 1) {
      const random = new SeededRandom(seed);
      const steps = Array.from({ length: STEPS }, () => randomStep(random));
      const fault = await faultOf(steps);
      if (fault === undefined) continue;
      const script = (await shrink(steps)).map((step) => JSON.stringify(step)).join('\n');
      throw new Error(`Seed ${seed} differs from the model. Smallest history:\n${script}`, { cause: fault });
    }
  });
});
