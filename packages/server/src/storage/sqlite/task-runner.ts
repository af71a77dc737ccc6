import { type Append, type LogHead, planCommit } from '../append.js';
import type { Outcome } from '../database.js';
import type { Binding } from './binding.js';
import type { AtomicStep, Reply, Request, Result, Statement, Task, ThreadError } from './messages.js';
import { StatementCache } from './open-binding.js';

/** Runs requests in the order in which they came, with one commit, and so one sync, for all that came together. */
export class TaskRunner {
  readonly #binding: Binding;
  readonly #statements: StatementCache;
  #isClosed = false;

  constructor(binding: Binding) {
    this.#binding = binding;
    this.#statements = new StatementCache(binding);
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  run(requests: readonly Request[]): Reply[] {
    const replies: Reply[] = [];
    let group: Request[] = [];
    for (const request of requests) {
      if (this.#canShareCommit(request.task)) {
        group.push(request);
        continue;
      }
      replies.push(...this.#runGroup(group), this.#runAlone(request));
      group = [];
    }
    replies.push(...this.#runGroup(group));
    return replies;
  }

  /** What opens, ends or stands inside a transaction of several messages must not be wrapped in another one. */
  #canShareCommit(task: Task): boolean {
    if (task.kind === 'transaction' || task.kind === 'close') return false;
    return !this.#binding.inTransaction();
  }

  #runGroup(group: readonly Request[]): Reply[] {
    const writes = group.filter(({ task }) => this.#writes(task));
    if (writes.length === 0) return group.map((request) => this.#runAlone(request));
    try {
      this.#binding.exec('begin immediate');
      const replies = group.map((request) => this.#runAlone(request));
      // SQLite itself rolls back on some errors (a full disk): then nothing of the group holds.
      if (!this.#binding.inTransaction()) throw new Error('SQLite rolled the whole transaction back.');
      this.#binding.exec('commit');
      return replies;
    } catch (error) {
      this.#rollBack();
      const failure = toThreadError(error);
      return group.map(({ id }) => ({ id, error: failure }));
    }
  }

  #runAlone({ id, task }: Request): Reply {
    try {
      return { id, result: this.#perform(task) };
    } catch (error) {
      return { id, error: toThreadError(error) };
    }
  }

  #perform(task: Task): Result {
    switch (task.kind) {
      case 'statement':
        return { kind: 'statement', outcome: this.#execute(task.statement) };
      case 'atomic':
        return this.#asOne(() => ({
          kind: 'atomic',
          outcomes: task.statements.map((statement) => this.#executeStep(statement)),
        }));
      case 'append':
        return this.#asOne(() => ({
          kind: 'append',
          refusals: this.#append(task.appends),
        }));
      case 'transaction':
        if (task.verb === 'rollback') this.#rollBack();
        else this.#binding.exec(task.verb === 'begin' ? 'begin immediate' : 'commit');
        return { kind: 'done' };
      case 'close':
        this.#rollBack();
        this.#binding.close();
        this.#isClosed = true;
        return { kind: 'done' };
      default:
        return task satisfies never;
    }
  }

  /** All or nothing inside the group's transaction, so that a failure leaves the neighbours in the commit alone. */
  #asOne(step: () => Result): Result {
    this.#binding.exec('savepoint task');
    try {
      const result = step();
      this.#binding.exec('release task');
      return result;
    } catch (error) {
      if (this.#binding.inTransaction()) this.#binding.exec('rollback to task; release task');
      throw error;
    }
  }

  #execute({ sql, parameters }: Statement): Outcome {
    const statement = this.#statements.get(sql);
    if (!statement.reader) return { rows: [], changes: statement.run(parameters).changes };
    const rows = statement.all(parameters);
    return { rows, changes: rows.length };
  }

  #executeStep({ statement, elseRefuse }: AtomicStep): Outcome {
    const outcome = this.#execute(statement);
    if (elseRefuse !== null && outcome.changes === 0) throw new Error(elseRefuse);
    return outcome;
  }

  #append(appends: readonly Append[]): (string | null)[] {
    const known = new Map<string, LogHead | undefined>();
    const headOf = (document: string) => {
      if (!known.has(document)) known.set(document, this.#headOf(document));
      return known.get(document);
    };
    const { refusals, rows, heads, clients, snapshots } = planCommit(appends, headOf);
    for (const { document, epoch, firstSequence, lastSequence, operations } of rows) {
      const parameters = [document, lastSequence, firstSequence, epoch, `[${operations}]`];
      this.#execute({ sql: ADD_ENTRY, parameters });
    }
    for (const head of heads) this.#execute({ sql: MOVE_HEAD, parameters: head });
    for (const { document, client, n, actor } of clients) {
      this.#execute({ sql: MOVE_CLIENT, parameters: [document, client, n, actor] });
    }
    for (const row of snapshots) {
      const { document_key, sequence, epoch, blob, engine, digest, created_at, people, restored } = row;
      const place = [document_key, sequence, epoch];
      const content = [blob, engine, digest, created_at, people, restored];
      this.#execute({ sql: ADD_SNAPSHOT, parameters: [...place, ...content] });
    }
    return refusals;
  }

  #headOf(document: string): LogHead | undefined {
    const [head] = this.#execute({ sql: HEAD, parameters: [document] }).rows;
    return head as LogHead | undefined;
  }

  #writes(task: Task): boolean {
    return task.kind !== 'statement' || !/^\s*select\b/i.test(task.statement.sql);
  }

  #rollBack(): void {
    if (this.#binding.inTransaction()) this.#binding.exec('rollback');
  }
}

export function toThreadError(error: unknown): ThreadError {
  if (!(error instanceof Error)) return { message: String(error), code: null };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : null;
  return { message: error.message, code };
}

const HEAD = 'select sequence, epoch from operation_logs where document_key = ?';
const ADD_ENTRY =
  'insert into log_entries (document_key, last_sequence, first_sequence, epoch, operations) values (?, ?, ?, ?, ?)';
const ADD_SNAPSHOT =
  'insert into snapshots (document_key, sequence, epoch, blob, engine, digest, created_at, people, restored) ' +
  'values (?, ?, ?, ?, ?, ?, ?, ?, ?)';
const MOVE_HEAD =
  'insert into operation_logs (document_key, sequence, epoch) values (?, ?, 0) ' +
  'on conflict (document_key) do update set sequence = excluded.sequence';
const MOVE_CLIENT =
  'insert into log_clients (document_key, client, n, actor) values (?, ?, ?, ?) ' +
  'on conflict (document_key, client) do update set n = max(n, excluded.n), actor = excluded.actor';
