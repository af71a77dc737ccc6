import { useState } from 'react';
import { Button } from '../kit/button.js';
import { Icon } from '../kit/icon.js';
import { print } from './printing.js';

export interface PrintButtonProps {
  readonly path: string;
  /** Told what keeps the document from being printed; null when a new attempt begins. */
  readonly onRefused: (message: string | null) => void;
}

export function PrintButton({ path, onRefused }: PrintButtonProps) {
  const [isPreparing, setPreparing] = useState(false);
  const start = async () => {
    setPreparing(true);
    onRefused(null);
    const printed = await print(path, window.document);
    setPreparing(false);
    if (!printed.ok) onRefused(printed.message);
  };
  return (
    <Button
      className="ov-action"
      disabled={isPreparing}
      aria-label="Print"
      title="Print"
      onClick={() => void start()}
    >
      <Icon name="print" size={16} />
      <span className="ov-words">{isPreparing ? 'Preparing…' : 'Print'}</span>
    </Button>
  );
}
