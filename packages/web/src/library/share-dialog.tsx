import type { LibraryItem, LibraryShare, LibraryShares } from '@officina/protocol';
import { type FormEvent, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { Answer } from '../front/ask.js';
import { CopyButton } from '../front/copy-button.js';
import { Button } from '../kit/button.js';
import { Icon } from '../kit/icon.js';
import { Dialog } from './dialog.js';
import type { LibraryApi } from './library-api.js';

export interface ShareDialogProps {
  item: LibraryItem;
  api: LibraryApi;
  onClose(): void;
}

/** With whom a document is shared, and the link that everybody may have. */
export function ShareDialog({ item, api, onClose }: ShareDialogProps) {
  const [shares, setShares] = useState<LibraryShares | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const take = (answer: Answer<LibraryShares>): boolean => {
    if (answer.state === 'good') setShares(answer.value);
    setProblem(answer.state === 'refused' ? answer.message : null);
    return answer.state === 'good';
  };
  useEffect(() => {
    void api.shares(item.id).then(take);
  }, [api, item.id]);
  const change = async (verb: 'shares' | 'shares/cancel' | 'sharing' | 'publish', body: unknown) =>
    take(await api.act<LibraryShares>(item.id, verb, body));
  const { list, onRemoval } = useFocusAfterRemoval(shares?.people);

  return (
    <Dialog title={`Share “${item.name}”`} onClose={onClose}>
      <AddPeople onAdd={(people, canWrite) => change('shares', { people, canWrite })} />
      <p role="status" data-bad={problem !== null || undefined}>
        {problem ?? ''}
      </p>
      {shares && (
        <>
          <ul ref={list} className="lb-people" aria-label="People">
            {shares.people.map((person, place) => (
              <Person
                key={person.email}
                person={person}
                onRight={(canWrite) => void change('shares', { people: [person.email], canWrite })}
                onCancel={() => {
                  onRemoval(person.email, place);
                  void change('shares/cancel', { email: person.email });
                }}
              />
            ))}
          </ul>
          {shares.people.length === 0 && <p className="lb-hint">It is not shared with anybody yet.</p>}
          {shares.people.length > 0 && (
            <Switch
              isOn={shares.isSharing}
              name="Sharing is on"
              hint="Switched off, nobody but you can open it, and the list of people is kept."
              onChange={(isSharing) => void change('sharing', { isSharing })}
            />
          )}
          <Switch
            isOn={shares.isPublic}
            name="Everybody with the link can read"
            hint="Without an account, in its newest version. It is in the public list too."
            onChange={(isPublic) => void change('publish', { isPublic })}
          />
          {shares.isPublic && <PublicLink url={new URL(shares.publicPath, window.location.href).href} />}
        </>
      )}
      <footer>
        <Button tone="accent" onClick={onClose}>
          Done
        </Button>
      </footer>
    </Dialog>
  );
}

/** Whoever removes somebody by keyboard goes on at the next person, and after the last one where others are added. */
function useFocusAfterRemoval(people: readonly LibraryShare[] | undefined) {
  const list = useRef<HTMLUListElement>(null);
  const removed = useRef<{ email: string; place: number } | null>(null);
  useLayoutEffect(() => {
    const { current } = removed;
    if (current === null || !people || people.some(({ email }) => email === current.email)) return;
    removed.current = null;
    if (document.activeElement !== document.body) return;
    const next = list.current?.children[current.place]?.querySelector('button');
    const field = list.current?.closest('dialog')?.querySelector<HTMLElement>('form .of-field');
    (next ?? field)?.focus();
  }, [people]);
  const onRemoval = (email: string, place: number) => {
    removed.current = { email, place };
  };
  return { list, onRemoval };
}

function AddPeople({ onAdd }: { onAdd: (people: string[], canWrite: boolean) => Promise<boolean> }) {
  const [text, setText] = useState('');
  const [canWrite, setCanWrite] = useState(true);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const people = text.split(/[\s,;]+/).filter((name) => name !== '');
    if (people.length > 0 && (await onAdd(people, canWrite))) setText('');
  };
  return (
    <form className="lb-add-people" onSubmit={(event) => void submit(event)}>
      <label>
        Login names or e-mail addresses
        <input
          className="of-field"
          value={text}
          required
          autoComplete="off"
          placeholder="ada, grace@example.org"
          onChange={(event) => setText(event.target.value)}
        />
      </label>
      <label>
        They can
        <select
          className="of-field"
          value={canWrite ? 'write' : 'read'}
          onChange={(event) => setCanWrite(event.target.value === 'write')}
        >
          <option value="write">edit</option>
          <option value="read">read</option>
        </select>
      </label>
      <Button type="submit" tone="accent">
        Share
      </Button>
    </form>
  );
}

interface PersonProps {
  person: LibraryShare;
  onRight(canWrite: boolean): void;
  onCancel(): void;
}

function Person({ person: { email, canWrite, isWaiting }, onRight, onCancel }: PersonProps) {
  return (
    <li>
      <span className="lb-person">
        {email}
        {isWaiting && <small>waits; nobody is known to have this address yet</small>}
      </span>
      <select
        className="of-field"
        aria-label={`What ${email} can do`}
        value={canWrite ? 'write' : 'read'}
        onChange={(event) => onRight(event.target.value === 'write')}
      >
        <option value="write">can edit</option>
        <option value="read">can read</option>
      </select>
      <Button tone="plain" aria-label={`Stop sharing with ${email}`} onClick={onCancel}>
        <Icon name="close" size={16} />
      </Button>
    </li>
  );
}

interface SwitchProps {
  isOn: boolean;
  name: string;
  hint: string;
  onChange(isOn: boolean): void;
}

function Switch({ isOn, name, hint, onChange }: SwitchProps) {
  // Stands as it was put, until the server has said how it stands.
  const [wished, setWished] = useState(isOn);
  useEffect(() => setWished(isOn), [isOn]);
  return (
    <label className="lb-switch">
      <input
        type="checkbox"
        checked={wished}
        onChange={(event) => {
          setWished(event.target.checked);
          onChange(event.target.checked);
        }}
      />
      <span>
        {name}
        <small>{hint}</small>
      </span>
    </label>
  );
}

function PublicLink({ url }: { url: string }) {
  return (
    <p className="lb-public-link">
      <input className="of-field" readOnly value={url} aria-label="Public link" />
      <CopyButton text={url} label="Copy the public link" />
    </p>
  );
}
