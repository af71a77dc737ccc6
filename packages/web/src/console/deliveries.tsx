import type { ConsoleDelivery, ConsoleDeliveryPage } from '@officina/protocol';
import { useState } from 'react';
import { Button } from '../kit/button.js';
import { Notice } from '../kit/notice.js';
import type { ConsoleApi } from './console-api.js';
import { DeliveryDetail } from './delivery-detail.js';
import { DELIVERY_STATES } from './delivery-states.js';
import { FetchedView } from './fetched-view.js';
import { distance, moment } from './moments.js';
import { useFetched } from './use-fetched.js';

const EVERY_MS = 5_000;
const FILTERS = [
  { name: 'All', states: '' },
  { name: 'Waiting', states: 'accepted,built' },
  { name: 'Stuck', states: 'parked,conflict' },
  { name: 'Delivered', states: 'delivered' },
] as const;

/** The ledger: every file that was to reach an application, and whether it did. */
export function Deliveries({ api, onSignedOut }: { api: ConsoleApi; onSignedOut: () => void }) {
  const [states, setStates] = useState('');
  const [trail, setTrail] = useState<readonly string[]>([]);
  const [openId, setOpenId] = useState<string | null>(null);
  const [note, setNote] = useState<string | null>(null);
  const before = trail.at(-1);
  const query = new URLSearchParams({
    state: states,
    ...(before !== undefined && { before }),
  });
  const { fetched, again } = useFetched<ConsoleDeliveryPage>(api, `deliveries?${query}`, {
    everyMs: EVERY_MS,
    onSignedOut,
  });

  const act = async (path: string, done: string, body?: unknown) => {
    const answer = await api.change(path, body);
    if (answer.state === 'signed_out') return onSignedOut();
    setNote(answer.state === 'good' ? done : answer.message);
    again();
  };

  return (
    <>
      <h1>Deliveries</h1>
      <p className="oc-lead">Each save that was accepted goes to its application until it arrives there.</p>
      {note !== null && (
        <Notice
          tone="calm"
          actions={
            <Button tone="plain" onClick={() => setNote(null)}>
              Close
            </Button>
          }
        >
          {note}
        </Notice>
      )}
      <div className="oc-filters">
        {FILTERS.map((filter) => (
          <Button
            key={filter.name}
            aria-pressed={states === filter.states}
            onClick={() => {
              setStates(filter.states);
              setTrail([]);
            }}
          >
            {filter.name}
          </Button>
        ))}
      </div>
      <FetchedView fetched={fetched}>
        {({ deliveries, nextBefore }) => (
          <>
            {deliveries.length === 0 && (
              <p className="oc-empty">
                {states === ''
                  ? 'Nothing was saved yet. The first save of a document turns up here.'
                  : 'None of this kind.'}
              </p>
            )}
            <ul className="oc-deliveries">
              {deliveries.map((delivery) => (
                <li key={delivery.id}>
                  <DeliveryRow
                    delivery={delivery}
                    isOpen={openId === delivery.id}
                    onToggle={() => setOpenId(openId === delivery.id ? null : delivery.id)}
                  />
                  {openId === delivery.id && (
                    <DeliveryDetail
                      api={api}
                      delivery={delivery}
                      onSignedOut={onSignedOut}
                      onAct={act}
                      onNews={again}
                    />
                  )}
                </li>
              ))}
            </ul>
            <div className="oc-filters">
              {trail.length > 0 && <Button onClick={() => setTrail(trail.slice(0, -1))}>Newer</Button>}
              {nextBefore !== null && <Button onClick={() => setTrail([...trail, nextBefore])}>Older</Button>}
            </div>
          </>
        )}
      </FetchedView>
    </>
  );
}

interface DeliveryRowProps {
  delivery: ConsoleDelivery;
  isOpen: boolean;
  onToggle(): void;
}

function DeliveryRow({ delivery, isOpen, onToggle }: DeliveryRowProps) {
  const { tone, word } = DELIVERY_STATES[delivery.state];
  const now = Date.now();
  return (
    <button type="button" className="oc-row" aria-expanded={isOpen} onClick={onToggle}>
      <span className="pg-pill" data-tone={tone}>
        {word}
      </span>
      <span className="pg-what">
        {delivery.documentName} <em>version {delivery.version}</em>
        <small>
          {delivery.host} · {REASONS[delivery.reason] ?? delivery.reason}
          {delivery.nextAttemptAt !== null &&
            delivery.attempts > 0 &&
            ` · next try ${distance(delivery.nextAttemptAt, now)}`}
        </small>
      </span>
      <time dateTime={new Date(delivery.createdAt).toISOString()} title={moment(delivery.createdAt)}>
        {distance(delivery.createdAt, now)}
      </time>
    </button>
  );
}

const REASONS: Readonly<Record<string, string>> = {
  user: 'somebody pressed Save',
  leave: 'the last editor left',
  expiry: 'the session expired',
  api: 'asked for by the application',
  interval: 'saved at an interval',
};
