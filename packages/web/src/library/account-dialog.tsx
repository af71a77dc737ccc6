import type { LibraryImport, LibraryPerson, LibrarySignIn } from '@officina/protocol';
import { useRef, useState } from 'react';
import { Button } from '../kit/button.js';
import { Dialog } from './dialog.js';
import type { LibraryApi } from './library-api.js';
import { PasswordForm } from './password-form.js';

export interface AccountDialogProps {
  api: LibraryApi;
  person: LibraryPerson;
  /** Documents came in. */
  onChange(): void;
  onSignedIn(signIn: LibrarySignIn): void;
  onSignedOut(): void;
  onClose(): void;
}

type Import =
  | { state: 'none' }
  | { state: 'sending'; name: string }
  | { state: 'done'; report: LibraryImport }
  | { state: 'failed'; message: string };

/** Who is signed in, and the way of everything that is theirs out of here and in. */
export function AccountDialog({
  api,
  person,
  onChange,
  onSignedIn,
  onSignedOut,
  onClose,
}: AccountDialogProps) {
  const picker = useRef<HTMLInputElement>(null);
  const [coming, setComing] = useState<Import>({ state: 'none' });
  const [isChanging, setChanging] = useState(false);

  const bringIn = async (file: File) => {
    setComing({ state: 'sending', name: file.name });
    const answer = await api.importArchive(file);
    if (answer.state === 'signed_out') return onSignedOut();
    if (answer.state === 'refused') return setComing({ state: 'failed', message: answer.message });
    setComing({ state: 'done', report: answer.value });
    if (answer.value.added > 0) onChange();
  };

  return (
    <Dialog title={person.displayName} onClose={onClose}>
      <p>
        {person.email}
        {person.loginName !== null && person.loginName !== person.displayName && ` · ${person.loginName}`}
      </p>
      {isChanging ? (
        <PasswordForm email={person.email} {...{ api, onSignedIn, onSignedOut }} />
      ) : (
        <Button onClick={() => setChanging(true)}>Change your password …</Button>
      )}
      <h3>Take everything with you</h3>
      <p>
        One zip with all your documents in all versions, your tags and whom you share with. Another Officina
        can bring it in; the documents in it open anywhere.
      </p>
      <a className="of-button" href={api.archivePath} download>
        Download everything
      </a>
      <h3>Bring an archive in</h3>
      <p>What is here already is left alone.</p>
      <input
        ref={picker}
        type="file"
        accept=".zip,application/zip"
        hidden
        onChange={(event) => {
          const file = event.target.files?.[0];
          event.target.value = '';
          if (file) void bringIn(file);
        }}
      />
      <Button disabled={coming.state === 'sending'} onClick={() => picker.current?.click()}>
        Choose an archive …
      </Button>
      <div role="status" data-bad={coming.state === 'failed' || undefined}>
        <Outcome coming={coming} />
      </div>
    </Dialog>
  );
}

function Outcome({ coming }: { coming: Import }) {
  switch (coming.state) {
    case 'none':
      return null;
    case 'sending':
      return <p>Bringing in {coming.name} …</p>;
    case 'failed':
      return <p>{coming.message}</p>;
    case 'done': {
      const { added, present, refused } = coming.report;
      return (
        <>
          <p>
            {added} {added === 1 ? 'document' : 'documents'} came in, {present} were here already
            {refused.length > 0 && `, ${refused.length} could not be read`}.
          </p>
          {refused.length > 0 && (
            <ul>
              {refused.map(({ name, reason }) => (
                <li key={name}>
                  {name}: {reason}
                </li>
              ))}
            </ul>
          )}
        </>
      );
    }
    default:
      return coming satisfies never;
  }
}
