import type { Dialect } from './wire-value.js';

export type Reach = 'private' | 'public';

/** What a path below `/api` asks for. */
export type Address =
  /** A call of the dialect: its word in lower case, and what follows it as it was sent. */
  | { kind: 'call'; reach: Reach; dialect: Dialect; word: string; rest: readonly string[] }
  | { kind: 'download'; reach: Reach; fileFormat: string; rest: readonly string[] }
  /** Of the dialect, but nothing that it knows. */
  | { kind: 'nothing' }
  /** Somebody else's. */
  | { kind: 'foreign' };

/** The path as callers get it back: without the query, with `//` folded, for clients and docs print some. */
export function foldPath(url: string): string {
  return (url.split('?', 1)[0] ?? '/').replace(/\/{2,}/g, '/');
}

/** Words count whatever their case; what is not a word (ids, tags) keeps its own. */
export function readAddress(path: string): Address {
  const [, reachWord = '', format = '', ...rest] = path.split('/').filter((part) => part !== '');
  const reach = reachWord.toLowerCase();
  if (reach !== 'private' && reach !== 'public') return { kind: 'foreign' };
  const [word = '', ...after] = rest;
  if (word.toLowerCase() === 'download') {
    return { kind: 'download', reach, fileFormat: format.toLowerCase(), rest: after };
  }
  const dialect = format.toLowerCase();
  if (dialect !== 'xml' && dialect !== 'json') return { kind: 'nothing' };
  return { kind: 'call', reach, dialect, word: word.toLowerCase(), rest: after };
}

/** The dialect in which a refusal of this path is written. */
export function dialectOf(address: Address): Dialect {
  return address.kind === 'call' ? address.dialect : 'xml';
}
