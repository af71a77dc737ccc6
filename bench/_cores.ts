import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';

/**
 * Gives the server the first core and this process, which makes the load, the second one, until the returned function is
 * called. Null where there are not two cores or no `taskset` (Linux): then the two take time from each other.
 */
export function pinApart(serverPid: number): (() => void) | null {
  const last = cpus().length - 1;
  if (last < 1) return null;
  try {
    pin(serverPid, '0');
    pin(process.pid, '1');
  } catch {
    return null;
  }
  return () => {
    for (const pid of [serverPid, process.pid]) pin(pid, `0-${last}`);
  };
}

/** All threads of a process. */
function pin(pid: number, cores: string): void {
  execFileSync('taskset', ['--all-tasks', '--cpu-list', '--pid', cores, String(pid)], { stdio: 'ignore' });
}
