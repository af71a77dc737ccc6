import { describe, expect, it } from 'vitest';
import type { Binding } from './binding.js';
import type { Reply, Task } from './messages.js';
import { TaskRunner } from './task-runner.js';

/** A binding that only writes down what it is told; a statement whose text holds `fail` throws. */
function recordingBinding(behaviour: { failAt?: string; rollsBackAt?: string } = {}) {
  const log: string[] = [];
  let isOpen = false;
  const perform = (sql: string) => {
    log.push(sql);
    if (sql.startsWith('begin')) isOpen = true;
    if (sql === 'commit' && behaviour.failAt !== 'commit') isOpen = false;
    if (sql === 'rollback') isOpen = false;
    if (sql === behaviour.rollsBackAt) isOpen = false;
    if (sql === behaviour.failAt || sql === behaviour.rollsBackAt) throw new Error(`${sql} failed`);
  };
  const binding: Binding = {
    prepare: (sql) => ({
      reader: sql.startsWith('select'),
      all: () => {
        perform(sql);
        return [];
      },
      run: () => {
        perform(sql);
        return { changes: 1 };
      },
    }),
    exec: perform,
    inTransaction: () => isOpen,
    close: () => perform('close'),
  };
  return { binding, log };
}

const statement = (sql: string): Task => ({ kind: 'statement', statement: { sql, parameters: [] } });
const atomic = (...sqls: string[]): Task => ({
  kind: 'atomic',
  statements: sqls.map((sql) => ({ statement: { sql, parameters: [] }, elseRefuse: null })),
});

function run(binding: Binding, ...tasks: Task[]): Reply[] {
  return new TaskRunner(binding).run(tasks.map((task, id) => ({ id, task })));
}

function failed(replies: readonly Reply[]): number[] {
  return replies.filter((reply) => 'error' in reply).map(({ id }) => id);
}

describe('task runner', () => {
  it('[ST3] everything that waits shares one commit', () => {
    const { binding, log } = recordingBinding();
    const replies = run(
      binding,
      statement('insert 1'),
      statement('select 1'),
      atomic('insert 2', 'insert 3'),
    );
    expect(failed(replies)).toEqual([]);
    expect(log).toEqual([
      'begin immediate',
      'insert 1',
      'select 1',
      'savepoint task',
      'insert 2',
      'insert 3',
      'release task',
      'commit',
    ]);
  });

  it('[ST3] reading alone opens no transaction, so that it never waits for another process', () => {
    const { binding, log } = recordingBinding();
    run(binding, statement('select 1'), statement('select 2'));
    expect(log).toEqual(['select 1', 'select 2']);
  });

  it('[ST3] what fails is undone alone; its neighbours are committed', () => {
    const { binding, log } = recordingBinding({ failAt: 'insert bad' });
    const replies = run(
      binding,
      statement('insert 1'),
      atomic('insert 2', 'insert bad'),
      statement('insert 3'),
    );
    expect(failed(replies)).toEqual([1]);
    expect(log).toContain('rollback to task; release task');
    expect(log.slice(-2)).toEqual(['insert 3', 'commit']);
  });

  it('[ST3] a commit that fails fails everything that was in it', () => {
    const { binding, log } = recordingBinding({ failAt: 'commit' });
    expect(failed(run(binding, statement('insert 1'), statement('insert 2')))).toEqual([0, 1]);
    expect(log.at(-1)).toBe('rollback');
  });

  it('[ST3] when SQLite itself rolls back, as on a full disk, nothing of the group is acknowledged', () => {
    const { binding } = recordingBinding({ rollsBackAt: 'insert 2' });
    expect(failed(run(binding, statement('insert 1'), statement('insert 2'), statement('insert 3')))).toEqual(
      [0, 1, 2],
    );
  });

  it('[ST3] what belongs to a transaction of several messages is not wrapped in another', () => {
    const { binding, log } = recordingBinding();
    run(
      binding,
      statement('insert 1'),
      { kind: 'transaction', verb: 'begin' },
      statement('insert 2'),
      { kind: 'transaction', verb: 'commit' },
      statement('insert 3'),
    );
    expect(log).toEqual([
      ...['begin immediate', 'insert 1', 'commit'],
      ...['begin immediate', 'insert 2', 'commit'],
      ...['begin immediate', 'insert 3', 'commit'],
    ]);
  });
});
