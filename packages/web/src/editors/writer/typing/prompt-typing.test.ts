import { afterEach, expect, it } from 'vitest';
import { afterTyping, takeTypingInAtOnce } from './prompt-typing.js';

/** The limits of time that are still to be reached. */
const timers: (() => void)[] = [];

afterEach(() => reachLimits());

it('takes a letter in within its own event, and does the rest after the frame that shows it', async () => {
  const { view, frames, type } = page();
  const done: string[] = [];
  const rest = new Promise<void>((resolve) => {
    takeTypingInAtOnce(view, () => {
      done.push('taken in');
      expect(afterTyping(() => done.push('first'))).toBe(true);
      afterTyping(resolve);
    });
  });

  type('insertText');
  expect(done).toEqual(['taken in']);
  for (const frame of frames.splice(0)) frame();
  await rest;

  expect(done).toEqual(['taken in', 'first']);
});

it('does the rest in time where no frame comes', async () => {
  const { view, type } = page();
  const rest = new Promise<void>((resolve) => {
    takeTypingInAtOnce(view, () => afterTyping(resolve));
  });

  type('insertText');
  reachLimits();

  await rest;
});

it('does the others though one of them fails', () => {
  const { view, errors, type } = page();
  const done: string[] = [];
  takeTypingInAtOnce(view, () => {
    afterTyping(() => {
      throw new Error('This one fails.');
    });
    afterTyping(() => done.push('the other'));
  });

  type('insertText');
  reachLimits();

  expect(done).toEqual(['the other']);
  expect(errors).toEqual([new Error('This one fails.')]);
});

it('keeps things back until the frame is out, and not before or after', async () => {
  const { view, frames, type } = page();
  takeTypingInAtOnce(view, () => {});
  expect(afterTyping(() => {})).toBe(false);

  type('insertText');
  const rest = new Promise<void>((resolve) => {
    expect(afterTyping(resolve)).toBe(true);
  });
  for (const frame of frames.splice(0)) frame();
  await rest;

  expect(afterTyping(() => {})).toBe(false);
});

it.each([
  ['several keys wait, for they are taken in together', { inputType: 'insertText', isInputPending: true }],
  ['an input method writes its word', { inputType: 'insertText', isComposing: true }],
  ['a field beside the document is typed into', { inputType: 'insertText', isContentEditable: false }],
  ['a command of the keyboard does it at once by itself', { inputType: 'insertParagraph' }],
])('leaves it to the editor when %s', (_when, { inputType, ...state }) => {
  const { view, type } = page(state);
  let taken = 0;
  takeTypingInAtOnce(view, () => {
    taken += 1;
  });

  type(inputType);

  expect(taken).toBe(0);
});

it('asks for the frame as soon as the key goes down', () => {
  const { view, frames } = page();
  takeTypingInAtOnce(view, () => {});

  view.dispatchEvent(new Event('keydown'));

  expect(frames).toHaveLength(1);
});

it('lets go of the page when it is told to', () => {
  const { view, frames, type } = page();
  let taken = 0;
  const letGo = takeTypingInAtOnce(view, () => {
    taken += 1;
  });

  letGo();
  type('insertText');
  view.dispatchEvent(new Event('keydown'));

  expect(taken).toBe(0);
  expect(frames).toHaveLength(0);
});

function reachLimits(): void {
  for (const timer of timers.splice(0)) timer();
}

/** A window whose frames and timers come when the test says so. */
function page(state: { isInputPending?: boolean; isComposing?: boolean; isContentEditable?: boolean } = {}) {
  const frames: (() => void)[] = [];
  const errors: unknown[] = [];
  const view = Object.assign(new EventTarget(), {
    navigator: { scheduling: { isInputPending: () => state.isInputPending ?? false } },
    requestAnimationFrame: (task: () => void) => frames.push(task),
    setTimeout: (task: () => void) => timers.push(task),
    clearTimeout: () => {},
    reportError: (error: unknown) => errors.push(error),
  }) as unknown as Window;
  const type = (inputType: string) => {
    const event = Object.assign(new Event('beforeinput'), {
      inputType,
      isComposing: state.isComposing ?? false,
    });
    // An event of Node's has no tree to go through: its target is said here.
    Object.defineProperty(event, 'target', {
      value: { isContentEditable: state.isContentEditable ?? true },
    });
    view.dispatchEvent(event);
  };
  return { view, frames, errors, type };
}
