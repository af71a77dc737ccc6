import type { ConsoleSignIn } from '@officina/protocol';
import { type Answer, ask, postJson } from '../front/ask.js';

/** `/console/api` as this page uses it; `csrf` is the value that every change must carry. */
export class ConsoleApi {
  readonly #root: string;
  readonly #csrf: string;

  constructor(base: string, csrf: string) {
    this.#root = `${base}/console/api`;
    this.#csrf = csrf;
  }

  read<T>(path: string): Promise<Answer<T>> {
    return ask<T>(`${this.#root}/${path}`, { method: 'GET' });
  }

  change<T>(path: string, body?: unknown): Promise<Answer<T>> {
    return postJson<T>(`${this.#root}/${path}`, body, { 'x-officina-csrf': this.#csrf });
  }

  /** Address of a file, to be linked to. */
  fileAddress(path: string): string {
    return `${this.#root}/${path}`;
  }
}

export async function readSignIn(base: string): Promise<Answer<ConsoleSignIn>> {
  return ask(`${base}/console/api/session`, { method: 'GET' });
}

export async function signIn(base: string, password: string): Promise<Answer<ConsoleSignIn>> {
  return postJson(`${base}/console/api/sign-in`, { password }, {});
}
