/** The window that is typed into, from the key until the frame that shows it is out; null between keys. */
let typedInto: Window | null = null;
const waiting: (() => void)[] = [];

/** A page or a frame that nobody sees may get no frames at all. */
const FRAME_LIMIT_MS = 250;

/**
 * From a key until the frame that shows it is out, keeps `task` until then and gives true. Otherwise gives false, and the
 * caller does as it always does. For what need not be in the same frame as the letter: buttons, status, fonts, others' work.
 */
export function afterTyping(task: () => void): boolean {
  if (typedInto === null) return false;
  waiting.push(task);
  return true;
}

/**
 * Takes letters in at once, in the very event that brings them, rather than a task later: then they are on the screen with
 * the first frame after the key. When more keys wait already, the editor takes them in together, as it does by itself.
 * `takeIn` makes the editor do so. Gives what undoes it.
 */
export function takeTypingInAtOnce(view: Window, takeIn: () => void): () => void {
  // A frame that the key itself asks for is made as soon as its work is done, and does not wait for the next beat.
  const pressed = () => {
    view.requestAnimationFrame(() => {});
  };
  const typing = (event: InputEvent) => {
    if (typedInto !== null || !isWriting(event)) return;
    typedInto = view;
    whenFrameIsOut(view, () => {
      typedInto = null;
      runWaiting(view);
    });
  };
  // Bubbles up from the editor, which has done its own part by then.
  const typed = (event: InputEvent) => {
    if (isWriting(event) && event.inputType === 'insertText' && !hasMoreInput(view)) takeIn();
  };
  const first = { capture: true };
  view.addEventListener('keydown', pressed, first);
  view.addEventListener('beforeinput', typing, first);
  view.addEventListener('beforeinput', typed);
  return () => {
    view.removeEventListener('keydown', pressed, first);
    view.removeEventListener('beforeinput', typing, first);
    view.removeEventListener('beforeinput', typed);
  };
}

/** Into the document, that is, and not by an input method, whose word the browser writes into the page itself. */
function isWriting({ target, isComposing }: InputEvent): boolean {
  return !isComposing && (target as Partial<HTMLElement> | null)?.isContentEditable === true;
}

function hasMoreInput(view: Window): boolean {
  const { scheduling } = view.navigator as Navigator & { scheduling?: { isInputPending(): boolean } };
  return scheduling?.isInputPending() ?? false;
}

function whenFrameIsOut(view: Window, task: () => void): void {
  let isDone = false;
  const run = () => {
    if (isDone) return;
    isDone = true;
    view.clearTimeout(timer);
    task();
  };
  const timer = view.setTimeout(run, FRAME_LIMIT_MS);
  view.requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      run();
    };
    port2.postMessage(null);
  });
}

function runWaiting(view: Window): void {
  for (const task of waiting.splice(0)) {
    try {
      task();
    } catch (error) {
      // One that fails does not take the others with it.
      view.reportError(error);
    }
  }
}
