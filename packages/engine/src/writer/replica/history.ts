import type { OoxmlPackage } from '@docx-editor.dev/core/store';
import type { AnchoredSelection } from './client-values.js';
import type { Standing } from './comeback.js';
import type { Inverse } from './inverse.js';
import type { Message } from './operation.js';

/** One own message as history remembers it. Packages share structure: keeping them costs what changed. */
export interface Done {
  readonly message: Message;
  /** How each step is taken back, in the order the steps ran. */
  readonly inverses: readonly Inverse[];
  readonly before: OoxmlPackage;
  /** What the paragraphs it changed held, for putting them back. */
  readonly standing: readonly Standing[];
  readonly after: OoxmlPackage;
}

/** What one undo takes back. */
export interface Unit {
  readonly done: Done[];
  readonly group: string | undefined;
  readonly selectionBefore: AnchoredSelection | null;
  lastAt: number;
  /** Only typing and deleting flow together; everything else is a unit of its own. */
  readonly flowing: boolean;
}

/** Edits of one person closer than this undo together, as people expect of typing. */
const IDLE_LIMIT_MS = 500;
/** Units kept; older work can no longer be undone. */
const DEPTH = 200;

/** The own work of one person, to be undone and redone. Nobody else's is ever on it. */
export class History {
  private readonly undoable: Unit[] = [];
  private readonly redoable: Unit[] = [];

  get canUndo(): boolean {
    return this.undoable.length > 0;
  }

  get canRedo(): boolean {
    return this.redoable.length > 0;
  }

  record(
    done: Done,
    unit: {
      group: string | undefined;
      at: number;
      selectionBefore: AnchoredSelection | null;
      flowing: boolean;
    },
  ): void {
    this.redoable.length = 0;
    const last = this.undoable.at(-1);
    const together =
      last &&
      (unit.group !== undefined
        ? last.group === unit.group
        : last.group === undefined && last.flowing && unit.flowing && unit.at - last.lastAt <= IDLE_LIMIT_MS);
    if (last && together) {
      last.done.push(done);
      last.lastAt = unit.at;
      return;
    }
    const { group, at, selectionBefore, flowing } = unit;
    this.undoable.push({ done: [done], group, selectionBefore, lastAt: at, flowing });
    if (this.undoable.length > DEPTH) this.undoable.shift();
  }

  next(direction: 'undo' | 'redo'): Unit | undefined {
    return (direction === 'undo' ? this.undoable : this.redoable).at(-1);
  }

  /** The unit was taken back by `done`, which itself can be taken back from the other stack. */
  moved(direction: 'undo' | 'redo', done: Done | null): void {
    const [from, to] = direction === 'undo' ? [this.undoable, this.redoable] : [this.redoable, this.undoable];
    const unit = from.pop();
    if (unit && done) to.push({ ...unit, done: [done], flowing: false });
  }

  /** Own work went out anew under another number. */
  renew(n: number, done: Done): void {
    for (const stack of [this.undoable, this.redoable]) {
      for (const unit of stack) {
        const index = unit.done.findIndex((each) => each.message.id.n === n);
        if (index >= 0) unit.done[index] = done;
      }
    }
  }

  /** A message the server or the document refused was never done. */
  forget(n: number): void {
    for (const stack of [this.undoable, this.redoable]) {
      for (let i = stack.length - 1; i >= 0; i--) {
        const unit = stack[i] as Unit;
        const index = unit.done.findIndex((each) => each.message.id.n === n);
        if (index < 0) continue;
        unit.done.splice(index, 1);
        if (unit.done.length === 0) stack.splice(i, 1);
      }
    }
  }
}
