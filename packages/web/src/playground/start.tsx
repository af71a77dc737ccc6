import { type ChangeEvent, type DragEvent, useState } from 'react';
import { Icon } from '../kit/icon.js';
import type { ApiProblem } from './api-call.js';
import { ProblemNote } from './problem-note.js';
import type { SampleValues } from './samples.js';
import { SamplesView } from './samples-view.js';

export interface StartProps {
  isBusy: boolean;
  problem: ApiProblem | null;
  samples: SampleValues;
  onOpen(file: File | null): void;
  onDismiss(): void;
}

const FORMATS = '.docx,.doc,.odt,.rtf,.txt,.html';

/** What anybody sees first: what this is, and two ways to see it at work. */
export function Start({ isBusy, problem, samples, onOpen, onDismiss }: StartProps) {
  return (
    <main className="pg-start">
      <section className="pg-hero">
        <h1>Documents, edited together, inside your own application</h1>
        <p>
          Your application posts a file and gets an address. People write in it at the same time. Every save
          comes back to your application as a file.
        </p>
        {problem && <ProblemNote problem={problem} onDismiss={onDismiss} />}
        <div className="pg-doors" aria-busy={isBusy}>
          <button
            type="button"
            className="pg-door"
            data-tone="accent"
            disabled={isBusy}
            onClick={() => onOpen(null)}
          >
            <Icon name="plus" size={26} />
            <strong>Blank document</strong>
            <span>Amelia and Ben open it side by side</span>
          </button>
          <DropZone isBusy={isBusy} onFile={onOpen} />
        </div>
        <p className="pg-busy" role="status">
          {isBusy ? 'Opening the document for two people …' : ''}
        </p>
        <ol className="pg-steps">
          <li>
            <strong>Post</strong> a file, or nothing, to the API
          </li>
          <li>
            <strong>Frame</strong> the address that comes back
          </li>
          <li>
            <strong>Receive</strong> the edited file at your own address
          </li>
        </ol>
      </section>
      <section className="pg-code-card">
        <h2>From your own code</h2>
        <p>These run as they are: they hold this server’s address and key.</p>
        <SamplesView values={samples} />
      </section>
    </main>
  );
}

function DropZone({ isBusy, onFile }: { isBusy: boolean; onFile: (file: File) => void }) {
  const [isOver, setOver] = useState(false);
  const take = (file: File | undefined) => {
    if (file && !isBusy) onFile(file);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files[0]);
  };
  const choose = (event: ChangeEvent<HTMLInputElement>) => {
    take(event.target.files?.[0]);
    // So that the same file can be chosen again after an error.
    event.target.value = '';
  };
  return (
    <label
      className="pg-door"
      data-over={isOver || undefined}
      data-disabled={isBusy || undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <input type="file" className="of-hidden" accept={FORMATS} disabled={isBusy} onChange={choose} />
      <Icon name="upload" size={26} />
      <strong>Drop a docx here</strong>
      <span>or choose a file of yours</span>
    </label>
  );
}
