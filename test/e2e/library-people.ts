import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { expect } from 'vitest';
import { EditorPage } from './editor-page.js';
import type { RunningServer } from './harness.js';

const CLI = fileURLToPath(new URL('../../packages/server/dist/cli/officina.js', import.meta.url));
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Opens an account `NAME@example.org` that logs in as NAME, on the command line. */
export async function addAccount(
  server: RunningServer,
  name: string,
  env: Record<string, string> = {},
): Promise<void> {
  const args = ['account', 'add', `${name.toLowerCase()}@example.org`, '--name', name];
  await promisify(execFile)(process.execPath, [CLI, ...args, '--password', passwordOf(name)], {
    env: { PATH: process.env.PATH ?? '', HOME: tmpdir(), OFFICINA_DATA: server.dataFolder, ...env },
  });
}

/** The operator vouches for the address of an account, on the command line. */
export async function confirmAddress(server: RunningServer, email: string): Promise<void> {
  await promisify(execFile)(process.execPath, [CLI, 'account', 'confirm', email], {
    env: { PATH: process.env.PATH ?? '', HOME: tmpdir(), OFFICINA_DATA: server.dataFolder },
  });
}

/** Signs in on the library's page, in a browser context of its own. */
export async function signIn(
  browser: Browser,
  server: RunningServer,
  name: string,
  options: BrowserContextOptions = {},
): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1200, height: 800 }, ...options });
  // Opening an editor takes a while on a machine that has other work.
  context.setDefaultTimeout(90_000);
  const page = await context.newPage();
  await page.goto(`${server.url}/library`);
  await page.getByLabel('Login name or e-mail address').fill(name);
  await page.getByLabel('Password').fill(passwordOf(name));
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'My documents' }).waitFor();
  return page;
}

export function passwordOf(name: string): string {
  return `the password of ${name}`;
}

export async function upload(page: Page, name: string, bytes: Uint8Array): Promise<void> {
  const mimeType = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
  await page
    .getByTestId('upload-files')
    .setInputFiles({ name: `${name}.docx`, mimeType, buffer: Buffer.from(bytes) });
  await itemOf(page, name).waitFor();
}

/** The line or card of a document. */
export function itemOf(page: Page, name: string) {
  return page.locator('.lb-item').filter({ has: page.locator('.lb-name', { hasText: name }) });
}

/** Chooses from the menu of a document. */
export async function choose(page: Page, name: string, entry: string): Promise<void> {
  await itemOf(page, name)
    .getByRole('button', { name: `Actions for ${name}` })
    .click();
  await page.getByRole('menuitem', { name: entry }).click();
}

/** Opens a document from the list, in a tab of its own. */
export async function openItem(page: Page, name: string): Promise<EditorPage> {
  const path = await itemOf(page, name).locator('a.lb-name').getAttribute('href');
  const tab = await page.context().newPage();
  await tab.goto(new URL(path ?? '', page.url()).href);
  return EditorPage.in(tab, tab);
}

/** Shares by the dialog that is open. */
export async function shareWith(page: Page, person: string, right: 'edit' | 'read'): Promise<void> {
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Login names or e-mail addresses').fill(person);
  await dialog.getByLabel('They can').selectOption({ label: right });
  await dialog.getByRole('button', { name: 'Share', exact: true }).click();
  await dialog.getByLabel(`What ${person.toLowerCase()}@example.org can do`).waitFor();
}

/** Nothing on the page is a serious obstacle to anybody, as far as axe can tell. */
export async function expectNoObstacles(page: Page): Promise<void> {
  await page.evaluate(AXE);
  const serious = await page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run(): Promise<{ violations: Violation[] }> } };
    const { violations } = await axe.run();
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
  });
  expect(serious, page.url()).toEqual([]);
}

interface Violation {
  id: string;
  impact: string | null;
  nodes: { html: string }[];
}
