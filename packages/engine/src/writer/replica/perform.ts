import type { TreeDocOp } from '@docx-editor.dev/core/store';
import { carriedBytes } from './carried-bytes.js';
import type { Intent } from './client-values.js';
import type { StepSource } from './execute.js';
import type { Frame } from './frame.js';
import { COMMENT } from './named.js';
import type { Anchor, JsonValue, Operation, OperationKind } from './operation.js';
import { partOfScope } from './scope.js';
import { NotCarried, translate } from './translate.js';

/** The steps an intent stands for. */
export function stepsOf(intent: Intent): {
  readonly kinds: readonly OperationKind[];
  readonly source: StepSource;
} {
  if (intent.do === 'operations') {
    const { operations, scope, changed = [] } = intent;
    return {
      kinds: operations.map((op) => op.op),
      source: (step, frame) =>
        translate(
          frame.view,
          operations[step] as TreeDocOp,
          { part: partOfScope(frame.pkg, scope), changed },
          frame.key,
        ),
    };
  }
  const kind = KINDS[intent.do](intent as never);
  return { kinds: [kind], source: (_step, frame) => operationOf(intent, kind, frame) };
}

const KINDS: {
  readonly [K in Exclude<Intent['do'], 'operations'>]: (intent: Extract<Intent, { do: K }>) => OperationKind;
} = {
  comment: (intent) => (intent.replyTo === undefined ? 'addComment' : 'replyComment'),
  resolveComment: () => 'resolveComment',
  deleteComment: () => 'deleteComment',
  insertImage: () => 'insertImage',
  pasteFragment: () => 'pasteFragment',
};

function operationOf(
  intent: Exclude<Intent, { do: 'operations' }>,
  kind: OperationKind,
  frame: Frame,
): Operation {
  switch (intent.do) {
    case 'comment': {
      const { selection, text, initials, replyTo } = intent;
      const values: Record<string, JsonValue> = {
        text,
        start: anchorIn(frame, selection.anchor) as unknown as JsonValue,
        end: anchorIn(frame, selection.head) as unknown as JsonValue,
      };
      if (initials !== undefined) values.initials = initials;
      if (replyTo !== undefined) values.replyTo = commentIn(frame, replyTo);
      return { kind, values };
    }
    case 'resolveComment':
      return { kind, values: { comment: commentIn(frame, intent.comment), resolved: intent.resolved } };
    case 'deleteComment': {
      const parent = intent.parent === undefined ? {} : { parent: commentIn(frame, intent.parent) };
      return { kind, values: { comment: commentIn(frame, intent.comment), ...parent } };
    }
    case 'insertImage': {
      const { bytes, mime, widthEmu, heightEmu, title = '', description = '', tracked } = intent;
      const values = { image: carriedBytes(bytes), mime, widthEmu, heightEmu, title, description };
      return { kind, at: anchorIn(frame, intent.at), values, ...(tracked ? { tracked } : {}) };
    }
    case 'pasteFragment': {
      const values = {
        fragment: carriedBytes(intent.fragment),
        lastMarkCovered: intent.lastMarkCovered,
      };
      return { kind, at: anchorIn(frame, intent.at), values, ...(intent.tracked ? { tracked: true } : {}) };
    }
  }
}

function anchorIn(frame: Frame, place: { readonly nodeId: string; readonly offset: number }): Anchor {
  const paragraph = frame.view.paragraphByNode(place.nodeId);
  if (!paragraph) throw new NotCarried(`paragraph ${place.nodeId} is not known here`);
  return frame.view.anchorAt(paragraph, place.offset);
}

function commentIn(frame: Frame, id: string): JsonValue {
  const made = frame.overlay.listKeyOf(`${COMMENT}${id}`);
  return made ? { $made: made } : id;
}
