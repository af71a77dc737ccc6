import type { ConsoleKey, ConsoleKeySettings } from '@officina/protocol';
import { type FormEvent, useState } from 'react';
import { Button } from '../kit/button.js';

export interface KeySettingsProps {
  keyRow: ConsoleKey;
  onSave(settings: ConsoleKeySettings): Promise<void>;
  /** Shows a new secret that signs its callbacks. */
  onRenewSigning(): void;
}

/** What may be set of a key: who may frame its pages, what it may reach, when it saves by itself, how much it may open. */
export function KeySettings({ keyRow, onSave, onRenewSigning }: KeySettingsProps) {
  const [origins, setOrigins] = useState(keyRow.allowedOrigins.join('\n'));
  const [hosts, setHosts] = useState(keyRow.egressAllow.join('\n'));
  const [savesOnLeave, setSavesOnLeave] = useState(keyRow.savesOnLeave);
  const [isStrict, setStrict] = useState(keyRow.strictRetries);
  const [limit, setLimit] = useState(String(keyRow.monthlyCallLimit ?? ''));
  const [minutes, setMinutes] = useState(String(keyRow.saveIntervalMinutes ?? ''));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void onSave({
      allowedOrigins: linesOf(origins),
      egressAllow: linesOf(hosts),
      savesOnLeave,
      strictRetries: isStrict,
      saveIntervalMinutes: minutes === '' ? null : Number(minutes),
      monthlyCallLimit: limit === '' ? null : Number(limit),
    });
  };
  return (
    <form className="oc-settings" onSubmit={submit}>
      <label>
        Sites that may frame its pages, one a line; none means any
        <textarea
          className="of-field"
          rows={2}
          placeholder="https://app.example.com"
          value={origins}
          onChange={(event) => setOrigins(event.target.value)}
        />
      </label>
      <label>
        Private hosts and ranges that its callbacks and imports may reach, one a line
        <textarea
          className="of-field"
          rows={2}
          placeholder="app.internal"
          value={hosts}
          onChange={(event) => setHosts(event.target.value)}
        />
      </label>
      <label>
        Documents that it may open a month; empty means no limit
        <input
          className="of-field"
          type="number"
          min={1}
          step={1}
          value={limit}
          onChange={(event) => setLimit(event.target.value)}
        />
      </label>
      <label>
        <input
          type="checkbox"
          checked={savesOnLeave}
          onChange={(event) => setSavesOnLeave(event.target.checked)}
        />{' '}
        Save by itself after the last editor has left
      </label>
      <label>
        <input type="checkbox" checked={isStrict} onChange={(event) => setStrict(event.target.checked)} />{' '}
        Give a delivery up after the retries that its caller asked for, instead of trying on for days
      </label>
      <label>
        Minutes after which edits are saved while people work, each time as a version in the application;
        empty means never
        <input
          className="of-field"
          type="number"
          min={1}
          max={1440}
          step={1}
          value={minutes}
          onChange={(event) => setMinutes(event.target.value)}
        />
      </label>
      <p className="oc-actions">
        <Button type="submit" tone="accent">
          Save the settings
        </Button>
        <Button onClick={onRenewSigning}>New signing secret</Button>
      </p>
    </form>
  );
}

function linesOf(text: string): string[] {
  return text.split(/[\s,]+/).filter((line) => line !== '');
}
