import type { ConsoleAccount, ConsoleAccountPage } from '@officina/protocol';
import { type FormEvent, useState } from 'react';
import { Button } from '../kit/button.js';
import { Notice } from '../kit/notice.js';
import type { ConsoleApi } from './console-api.js';
import { FetchedView } from './fetched-view.js';
import { moment } from './moments.js';
import { type Told, ToldOnce } from './told-once.js';
import { useFetched } from './use-fetched.js';

const EVERY_MS = 30_000;

/** A password that was made just now; it is shown only here. */
/** The people who have a library here. */
export function Accounts({ api, onSignedOut }: { api: ConsoleApi; onSignedOut: () => void }) {
  const [words, setWords] = useState('');
  const [skip, setSkip] = useState(0);
  const [told, setTold] = useState<Told | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const query = new URLSearchParams({ words, skip: String(skip) });
  const { fetched, again } = useFetched<ConsoleAccountPage>(api, `accounts?${query}`, {
    everyMs: EVERY_MS,
    onSignedOut,
  });

  const change = async <T,>(path: string, body?: unknown): Promise<T | null> => {
    const answer = await api.change<T>(path, body);
    if (answer.state === 'signed_out') onSignedOut();
    setProblem(answer.state === 'refused' ? answer.message : null);
    again();
    return answer.state === 'good' ? answer.value : null;
  };
  const add = async (wish: NewAccount): Promise<boolean> => {
    const made = await change<{ account: ConsoleAccount; password: string }>('accounts', wish);
    if (made) setTold(passwordOf(made.account.email, made.password));
    return made !== null;
  };
  const act = async (account: ConsoleAccount, deed: Deed) => {
    const path = `accounts/${encodeURIComponent(account.id)}/${deed}`;
    const answer = await change<{ password?: string }>(path);
    if (deed === 'password' && answer?.password) setTold(passwordOf(account.email, answer.password));
  };

  return (
    <>
      <h1>Accounts</h1>
      <p className="oc-lead">
        People with a library of documents here. Closing an account leaves its documents where they are.
      </p>
      {problem !== null && <Notice tone="bad">{problem}</Notice>}
      {told && <ToldOnce told={told} onClose={() => setTold(null)} />}
      <AddAccount onAdd={add} />
      <label className="oc-search">
        Find an account
        <input
          className="of-field"
          type="search"
          placeholder="Address or name"
          value={words}
          onChange={(event) => {
            setWords(event.target.value);
            setSkip(0);
          }}
        />
      </label>
      <FetchedView fetched={fetched}>
        {({ accounts, nextSkip }) => (
          <>
            {accounts.length === 0 && (
              <p className="oc-empty">
                {words === '' ? 'Nobody has an account yet.' : 'No account matches these words.'}
              </p>
            )}
            <ul className="oc-keys">
              {accounts.map((account) => (
                <li key={account.id}>
                  <AccountLine account={account} onAct={(deed) => void act(account, deed)} />
                </li>
              ))}
            </ul>
            <p className="oc-pages">
              {skip > 0 && <Button onClick={() => setSkip(0)}>Newest</Button>}
              {nextSkip !== null && <Button onClick={() => setSkip(nextSkip)}>Older accounts</Button>}
            </p>
          </>
        )}
      </FetchedView>
    </>
  );
}

const passwordOf = (email: string, password: string): Told => ({
  heading: `The password of ${email}.`,
  explanation: 'Hand it over now: only its hash is kept, so it is not shown again.',
  secrets: [{ name: 'Password', text: password }],
});

interface NewAccount {
  email: string;
  displayName: string;
}

function AddAccount({ onAdd }: { onAdd: (wish: NewAccount) => Promise<boolean> }) {
  const [email, setEmail] = useState('');
  const [displayName, setDisplayName] = useState('');
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!(await onAdd({ email, displayName }))) return;
    setEmail('');
    setDisplayName('');
  };
  return (
    <form className="oc-add" onSubmit={(event) => void submit(event)}>
      <label>
        E-mail address
        <input
          className="of-field"
          type="email"
          required
          maxLength={320}
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
      </label>
      <label>
        Name
        <input
          className="of-field"
          required
          maxLength={200}
          value={displayName}
          onChange={(event) => setDisplayName(event.target.value)}
        />
      </label>
      <Button type="submit" tone="accent">
        Make an account
      </Button>
    </form>
  );
}

type Deed = 'disable' | 'enable' | 'password' | 'confirm';

const CONSEQUENCES: Readonly<Record<Exclude<Deed, 'enable'>, { warning: string; word: string }>> = {
  disable: { warning: 'Signs them out everywhere.', word: 'Close it' },
  confirm: { warning: 'What others share with this address will be theirs.', word: 'It is their address' },
  password: { warning: 'The old one stops, and they are signed out everywhere.', word: 'Give a new one' },
};

function AccountLine({ account, onAct }: { account: ConsoleAccount; onAct: (deed: Deed) => void }) {
  const [asking, setAsking] = useState<Exclude<Deed, 'enable'> | null>(null);
  const { email, loginName, displayName, createdAt, disabledAt, confirmedAt, documents } = account;
  const facts = [
    email,
    loginName !== null && loginName !== displayName && `logs in as ${loginName}`,
    `${documents.toLocaleString()} ${documents === 1 ? 'document' : 'documents'}`,
    disabledAt === null ? `opened ${moment(createdAt)}` : `closed ${moment(disabledAt)}`,
  ].filter((fact) => fact !== false);
  const act = (deed: Deed) => {
    setAsking(null);
    onAct(deed);
  };
  return (
    <>
      <span className="pg-what">
        {displayName}
        <small>{facts.join(' · ')}</small>
      </span>
      {disabledAt !== null && (
        <span className="pg-pill" data-tone="bad">
          closed
        </span>
      )}
      {confirmedAt === null && <span className="pg-pill">address not confirmed</span>}
      {asking !== null ? (
        <span className="oc-sure">
          {CONSEQUENCES[asking].warning}
          <Button onClick={() => setAsking(null)}>Leave it</Button>
          <Button tone="accent" onClick={() => act(asking)}>
            {CONSEQUENCES[asking].word}
          </Button>
        </span>
      ) : (
        <>
          {confirmedAt === null && (
            <Button onClick={() => setAsking('confirm')} aria-label={`Confirm the address ${email}`}>
              Confirm the address …
            </Button>
          )}
          <Button
            tone="plain"
            onClick={() => setAsking('password')}
            aria-label={`Give ${email} a new password`}
          >
            New password …
          </Button>
          {disabledAt === null ? (
            <Button onClick={() => setAsking('disable')} aria-label={`Close the account of ${email}`}>
              Close …
            </Button>
          ) : (
            <Button onClick={() => act('enable')} aria-label={`Open the account of ${email} again`}>
              Open again
            </Button>
          )}
        </>
      )}
    </>
  );
}
