import type { CollaborationDocumentPort } from '@docx-editor.dev/core/collaboration/replication';
import {
  type OoxmlPackage,
  ORIGIN_IDS,
  type TreeDocOp,
  type TreeModelChange,
} from '@docx-editor.dev/core/store';
import { expect, it } from 'vitest';
import { type CommittedEdit, EditorSeat, type SeatOwner } from './editor-seat.js';

const BODY = { kind: 'body' } as const;
const typed: TreeDocOp = { op: 'insertText', paragraphId: '/word/document.xml#1', offset: 0, text: 'a' };
const opened = { relationships: new Map(), parts: new Map() } as unknown as OoxmlPackage;

function setUp() {
  const committed: CommittedEdit[] = [];
  const opaque: OoxmlPackage[] = [];
  const soon: (() => void)[] = [];
  const listeners: ((change: TreeModelChange) => void)[] = [];
  let applyAnswer: { ok: true; changed: boolean } | { ok: false; reason: string } = {
    ok: true,
    changed: true,
  };
  let duringApply = () => {};
  const owner: SeatOwner = {
    documentId: 'd',
    clientId: 'c',
    identity: { actorId: 'u', name: 'U' },
    refusal: () => null,
    committed: (edit) => committed.push(edit),
    committedOpaque: (edited) => opaque.push(edited),
    canUndo: () => false,
    canRedo: () => false,
    undo: () => false,
    redo: () => false,
    selectionMoved: () => {},
    participants: () => [],
    remoteSelections: () => [],
  };
  const seat = new EditorSeat(owner, (task) => soon.push(task));
  seat.lookThrough({ selection: () => null, paragraphIds: () => [], package: () => opened });
  // Only these two of the port are used here.
  const port = {
    subscribe: (listener: (change: TreeModelChange) => void) => {
      listeners.push(listener);
      return () => {};
    },
    applyRemotePackage: () => {
      duringApply();
      return applyAnswer;
    },
  } as unknown as CollaborationDocumentPort;
  seat.attach(port);
  const change = (origin: string = ORIGIN_IDS.mutationHuman, created: string[] = []) => {
    for (const listener of listeners) listener({ origin, created } as unknown as TreeModelChange);
  };
  return {
    seat,
    committed,
    opaque,
    change,
    runSoon: () => {
      for (const task of soon.splice(0)) task();
    },
    refuseInstalls: (reason: string) => {
      applyAnswer = { ok: false, reason };
    },
    onApply: (task: () => void) => {
      duringApply = task;
    },
  };
}

it('hands over what the gate saw, with what the commit made', () => {
  const { seat, committed, change } = setUp();

  expect(seat.gateOperations([typed], BODY)).toBeNull();
  change(undefined, ['/word/document.xml#new:1']);

  expect(committed).toEqual([
    { operations: [typed], scope: BODY, selectionBefore: null, created: ['/word/document.xml#new:1'] },
  ]);
});

it('takes a commit without operations for one that only the whole document tells, once the editor is done', () => {
  const { seat, committed, opaque, change, runSoon } = setUp();

  seat.gateOperations([], BODY);
  change();
  expect(opaque).toEqual([]);
  runSoon();

  expect(opaque).toEqual([opened]);
  expect(committed).toEqual([]);
});

it('counts what is typed meanwhile to the document that waits to be handed over', () => {
  const { seat, committed, opaque, change, runSoon } = setUp();
  seat.gateOperations([], BODY);
  change();

  seat.gateOperations([typed], BODY);
  change();
  runSoon();

  expect(opaque).toHaveLength(1);
  expect(committed).toEqual([]);
});

it('has what was typed since the last frame in the document before anything else touches it', () => {
  const { seat, committed, opaque, change, runSoon } = setUp();
  const takeInput = () => {
    seat.gateOperations([typed], BODY);
    change();
  };
  seat.lookThrough({ selection: () => null, paragraphIds: () => [], package: () => opened, takeInput });

  seat.handOver();
  runSoon();

  expect(committed).toHaveLength(1);
  expect(opaque).toEqual([]);
});

it('hands nothing over for an empty gate call that no commit follows', () => {
  const { seat, committed, opaque, change, runSoon } = setUp();

  seat.gateOperations([], BODY);
  seat.gateOperations([typed], BODY);
  change();
  runSoon();

  expect(committed).toHaveLength(1);
  expect(opaque).toEqual([]);
});

it("does not take others' work that it installs for the person's own", () => {
  const { seat, committed, opaque, change, onApply, runSoon } = setUp();
  onApply(() => {
    seat.gateOperations([], BODY);
    change(ORIGIN_IDS.mutationRemote);
  });

  expect(seat.install({ package: opened, selection: null })).toBe(true);
  runSoon();

  expect([committed, opaque]).toEqual([[], []]);
});

it('says where the caret goes only until the person edits', () => {
  const { seat, change } = setUp();
  const place = { nodeId: 'p', offset: 1 };
  const move = { from: { anchor: place, head: place }, to: { anchor: place, head: place } };

  seat.install({ package: opened, selection: move });
  expect(seat.remoteSelectionMove()).toBe(move);
  seat.gateOperations([typed], BODY);
  change();

  expect(seat.remoteSelectionMove()).toBeNull();
});

it('does not hide that the editor refused the merged document', () => {
  const { seat, refuseInstalls } = setUp();
  refuseInstalls('remote-apply-failed');

  expect(() => seat.install({ package: opened, selection: null })).toThrow('remote-apply-failed');
});
