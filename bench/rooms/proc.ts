import { readdirSync, readFileSync } from 'node:fs';

const MS_PER_TICK = 10;

/** How long the main thread of a process has waited for a core so far, in milliseconds (Linux). */
export function waitedMs(pid: number): number {
  try {
    return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[1]) / 1e6;
  } catch {
    return 0;
  }
}

/** CPU time of a process by the name of its threads, in milliseconds (Linux); threads that ended are under `gone`. */
export function threadCpuMs(pid: number): Record<string, number> {
  const used: Record<string, number> = {};
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    const name = thread === String(pid) ? 'main' : readName(pid, thread);
    used[name] = (used[name] ?? 0) + ticksOf(`/proc/${pid}/task/${thread}/stat`) * MS_PER_TICK;
  }
  const whole = ticksOf(`/proc/${pid}/stat`) * MS_PER_TICK;
  used.gone = Math.max(0, whole - Object.values(used).reduce((sum, each) => sum + each, 0));
  return used;
}

function readName(pid: number, thread: string): string {
  try {
    return `${readFileSync(`/proc/${pid}/task/${thread}/comm`, 'utf8').trim()}-${thread}`;
  } catch {
    return 'gone';
  }
}

function ticksOf(path: string): number {
  try {
    const fields = readFileSync(path, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ');
    return Number(fields[11]) + Number(fields[12]);
  } catch {
    return 0;
  }
}
