import { commentsOfPart, planRevisionBatch, type TreeDocOp } from '@docx-editor.dev/core/store';
import { type Action, booked, newText, spotOf, struck } from './actions.js';
import { redPixel } from './pixel.js';

const body = { kind: 'body' } as const;

const trackedInsert: Action = (stage) => {
  const spot = spotOf(stage);
  if (!spot) return false;
  const text = newText(stage);
  const offset = stage.random.between(0, spot.text.length);
  const revision = stage.person.revision;
  if (!stage.person.edit([{ op: 'insertText', paragraphId: spot.id, offset, text, revision }])) return false;
  booked(stage, text);
  return true;
};

const trackedDelete: Action = (stage) => {
  const spot = spotOf(stage);
  if (!spot || spot.text.length === 0) return false;
  const start = stage.random.below(spot.text.length);
  const end = Math.min(spot.text.length, start + stage.random.between(1, 5));
  const revision = stage.person.revision;
  if (!stage.person.edit([{ op: 'deleteText', paragraphId: spot.id, start, end, revision }])) return false;
  struck(stage, spot.text.slice(start, end), false);
  return true;
};

const decideOne: Action = (stage) => {
  const { person, random } = stage;
  const action = random.pick(['accept', 'reject'] as const);
  const all = planRevisionBatch(person.editor.main, action, undefined, undefined, { countRemaining: false });
  const entry = all.result.resolved[0] && random.pick(all.result.resolved);
  if (!entry) return false;
  const one = planRevisionBatch(person.editor.main, action, [entry.key], undefined, {
    countRemaining: false,
    explicit: true,
  });
  if (one.ops.length === 0) return false;
  const step = person.client.perform({ do: 'operations', operations: one.ops, scope: body }, person.now);
  return person.follow(step, 'decide one');
};

const decideAll: Action = (stage) => {
  const { person, random } = stage;
  const op: TreeDocOp = random.chance(0.5) ? { op: 'acceptAllRevisions' } : { op: 'rejectAllRevisions' };
  const step = person.client.perform({ do: 'operations', operations: [op], scope: body }, person.now);
  return person.follow(step, 'decide all');
};

const comment: Action = (stage) => {
  const { person, random } = stage;
  const spot = spotOf(stage);
  if (!spot || spot.text.length === 0) return false;
  const from = random.below(spot.text.length);
  const to = Math.min(spot.text.length, from + random.between(1, 6));
  const text = newText(stage);
  const selection = { anchor: { nodeId: spot.id, offset: from }, head: { nodeId: spot.id, offset: to } };
  if (!person.follow(person.client.perform({ do: 'comment', selection, text }, person.now), 'comment'))
    return false;
  booked(stage, text);
  return true;
};

const talk: Action = (stage) => {
  const { person, random } = stage;
  const part = [...person.editor.package.parts.values()].find((each) => each.root.localName === 'comments');
  const known = part ? commentsOfPart(part) : [];
  const one = known[0] && random.pick(known);
  if (!one) return false;
  const choice = random.below(3);
  if (choice === 0) {
    const spot = spotOf(stage);
    if (!spot) return false;
    const place = { nodeId: spot.id, offset: 0 };
    const text = newText(stage);
    const reply = {
      do: 'comment',
      selection: { anchor: place, head: place },
      text,
      replyTo: one.id,
    } as const;
    if (!person.follow(person.client.perform(reply, person.now), 'reply')) return false;
    booked(stage, text);
    return true;
  }
  if (choice === 1)
    return person.follow(
      person.client.perform(
        { do: 'resolveComment', comment: one.id, resolved: random.chance(0.7) },
        person.now,
      ),
    );
  return person.follow(person.client.perform({ do: 'deleteComment', comment: one.id }, person.now));
};

const image: Action = (stage) => {
  const { person, random } = stage;
  const spot = spotOf(stage);
  if (!spot) return false;
  const at = { nodeId: spot.id, offset: random.between(0, spot.text.length) };
  const size = { widthEmu: 914400, heightEmu: 457200 };
  return person.follow(
    person.client.perform(
      { do: 'insertImage', at, bytes: redPixel(), mime: 'image/png', ...size },
      person.now,
    ),
    'image',
  );
};

/** An edit the gate names no operations for: the editor's package simply is another one afterwards. */
const opaque: Action = (stage) => {
  const { person } = stage;
  const spot = spotOf(stage);
  if (!spot) return false;
  const text = newText(stage);
  const before = person.editor.main.root;
  const op: TreeDocOp = { op: 'insertText', paragraphId: spot.id, offset: 0, text };
  if (!person.editor.commit([op], person.options.name)) return false;
  if (person.editor.main.root === before) return false;
  if (!person.follow(person.client.commitPackage(person.editor.package, person.now), 'opaque')) return false;
  booked(stage, text);
  return true;
};

const undo: Action = ({ person }) => person.takeBack('undo');
const redo: Action = ({ person }) => person.takeBack('redo');
const undoAndRedo: Action = ({ person }) => person.takeBackAndRedo();

export const REVIEW_ACTIONS: readonly (readonly [name: string, weight: number, action: Action])[] = [
  ['tracked insert', 3, trackedInsert],
  ['tracked delete', 2, trackedDelete],
  ['decide one change', 1, decideOne],
  ['decide all changes', 0.3, decideAll],
  ['comment', 1.5, comment],
  ['talk in comments', 1.5, talk],
  ['image', 0.7, image],
  ['opaque edit', 0.5, opaque],
  ['undo', 6, undo],
  ['redo', 2, redo],
  ['undo and redo', 2, undoAndRedo],
];
