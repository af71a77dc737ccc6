import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium } from 'playwright-core';

export const CLI = fileURLToPath(new URL('../../packages/server/dist/cli/officina.js', import.meta.url));

export const API_KEY = 'e2e0123456789abcdef0123456789abc';

/** The built server as a process of its own, on a free port and a folder of its own. */
export interface RunningServer {
  url: string;
  dataFolder: string;
  /** Everything that it printed so far. */
  output(): string;
  pid: number;
  /** Ends the process at once, as a power cut would. */
  kill(): Promise<void>;
  /** Starts it again on the same folder and port. */
  restart(): Promise<void>;
  /** Stops it in order and removes the folder. */
  stop(): Promise<void>;
}

/** Starts the built server and waits for its ready line. */
export async function startServer(env: Record<string, string> = {}): Promise<RunningServer> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'officina-e2e-'));
  let running = await launch({ ...env, OFFICINA_DATA: dataFolder, PORT: env.PORT ?? '0' });
  const port = new URL(running.url).port;
  return {
    get url() {
      return running.url;
    },
    get pid() {
      return running.child.pid ?? 0;
    },
    dataFolder,
    output: () => running.output(),
    async kill() {
      await end(running.child, 'SIGKILL');
    },
    async restart() {
      await end(running.child, 'SIGTERM');
      running = await launch({ ...env, OFFICINA_DATA: dataFolder, PORT: port });
    },
    async stop() {
      await end(running.child, 'SIGTERM');
      await rm(dataFolder, { recursive: true, force: true });
    },
  };
}

async function launch(
  env: Record<string, string>,
): Promise<{ child: ChildProcess; url: string; output: () => string }> {
  const child = spawn(process.execPath, [CLI, 'serve'], {
    env: {
      PATH: process.env.PATH ?? '',
      HOME: tmpdir(),
      OFFICINA_API_KEY: API_KEY,
      OFFICINA_ADMIN_PASSWORD: 'e2e-password',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  const url = await new Promise<string>((resolve, reject) => {
    const listen = (chunk: Buffer) => {
      printed += chunk.toString();
      const ready = /Officina is ready at (http:\/\/\S+)/.exec(printed);
      if (ready?.[1]) resolve(ready[1]);
    };
    child.stdout?.on('data', listen);
    child.stderr?.on('data', listen);
    child.once('exit', (code) =>
      reject(new Error(`The server ended with ${code} before it was ready:\n${printed}`)),
    );
  });
  return { child, url, output: () => printed };
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  await exited;
}

export interface ReceivedSave {
  headers: IncomingHttpHeaders;
  method: string;
  url: string;
  fields: Record<string, string>;
  fileName: string;
  file: Uint8Array;
}

/** An application's callback on loopback: keeps what arrives and answers what it is told to. */
export interface Receiver {
  url: string;
  saves: ReceivedSave[];
  /** Resolves with the n-th save (from 1) once it has arrived. */
  waitFor(count: number): Promise<ReceivedSave>;
  answer: { status: number; body: unknown; headers?: Record<string, string> };
  close(): Promise<void>;
}

export async function startReceiver(): Promise<Receiver> {
  const waiting = new Set<() => void>();
  const receiver: Receiver = {
    url: '',
    saves: [],
    answer: { status: 200, body: { message: 'Stored in the archive' } },
    async waitFor(count) {
      while (receiver.saves.length < count) await new Promise<void>((resolve) => waiting.add(resolve));
      return receiver.saves[count - 1] as ReceivedSave;
    },
    close: () => closeServer(server),
  };
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const form = await new Response(Buffer.concat(chunks), {
      headers: { 'content-type': request.headers['content-type'] ?? '' },
    }).formData();
    const save: ReceivedSave = {
      headers: request.headers,
      method: request.method ?? '',
      url: request.url ?? '',
      fields: {},
      fileName: '',
      file: new Uint8Array(),
    };
    for (const [name, value] of form) {
      if (typeof value === 'string') save.fields[name] = value;
      else {
        save.fileName = value.name;
        save.file = new Uint8Array(await value.arrayBuffer());
      }
    }
    receiver.saves.push(save);
    const { status, headers } = receiver.answer;
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(receiver.answer.body));
    for (const resolve of waiting) resolve();
    waiting.clear();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  receiver.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/save`;
  return receiver;
}

async function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

/** Debian's Chromium without a window, a sandbox or a word to the outside. */
export async function launchBrowser(extraArgs: readonly string[] = []): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.OFFICINA_CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...extraArgs,
    ],
  });
}

/** Posts to the Integrator API as a client without the SDK would. */
export async function postDocument(
  server: { url: string },
  parts: Record<string, unknown>,
  file?: { bytes: Uint8Array; name: string },
): Promise<Record<string, string>> {
  const form = new FormData();
  for (const [name, value] of Object.entries(parts)) {
    form.set(name, typeof value === 'string' ? value : JSON.stringify(value));
  }
  if (file) form.set('document', new File([file.bytes as BlobPart], file.name));
  const response = await fetch(`${server.url}/writer/officeapi/v1/documents?apikey=${API_KEY}`, {
    method: 'POST',
    body: form,
  });
  const answer = (await response.json()) as Record<string, string>;
  if (response.status !== 200) throw new Error(`${response.status} ${JSON.stringify(answer)}`);
  return answer;
}
