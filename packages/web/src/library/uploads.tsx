import { useCallback, useState } from 'react';
import { Button } from '../kit/button.js';
import { Icon } from '../kit/icon.js';
import type { LibraryApi } from './library-api.js';

/** One file on its way. */
export interface Upload {
  key: number;
  name: string;
  /** From 0 to 1. */
  share: number;
  state: 'waiting' | 'sending' | 'done' | 'failed';
  problem: string | null;
}

/** Files are read one after the other at the server: more at once would only wait there. */
const AT_ONCE = 2;

export const FILE_TYPES = '.docx,.doc,.odt,.rtf,.txt,.html,.htm,.pdf,.sxw';

export interface Uploads {
  uploads: readonly Upload[];
  /** New documents; or, of one file, the next version of the document `id`. */
  add(files: readonly File[], id?: string): void;
  clear(): void;
}

let lastKey = 0;

/** Sends files, a few at a time, and tells how far each has come. */
export function useUploads(api: LibraryApi, onArrived: () => void): Uploads {
  const [uploads, setUploads] = useState<readonly Upload[]>([]);
  const [queue] = useState<{ waiting: (() => Promise<void>)[]; active: number }>({ waiting: [], active: 0 });

  const add = useCallback(
    (files: readonly File[], id: string | null = null) => {
      const work = () => {
        while (queue.active < AT_ONCE) {
          const next = queue.waiting.shift();
          if (!next) return;
          queue.active += 1;
          void next().finally(() => {
            queue.active -= 1;
            work();
          });
        }
      };
      const fresh = files.map((file) => {
        lastKey += 1;
        const key = lastKey;
        const change = (step: Partial<Upload>) =>
          setUploads((all) => all.map((upload) => (upload.key === key ? { ...upload, ...step } : upload)));
        queue.waiting.push(async () => {
          change({ state: 'sending' });
          const answer = await api.upload(file, id, (share) => change({ share }));
          if (answer.state === 'good') {
            change({ state: 'done', share: 1 });
            onArrived();
            return;
          }
          const problem = answer.state === 'refused' ? answer.message : 'Sign in again.';
          change({ state: 'failed', problem });
        });
        return { key, name: file.name, share: 0, state: 'waiting' as const, problem: null };
      });
      setUploads((all) => [...all, ...fresh]);
      work();
    },
    [api, onArrived, queue],
  );

  return {
    uploads,
    add,
    clear: useCallback(
      () => setUploads((all) => all.filter(({ state }) => state === 'waiting' || state === 'sending')),
      [],
    ),
  };
}

/** How far the files have come. */
export function UploadList({ uploads, onClear }: { uploads: readonly Upload[]; onClear: () => void }) {
  if (uploads.length === 0) return null;
  const isOver = uploads.every(({ state }) => state === 'done' || state === 'failed');
  const done = uploads.filter(({ state }) => state === 'done').length;
  return (
    <section className="lb-uploads" aria-label="Uploads">
      <header>
        <strong role="status">
          {isOver ? `${done} of ${uploads.length} uploaded` : `Uploading ${uploads.length - done} …`}
        </strong>
        {isOver && (
          <Button tone="plain" aria-label="Close the list of uploads" onClick={onClear}>
            <Icon name="close" size={16} />
          </Button>
        )}
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: of many files the list scrolls, also by keyboard */}
      <ul tabIndex={0} aria-label="Files">
        {uploads.map(({ key, name, share, state, problem }) => (
          <li key={key} className="lb-upload" data-state={state}>
            <span className="lb-upload-name">{name}</span>
            {problem !== null ? (
              <small role="alert">{problem}</small>
            ) : state === 'done' ? (
              <Icon name="check" size={16} />
            ) : (
              <progress value={share} max={1} aria-label={`Upload of ${name}`} />
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
