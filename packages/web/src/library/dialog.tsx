import { type FormEvent, type ReactNode, useEffect, useId, useRef } from 'react';
import { Button } from '../kit/button.js';
import { Icon } from '../kit/icon.js';

export interface DialogProps {
  title: string;
  onClose(): void;
  children: ReactNode;
}

/** The browser's own dialog: it keeps the focus and closes at Escape. */
export function Dialog({ title, onClose, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const opener = document.activeElement;
    const shown = dialog.current;
    if (shown && !shown.open) shown.showModal();
    // Where there is something to be typed, that is what the dialog was opened for.
    shown?.querySelector<HTMLElement>('form .of-field')?.focus();
    return () => {
      // A dialog that is taken off the page gives nothing back by itself.
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    };
  }, []);
  return (
    <dialog ref={dialog} className="lb-dialog" aria-labelledby={id} onClose={onClose}>
      <header>
        <h2 id={id}>{title}</h2>
        <Button tone="plain" aria-label="Close" onClick={() => dialog.current?.close()}>
          <Icon name="close" />
        </Button>
      </header>
      {children}
    </dialog>
  );
}

export interface TextDialogProps {
  title: string;
  label: string;
  value: string;
  action: string;
  hint?: string;
  mayBeEmpty?: boolean;
  /** A refusal to be shown; null when it is done. */
  onSubmit(text: string): Promise<string | null>;
  onClose(): void;
  problem: string | null;
  onProblem(problem: string | null): void;
}

/** Asks for one line of text. */
export function TextDialog(props: TextDialogProps) {
  const { title, label, value, action, hint, mayBeEmpty, onSubmit, onClose, problem, onProblem } = props;
  const id = useId();
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const text = String(new FormData(event.currentTarget).get('text') ?? '');
    const refusal = await onSubmit(text);
    if (refusal === null) onClose();
    else onProblem(refusal);
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form onSubmit={(event) => void submit(event)}>
        <label>
          {label}
          <input
            className="of-field"
            name="text"
            defaultValue={value}
            required={!mayBeEmpty}
            maxLength={500}
            autoComplete="off"
            onFocus={(event) => event.target.select()}
            aria-describedby={id}
            aria-invalid={problem !== null}
          />
        </label>
        <p id={id} role="status" data-bad={problem !== null || undefined}>
          {problem ?? hint ?? ''}
        </p>
        <footer>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" tone="accent">
            {action}
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}
