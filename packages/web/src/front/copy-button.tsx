import { useEffect, useState } from 'react';
import { Button } from '../kit/button.js';
import { Icon } from '../kit/icon.js';

const TOLD_MS = 1_800;

/** Copies a text and says that it did. */
export function CopyButton({ text, label }: { text: string; label: string }) {
  const [state, setState] = useState<'idle' | 'copied' | 'failed'>('idle');
  useEffect(() => {
    if (state === 'idle') return;
    const timer = setTimeout(() => setState('idle'), TOLD_MS);
    return () => clearTimeout(timer);
  }, [state]);
  const copy = () => {
    // Absent where the page came over plain http from another machine.
    const clipboard: Clipboard | undefined = navigator.clipboard;
    if (!clipboard) return setState('failed');
    clipboard.writeText(text).then(
      () => setState('copied'),
      () => setState('failed'),
    );
  };
  return (
    <Button onClick={copy} aria-label={label}>
      <Icon name={state === 'copied' ? 'check' : 'copy'} size={15} />
      <span aria-live="polite">{WORDS[state]}</span>
    </Button>
  );
}

const WORDS = { idle: 'Copy', copied: 'Copied', failed: 'Select it by hand' } as const;
