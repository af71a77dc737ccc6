import type { LibraryItem } from '@officina/protocol';
import { useCallback, useRef, useState } from 'react';
import type { Answer } from '../front/ask.js';
import { Button } from '../kit/button.js';
import { Dialog, TextDialog } from './dialog.js';
import type { Deed } from './item-menu.js';
import type { LibraryApi } from './library-api.js';
import { ShareDialog } from './share-dialog.js';
import { FILE_TYPES } from './uploads.js';
import { DownloadDialog, VersionsDialog } from './versions-dialog.js';
import { readTags } from './words.js';

/** What is being asked of the person. */
type Asking =
  | { what: 'new' }
  | { what: 'rename' | 'tags' | 'share' | 'versions' | 'download' | 'delete'; item: LibraryItem };

export interface DeedsDeps {
  base: string;
  api: LibraryApi;
  again(): void;
  onSignedOut(): void;
  onFiles(files: readonly File[], id?: string): void;
}

export type DeedsState = ReturnType<typeof useDeeds>;

/** Does what a person chose, or asks first what it takes. */
export function useDeeds({ base, api, again, onSignedOut, onFiles }: DeedsDeps) {
  const [asking, setAsking] = useState<Asking | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const picker = useRef<HTMLInputElement>(null);
  const replaced = useRef<string | null>(null);

  /** Null when it is done, else why not. */
  const settle = useCallback(
    (answer: Answer<unknown>): string | null => {
      if (answer.state === 'signed_out') onSignedOut();
      again();
      return answer.state === 'refused' ? answer.message : null;
    },
    [again, onSignedOut],
  );
  const start = useCallback(
    ({ verb, item }: Deed) => {
      setProblem(null);
      if (verb === 'replace') {
        replaced.current = item.id;
        picker.current?.click();
      } else if (verb === 'lock' || verb === 'unlock' || verb === 'trash' || verb === 'restore') {
        void api.act(item.id, verb).then((answer) => setProblem(settle(answer)));
      } else setAsking({ what: verb, item });
    },
    [api, settle],
  );
  return {
    asking,
    problem,
    picker,
    start,
    create: () => setAsking({ what: 'new' }),
    dismiss: () => setProblem(null),
    close: () => setAsking(null),
    async make(name: string): Promise<string | null> {
      const answer = await api.create(name);
      if (answer.state === 'good') window.location.assign(`${base}/library/documents/${answer.value.id}`);
      return settle(answer);
    },
    act: async (item: LibraryItem, verb: 'rename' | 'tags' | 'delete', body?: unknown) =>
      settle(await api.act(item.id, verb, body)),
    replace(files: readonly File[]) {
      if (replaced.current !== null && files[0]) onFiles([files[0]], replaced.current);
      replaced.current = null;
    },
  };
}

/** The dialogs of deeds that need an answer. */
export function Deeds({ deeds, api }: { deeds: DeedsState; api: LibraryApi }) {
  return (
    <>
      <input
        ref={deeds.picker}
        type="file"
        hidden
        accept={FILE_TYPES}
        data-testid="replace-file"
        onChange={(event) => {
          deeds.replace([...(event.target.files ?? [])]);
          event.target.value = '';
        }}
      />
      <AskedDialog deeds={deeds} api={api} />
    </>
  );
}

function AskedDialog({ deeds, api }: { deeds: DeedsState; api: LibraryApi }) {
  const [problem, setProblem] = useState<string | null>(null);
  const { asking } = deeds;
  const close = () => {
    setProblem(null);
    deeds.close();
  };
  if (asking === null) return null;
  const shared = { problem, onProblem: setProblem, onClose: close };
  switch (asking.what) {
    case 'new':
      return (
        <TextDialog
          {...shared}
          title="New document"
          label="Name"
          value="Untitled"
          action="Create"
          onSubmit={deeds.make}
        />
      );
    case 'rename':
      return (
        <TextDialog
          {...shared}
          title="Rename"
          label="Name"
          value={asking.item.name}
          action="Rename"
          onSubmit={(name) => deeds.act(asking.item, 'rename', { name })}
        />
      );
    case 'tags':
      return (
        <TextDialog
          {...shared}
          title={`Tags of “${asking.item.name}”`}
          label="Tags"
          hint="Words, apart by blanks. Only you see your tags."
          value={asking.item.tags.join(' ')}
          action="Set tags"
          mayBeEmpty
          onSubmit={(text) => deeds.act(asking.item, 'tags', tagChange(asking.item.tags, readTags(text)))}
        />
      );
    case 'share':
      return <ShareDialog item={asking.item} api={api} onClose={close} />;
    case 'versions':
      return <VersionsDialog item={asking.item} api={api} onClose={close} />;
    case 'download':
      return <DownloadDialog item={asking.item} api={api} onClose={close} />;
    case 'delete':
      return (
        <Dialog title="Delete for good?" onClose={close}>
          <p>“{asking.item.name}” and all its versions are gone then, and nobody can bring them back.</p>
          <footer>
            <Button onClick={close}>Cancel</Button>
            <Button
              tone="accent"
              onClick={() => {
                void deeds.act(asking.item, 'delete');
                close();
              }}
            >
              Delete for good
            </Button>
          </footer>
        </Dialog>
      );
    default:
      return asking satisfies never;
  }
}

function tagChange(before: readonly string[], after: readonly string[]) {
  return {
    add: after.filter((tag) => !before.includes(tag)),
    remove: before.filter((tag) => !after.includes(tag)),
  };
}
