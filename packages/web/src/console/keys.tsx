import type {
  ConsoleKey,
  ConsoleKeySettings,
  ConsoleNewKey,
  ConsoleNewSigningSecret,
} from '@officina/protocol';
import { type FormEvent, useState } from 'react';
import { Button } from '../kit/button.js';
import { Notice } from '../kit/notice.js';
import type { ConsoleApi } from './console-api.js';
import { FetchedView } from './fetched-view.js';
import { KeySettings } from './key-settings.js';
import { moment } from './moments.js';
import { type Told, ToldOnce } from './told-once.js';
import { useFetched } from './use-fetched.js';

const EVERY_MS = 15_000;

/** The applications that may use this server, one key each. */
export function Keys({ api, onSignedOut }: { api: ConsoleApi; onSignedOut: () => void }) {
  const { fetched, again } = useFetched<{ keys: readonly ConsoleKey[] }>(api, 'keys', {
    everyMs: EVERY_MS,
    onSignedOut,
  });
  const [told, setTold] = useState<Told | null>(null);
  const [problem, setProblem] = useState<string | null>(null);

  const add = async (name: string): Promise<boolean> => {
    const answer = await api.change<ConsoleNewKey>('keys', { name });
    if (answer.state === 'signed_out') onSignedOut();
    if (answer.state === 'refused') setProblem(answer.message);
    if (answer.state !== 'good') return false;
    setTold({
      heading: `The key of ${answer.value.key.name}.`,
      explanation: 'Copy both now, they are not shown again. The signing secret verifies callbacks.',
      secrets: [
        { name: 'Key', text: answer.value.secret },
        { name: 'Signing secret', text: answer.value.signingSecret },
      ],
    });
    setProblem(null);
    again();
    return true;
  };
  const change = async (key: ConsoleKey, settings: ConsoleKeySettings): Promise<boolean> => {
    const answer = await api.change(`keys/${encodeURIComponent(key.id)}/settings`, settings);
    if (answer.state === 'signed_out') onSignedOut();
    setProblem(answer.state === 'refused' ? answer.message : null);
    again();
    return answer.state === 'good';
  };
  const renewSigning = async (key: ConsoleKey) => {
    const path = `keys/${encodeURIComponent(key.id)}/signing-secret`;
    const answer = await api.change<ConsoleNewSigningSecret>(path);
    if (answer.state === 'signed_out') return onSignedOut();
    setProblem(answer.state === 'refused' ? answer.message : null);
    if (answer.state !== 'good') return;
    setTold({
      heading: `The new signing secret of ${key.name}.`,
      explanation: `Copy it now, it is not shown again. The one before signs callbacks too, until ${moment(answer.value.formerUntil)}.`,
      secrets: [{ name: 'Signing secret', text: answer.value.signingSecret }],
    });
  };
  const revoke = async (key: ConsoleKey) => {
    const answer = await api.change(`keys/${encodeURIComponent(key.id)}/revoke`);
    if (answer.state === 'signed_out') return onSignedOut();
    setProblem(answer.state === 'refused' ? answer.message : null);
    again();
  };

  return (
    <>
      <h1>Keys</h1>
      <p className="oc-lead">
        Every application has a key of its own. Documents and sessions belong to the key that opened them.
      </p>
      {problem !== null && <Notice tone="bad">{problem}</Notice>}
      {told && <ToldOnce told={told} onClose={() => setTold(null)} />}
      <AddKey onAdd={add} />
      <FetchedView fetched={fetched}>
        {({ keys }) => (
          <>
            {keys.length === 0 && <p className="oc-empty">No application has a key yet.</p>}
            <ul className="oc-keys">
              {keys.map((key) => (
                <li key={key.id} data-revoked={key.revokedAt !== null || undefined}>
                  <KeyLine
                    keyRow={key}
                    onRevoke={() => void revoke(key)}
                    onRenewSigning={() => void renewSigning(key)}
                    onChange={(settings) => change(key, settings)}
                  />
                </li>
              ))}
            </ul>
          </>
        )}
      </FetchedView>
    </>
  );
}

function AddKey({ onAdd }: { onAdd: (name: string) => Promise<boolean> }) {
  const [name, setName] = useState('');
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (await onAdd(name)) setName('');
  };
  return (
    <form className="oc-add" onSubmit={(event) => void submit(event)}>
      <label>
        Name of the application
        <input
          className="of-field"
          required
          maxLength={100}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
      </label>
      <Button type="submit" tone="accent">
        Make a key
      </Button>
    </form>
  );
}

interface KeyLineProps {
  keyRow: ConsoleKey;
  onRevoke(): void;
  onRenewSigning(): void;
  /** True when the settings were taken. */
  onChange(settings: ConsoleKeySettings): Promise<boolean>;
}

function KeyLine({ keyRow, onRevoke, onRenewSigning, onChange }: KeyLineProps) {
  const [isAsking, setAsking] = useState(false);
  const [isOpen, setOpen] = useState(false);
  const facts = [
    `made ${moment(keyRow.createdAt)}`,
    keyRow.revokedAt !== null && `revoked ${moment(keyRow.revokedAt)}`,
    keyRow.allowedOrigins.length > 0 && `framed by ${keyRow.allowedOrigins.join(', ')}`,
    keyRow.egressAllow.length > 0 && `may reach ${keyRow.egressAllow.join(', ')}`,
    keyRow.monthlyCallLimit !== null && `${keyRow.monthlyCallLimit.toLocaleString()} calls a month`,
  ].filter((fact) => fact !== false);
  return (
    <>
      <span className="pg-what">
        {keyRow.name}
        <small>
          {keyRow.id} · {facts.join(' · ')}
        </small>
      </span>
      {keyRow.revokedAt === null && (
        <Button tone="plain" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          Settings<span className="of-hidden"> of {keyRow.name}</span>
        </Button>
      )}
      {keyRow.revokedAt !== null ? (
        <span className="pg-pill" data-tone="bad">
          revoked
        </span>
      ) : isAsking ? (
        <span className="oc-sure">
          Its calls fail at once.
          <Button onClick={() => setAsking(false)}>Keep it</Button>
          <Button tone="accent" onClick={onRevoke}>
            Revoke
          </Button>
        </span>
      ) : (
        <Button onClick={() => setAsking(true)} aria-label={`Revoke the key of ${keyRow.name}`}>
          Revoke …
        </Button>
      )}
      {isOpen && (
        <KeySettings
          keyRow={keyRow}
          onRenewSigning={onRenewSigning}
          onSave={async (settings) => {
            if (await onChange(settings)) setOpen(false);
          }}
        />
      )}
    </>
  );
}
