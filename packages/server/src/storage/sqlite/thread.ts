import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import type { Opening, Reply, Request, ThreadOptions } from './messages.js';
import { openBinding } from './open-binding.js';
import { TaskRunner, toThreadError } from './task-runner.js';

/** Bounds how long one commit can make the others wait. */
const MOST_REQUESTS_IN_A_COMMIT = 1_000;

if (parentPort !== null) serve(parentPort, workerData as ThreadOptions);

/** The main function of SQLite's thread: opens the file, then runs whatever waits, one commit for all of it. */
function serve(port: MessagePort, options: ThreadOptions): void {
  const opened = open(port, options);
  if (opened === undefined) return;
  port.on('message', (first: Request[]) => {
    const requests = [...first];
    while (requests.length < MOST_REQUESTS_IN_A_COMMIT) {
      const next: { message: Request[] } | undefined = receiveMessageOnPort(port);
      if (next === undefined) break;
      requests.push(...next.message);
    }
    const replies: Reply[] = opened.run(requests);
    port.postMessage(replies);
    if (opened.isClosed) port.close();
  });
}

function open(port: MessagePort, options: ThreadOptions): TaskRunner | undefined {
  try {
    const { binding, name, journalMode } = openBinding(options);
    const opening: Opening = { opened: true, binding: name, journalMode };
    port.postMessage(opening);
    return new TaskRunner(binding);
  } catch (error) {
    const opening: Opening = { opened: false, error: toThreadError(error) };
    port.postMessage(opening);
    port.close();
    return undefined;
  }
}
