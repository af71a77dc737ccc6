import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts memory in pages and processor time in hundredths of a second. */
const PAGE_BYTES = 4096;
const TICK_MS = 10;
/** Places in `/proc/PID/stat` behind the name of the program, which may hold blanks. */
const [USER_TICKS, SYSTEM_TICKS, RESIDENT_PAGES] = [11, 12, 21];

export interface TreeUsage {
  residentBytes: number;
  cpuMs: number;
}

const NOTHING: TreeUsage = { residentBytes: 0, cpuMs: 0 };

/** What a process and all below it hold and have used; nothing where the system does not say. */
export function treeUsage(pid: number | undefined): TreeUsage {
  if (pid === undefined || process.platform !== 'linux') return NOTHING;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const own = {
      residentBytes: (fields[RESIDENT_PAGES] ?? 0) * PAGE_BYTES,
      cpuMs: ((fields[USER_TICKS] ?? 0) + (fields[SYSTEM_TICKS] ?? 0)) * TICK_MS,
    };
    return childrenOf(pid).map(treeUsage).reduce(add, own);
  } catch {
    // It has just ended.
    return NOTHING;
  }
}

function childrenOf(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((thread) => childrenOfThread(pid, thread));
}

function childrenOfThread(pid: number, thread: string): number[] {
  try {
    const children = readFileSync(`/proc/${pid}/task/${thread}/children`, 'latin1');
    return children.split(' ').filter(Boolean).map(Number);
  } catch {
    // Threads come and go; the process itself is still to be counted.
    return [];
  }
}

function add(a: TreeUsage, b: TreeUsage): TreeUsage {
  return { residentBytes: a.residentBytes + b.residentBytes, cpuMs: a.cpuMs + b.cpuMs };
}
