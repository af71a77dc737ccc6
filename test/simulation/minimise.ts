import { type Event, failed, runScript, type Script, type Subject } from './run.js';

/** The smallest script found that still fails: halves first, then single events, then people and latency. */
export function minimise(subject: Subject, script: Script, budget = 120): Script {
  let runs = 0;
  const fails = (candidate: Script): boolean => {
    if (runs++ >= budget) return false;
    try {
      return failed(runScript(subject, candidate));
    } catch {
      return true;
    }
  };
  let events: readonly Event[] = script.events;
  for (let size = Math.ceil(events.length / 2); size >= 1 && runs < budget; size = Math.floor(size / 2)) {
    for (let start = 0; start < events.length; ) {
      const without = [...events.slice(0, start), ...events.slice(start + size)];
      if (without.length < events.length && fails({ ...script, events: without })) events = without;
      else start += size;
    }
  }
  let smallest: Script = { ...script, events };
  const calm: Script = { ...smallest, latency: [1, 1] };
  if (fails(calm)) smallest = calm;
  return smallest;
}
