import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, vi } from 'vitest';

/** Where a verb works in a test: a data folder of its own, and every line that it prints. */
export interface CliStage {
  folder: string;
  printed: string[];
}

/** Sets the stage anew for each test of the file that calls it. */
export function setCliStage(): CliStage {
  const stage: CliStage = { folder: '', printed: [] };
  beforeEach(async () => {
    stage.folder = await mkdtemp(join(tmpdir(), 'officina-cli-'));
    stage.printed = [];
    vi.stubEnv('OFFICINA_DATA', stage.folder);
    vi.stubEnv('DATABASE_URL', '');
    for (const way of ['log', 'error'] as const) {
      vi.spyOn(console, way).mockImplementation((line) => void stage.printed.push(String(line)));
    }
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
    await rm(stage.folder, { recursive: true });
  });
  return stage;
}
