import type { ConsoleDelivery, ConsoleDeliveryDetail } from '@officina/protocol';
import { useEffect } from 'react';
import { JsonView } from '../front/json-view.js';
import { Button } from '../kit/button.js';
import { Icon } from '../kit/icon.js';
import type { ConsoleApi } from './console-api.js';
import { DELIVERY_STATES } from './delivery-states.js';
import { FetchedView } from './fetched-view.js';
import { moment } from './moments.js';
import { useFetched } from './use-fetched.js';

const EVERY_MS = 3_000;

export interface DeliveryDetailProps {
  api: ConsoleApi;
  delivery: ConsoleDelivery;
  onSignedOut(): void;
  /** Makes a change and says `done` when it was made. */
  onAct(path: string, done: string, body?: unknown): Promise<void>;
  /** The delivery has gone on since the list was read. */
  onNews(): void;
}

/** One delivery: its target, every attempt with the application's answer, and what can be done. */
export function DeliveryDetail({ api, delivery, onSignedOut, onAct, onNews }: DeliveryDetailProps) {
  const path = `deliveries/${encodeURIComponent(delivery.id)}`;
  const { fetched, again } = useFetched<ConsoleDeliveryDetail>(api, path, { everyMs: EVERY_MS, onSignedOut });
  const act = (...change: Parameters<typeof onAct>) => void onAct(...change).then(again);
  const { remedy } = DELIVERY_STATES[delivery.state];
  const isOld = fetched.state === 'here' && fetched.value.delivery.state !== delivery.state;
  useEffect(() => {
    if (isOld) onNews();
  }, [isOld, onNews]);
  return (
    <div className="oc-detail">
      <dl className="oc-versions">
        <Fact name="Delivery" value={delivery.id} />
        <Fact name="Document" value={delivery.documentId} />
        <Fact name="Target" value={`${delivery.method} ${delivery.url}`} />
        <Fact name="Format" value={delivery.format} />
        <Fact name="Saved by" value={delivery.userId ?? 'the server'} />
        {delivery.message !== null && <Fact name="Message" value={delivery.message} />}
      </dl>
      {remedy === 'look' && (
        <p>It is not sent again: that would overwrite what came later. Its file can be downloaded.</p>
      )}
      <div className="oc-filters">
        {remedy === 'send_again' && (
          <>
            <Button tone="accent" onClick={() => act(`${path}/retry`, 'It is being sent again.')}>
              <Icon name="refresh" size={15} /> Send again
            </Button>
            <Button
              onClick={() =>
                act(
                  'deliveries/retry-host',
                  `Everything that waits for ${delivery.host} is being sent again.`,
                  {
                    host: delivery.host,
                  },
                )
              }
            >
              Send everything for {delivery.host}
            </Button>
          </>
        )}
        {delivery.hasFile && (
          <a className="of-button" href={api.fileAddress(`${path}/file`)} download="">
            <Icon name="download" size={15} /> Download the file
          </a>
        )}
      </div>
      <h2>Attempts</h2>
      <FetchedView fetched={fetched}>
        {({ attempts }) =>
          attempts.length === 0 ? (
            <p className="oc-empty">None was made yet.</p>
          ) : (
            <ol className="oc-attempts">
              {attempts.map((attempt) => (
                <li key={attempt.number}>
                  <p>
                    <strong>{moment(attempt.startedAt)}</strong> · {attempt.status ?? 'no answer'} ·{' '}
                    {attempt.outcome.replaceAll('_', ' ')} · {attempt.durationMs.toLocaleString()} ms
                  </p>
                  {attempt.answer !== '' && <JsonView value={attempt.answer} />}
                </li>
              ))}
            </ol>
          )
        }
      </FetchedView>
    </div>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
