import type { Arrival } from '@officina/protocol';
import { JsonView } from '../front/json-view.js';
import { clockTime, fileSize } from '../front/words.js';
import { Icon } from '../kit/icon.js';
import { type ApiCall, isGood } from './api-call.js';

type Entry = { kind: 'call'; at: number; call: ApiCall } | { kind: 'arrival'; at: number; arrival: Arrival };

export interface ActivityProps {
  calls: readonly ApiCall[];
  arrivals: readonly Arrival[];
  /** Path below which the arrived files can be fetched. */
  filesPath: string;
}

/** What went over the wire, both ways, newest first. */
export function Activity({ calls, arrivals, filesPath }: ActivityProps) {
  const entries: Entry[] = [
    ...calls.map((call): Entry => ({ kind: 'call', at: call.startedAt, call })),
    ...arrivals.map((arrival): Entry => ({ kind: 'arrival', at: arrival.at, arrival })),
  ];
  // The list of sessions is asked for all the time: it stays below what people did.
  entries.sort((one, other) => Number(isRepeated(one)) - Number(isRepeated(other)) || other.at - one.at);
  return (
    <>
      {arrivals.length === 0 && (
        <p className="pg-hint">
          <Icon name="incoming" size={16} /> Press Save in one of the windows: the file that your application
          would get turns up here.
        </p>
      )}
      <ul className="pg-log">
        {entries.map((entry) =>
          entry.kind === 'call' ? (
            <CallEntry key={`call-${entry.call.id}`} call={entry.call} />
          ) : (
            <ArrivalEntry key={`arrival-${entry.arrival.id}`} arrival={entry.arrival} filesPath={filesPath} />
          ),
        )}
      </ul>
    </>
  );
}

function isRepeated(entry: Entry): boolean {
  return entry.kind === 'call' && entry.call.method === 'GET';
}

function CallEntry({ call }: { call: ApiCall }) {
  const { answer } = call;
  return (
    <li>
      <details>
        <summary>
          <span className="pg-method" data-method={call.method}>
            {call.method}
          </span>
          <span className="pg-what">
            {call.purpose}
            <small>{call.path.split('?')[0]}</small>
          </span>
          {call.times > 1 && <span className="pg-times">×{call.times}</span>}
          {answer ? (
            <span className="pg-pill" data-tone={isGood(answer) ? 'good' : 'bad'}>
              {answer.status || 'no answer'}
            </span>
          ) : (
            <span className="pg-pill">…</span>
          )}
        </summary>
        <div className="pg-entry">
          <p className="pg-facts">
            {clockTime(call.startedAt)}
            {answer && ` · ${Math.round(answer.durationMs)} ms`}
          </p>
          <h4>Request</h4>
          <JsonView value={`${call.method} ${call.path}`} />
          {call.parts.map((part) => (
            <div key={part.name} className="pg-part">
              <code>{part.name}</code>
              {part.file ? (
                <p>
                  {part.file.name} · {fileSize(part.file.size)}
                </p>
              ) : (
                <JsonView value={parsed(part.text ?? '')} />
              )}
            </div>
          ))}
          {answer && (
            <>
              <h4>Answer</h4>
              <JsonView value={answer.body ?? 'The server did not answer.'} />
            </>
          )}
        </div>
      </details>
    </li>
  );
}

function ArrivalEntry({ arrival, filesPath }: { arrival: Arrival; filesPath: string }) {
  const { file } = arrival;
  return (
    <li className="pg-arrival" data-bad={arrival.problem !== null || undefined}>
      <details open={arrival.problem !== null}>
        <summary>
          <span className="pg-method" data-method="IN">
            <Icon name="incoming" size={13} /> {arrival.method}
          </span>
          <span className="pg-what">
            {file ? 'The saved file arrived' : 'A callback without a file arrived'}
            <small>{file ? `${file.fileName} · ${fileSize(file.size)}` : 'save_url'}</small>
          </span>
          <span className="pg-times">{clockTime(arrival.at)}</span>
        </summary>
        <div className="pg-entry">
          {arrival.problem && <p className="pg-facts">{arrival.problem}</p>}
          {file && (
            <>
              <h4>File part</h4>
              <JsonView
                value={{
                  part: file.partName,
                  filename: file.fileName,
                  type: file.mediaType,
                  size: file.size,
                }}
              />
            </>
          )}
          {arrival.fields.length > 0 && (
            <>
              <h4>Form fields</h4>
              <JsonView value={Object.fromEntries(arrival.fields)} />
            </>
          )}
          <h4>Headers</h4>
          <JsonView value={Object.fromEntries(arrival.headers)} />
        </div>
      </details>
      {file?.isKept && (
        <a className="of-button" href={`${filesPath}/${arrival.id}/file`} download={file.fileName}>
          <Icon name="download" size={15} /> Download the saved file
        </a>
      )}
      {file && !file.isKept && (
        <p className="pg-facts">Newer files have taken its place; it is not kept any more.</p>
      )}
    </li>
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
