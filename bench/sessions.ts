import { API_KEY, startServer } from '../test/e2e/harness.js';
import { cpuMs, quantile, residentMb, round } from './_figures.js';

const WARM_UP = 200;
const COUNT = 2000;
const CONCURRENCY = 8;

/** Session creation without a file: CPU of the server per creation, rate and p99; idle memory; time of a second start. */
export async function run(): Promise<{ summary: string; rows: object[] }> {
  const server = await startServer({ OFFICINA_LOG_LEVEL: 'warn' });
  const idleMb = residentMb(server.pid);
  await create(server.url, WARM_UP);
  const cpuBefore = cpuMs(server.pid);
  const started = performance.now();
  const latencies = await create(server.url, COUNT);
  const seconds = (performance.now() - started) / 1000;
  const cpuPerCreation = (cpuMs(server.pid) - cpuBefore) / COUNT;
  const loadedMb = residentMb(server.pid);

  const restarted = performance.now();
  await server.restart();
  const restartMs = performance.now() - restarted;
  await server.stop();

  const row = {
    idleMb: round(idleMb),
    loadedMb: round(loadedMb),
    cpuMsPerCreation: round(cpuPerCreation, 2),
    creationsPerSecond: round(COUNT / seconds, 0),
    p50Ms: round(quantile(latencies, 0.5)),
    p99Ms: round(quantile(latencies, 0.99)),
    restartMs: round(restartMs, 0),
  };
  return {
    summary: `${row.cpuMsPerCreation} ms CPU per creation (budget 3), ${row.creationsPerSecond}/s (budget 500), p99 ${row.p99Ms} ms, idle ${row.idleMb} MB (budget 150), stop and second start ${row.restartMs} ms (budget 2000)`,
    rows: [row],
  };
}

async function create(url: string, count: number): Promise<number[]> {
  const latencies: number[] = [];
  let left = count;
  const person = async () => {
    while (left-- > 0) {
      const started = performance.now();
      const response = await fetch(`${url}/writer/officeapi/v1/documents?apikey=${API_KEY}`, {
        method: 'POST',
      });
      if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`);
      await response.arrayBuffer();
      latencies.push(performance.now() - started);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, person));
  return latencies;
}
