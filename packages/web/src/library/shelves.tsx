import type { LibraryPerson, LibrarySignIn, LibrarySort } from '@officina/protocol';
import { type DragEvent, useCallback, useEffect, useRef, useState } from 'react';
import { TopBar } from '../front/top-bar.js';
import { usePlace } from '../front/use-place.js';
import { Button } from '../kit/button.js';
import { Notice } from '../kit/notice.js';
import { AccountDialog } from './account-dialog.js';
import { Deeds, useDeeds } from './deeds.js';
import { ItemList } from './item-list.js';
import type { LibraryApi } from './library-api.js';
import { nameOf, type Place, pathOf, placeOf } from './places.js';
import { PlacesNav } from './places-nav.js';
import { SearchField } from './search-field.js';
import { type Look, Toolbar } from './toolbar.js';
import { UploadList, useUploads } from './uploads.js';
import { useDocuments, useNews, useTags } from './use-documents.js';
import { useLockEnd } from './use-lock-end.js';

export interface ShelvesProps {
  base: string;
  api: LibraryApi;
  person: LibraryPerson;
  onSignedIn(signIn: LibrarySignIn): void;
  onSignedOut(): void;
  /** Somebody may have confirmed the person's address meanwhile. */
  onStanding(): void;
}

const NONE = [] as const;
const LOOK_KEY = 'officina:library-look';

/** The library of somebody who is signed in. */
export function Shelves({ base, api, person, onSignedIn, onSignedOut, onStanding }: ShelvesProps) {
  const hrefOf = useCallback((to: Place) => `${base}${pathOf(to)}`, [base]);
  const { place, link } = usePlace(placeOf, hrefOf);
  const [search, setSearch] = useState('');
  const [sort, setSort] = useState<LibrarySort>('modified');
  const [look, setLook] = useLook();
  const documents = useDocuments(api, { place, search, sort }, onSignedOut);
  const tags = useTags(api, documents.turn);
  const { again, againSoon } = documents;
  useLockEnd(documents.items ?? NONE, againSoon);
  const uploads = useUploads(api, again);
  const deeds = useDeeds({ base, api, again, onSignedOut, onFiles: uploads.add });
  const [said, setSaid] = useState('');
  const [isAccountShown, setAccountShown] = useState(false);
  const title = nameOf(place);

  useNews(api.newsPath, (news) => {
    againSoon();
    if (news.some(({ what }) => what !== 'gone')) setSaid('The list has changed.');
  });
  const mayBeConfirmed = person.awaitsConfirmation && place.view === 'shared';
  useEffect(() => {
    if (!mayBeConfirmed) return;
    onStanding();
    window.addEventListener('focus', onStanding);
    return () => window.removeEventListener('focus', onStanding);
  }, [mayBeConfirmed, onStanding]);
  const awaited = useRef(person.awaitsConfirmation);
  useEffect(() => {
    // What waited for the address is there now, and no news tells of it.
    if (awaited.current && !person.awaitsConfirmation) again();
    awaited.current = person.awaitsConfirmation;
  }, [person.awaitsConfirmation, again]);
  useEffect(() => {
    document.title = `${title} · Library · Officina`;
  }, [title]);

  const signOut = async () => {
    await api.signOut();
    onSignedOut();
  };
  return (
    <div className="lb-page">
      <a className="lb-skip" href="#documents">
        Skip to the documents
      </a>
      <TopBar home={`${base}/library`}>
        <SearchField value={search} onSearch={setSearch} />
        <Button tone="plain" className="lb-self" title="Your account" onClick={() => setAccountShown(true)}>
          {person.displayName}
        </Button>
        <Button tone="plain" onClick={() => void signOut()}>
          Sign out
        </Button>
      </TopBar>
      <div className="lb-body">
        <PlacesNav place={place} link={link} tags={tags} />
        <DropPlace onFiles={place.view === 'trash' ? null : uploads.add}>
          <Toolbar
            title={title}
            sort={sort}
            look={look}
            onSort={setSort}
            onLook={setLook}
            onNew={deeds.create}
            onFiles={uploads.add}
          />
          {place.view === 'shared' && person.awaitsConfirmation && (
            <Notice tone="calm">
              Nobody has confirmed yet that {person.email} is your address. What others share with it comes
              here once the operator of this server has.
            </Notice>
          )}
          {documents.problem !== null && <Notice tone="bad">{documents.problem}</Notice>}
          {deeds.problem !== null && (
            <Notice tone="bad" actions={<Button onClick={deeds.dismiss}>Dismiss</Button>}>
              {deeds.problem}
            </Notice>
          )}
          <ItemList {...{ documents, place, search, look, link }} onDeed={deeds.start} />
          <UploadList uploads={uploads.uploads} onClear={uploads.clear} />
          <p className="of-hidden" aria-live="polite">
            {said}
          </p>
        </DropPlace>
      </div>
      <Deeds deeds={deeds} api={api} />
      {isAccountShown && (
        <AccountDialog
          {...{ api, person, onSignedIn, onSignedOut }}
          onChange={again}
          onClose={() => setAccountShown(false)}
        />
      )}
    </div>
  );
}

/** Files that are let go over the list are uploaded. */
function DropPlace({
  onFiles,
  children,
}: {
  onFiles: ((files: readonly File[]) => void) | null;
  children: React.ReactNode;
}) {
  const [isOver, setOver] = useState(false);
  const take = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    if (onFiles && event.dataTransfer.files.length > 0) onFiles([...event.dataTransfer.files]);
  };
  return (
    <main
      id="documents"
      className="lb-main"
      tabIndex={-1}
      data-over={isOver || undefined}
      onDragOver={(event) => {
        if (!onFiles || !event.dataTransfer.types.includes('Files')) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false);
      }}
      onDrop={take}
    >
      {children}
    </main>
  );
}

function useLook(): [Look, (look: Look) => void] {
  const [look, setLook] = useState<Look>(() =>
    window.localStorage.getItem(LOOK_KEY) === 'grid' ? 'grid' : 'list',
  );
  return [
    look,
    (wanted) => {
      window.localStorage.setItem(LOOK_KEY, wanted);
      setLook(wanted);
    },
  ];
}
