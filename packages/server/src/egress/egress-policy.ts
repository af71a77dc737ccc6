import { lookup } from 'node:dns/promises';
import ipaddr from 'ipaddr.js';
import type { EgressPolicy } from '../domain/saving/deliverer.js';
import type { Clock } from '../domain/time.js';
import {
  type AllowEntry,
  comparableHost,
  isLoopbackHost,
  namesPort,
  parseAllowEntry,
  refuseAddress,
} from './address-rules.js';

export interface ResolvedAddress {
  address: string;
  family: 4 | 6;
}

export type EgressVerdict =
  | { state: 'allowed'; url: URL; addresses: readonly ResolvedAddress[] }
  | { state: 'refused'; reason: string }
  /** The name has no address at present. */
  | { state: 'unresolved'; reason: string };

/** Decides what may be reached, and with which addresses: a connection is made to those and to no others. */
export interface EgressGuard extends EgressPolicy {
  check(url: string, egressAllow: readonly string[]): Promise<EgressVerdict>;
}

export interface EgressOptions {
  /** `OFFICINA_EGRESS_ALLOW`: hosts, `host:port`, addresses, CIDR ranges. */
  allow: readonly string[];
  /** Whether loopback may be reached without being named; see `allowsLoopback`. */
  loopback: boolean;
  /** Says which URLs are our own receiver, which may always be reached. */
  isOwnReceiver?: (url: string) => boolean;
  clock: Clock;
  resolve?: (host: string) => Promise<readonly ResolvedAddress[]>;
}

/** Loopback is open while nobody but this machine can use the server: HOST is loopback and no proxy is announced. */
export function allowsLoopback(config: { host: string; publicUrl: string | null }): boolean {
  const isPrivate = config.publicUrl === null || isLoopbackHost(new URL(config.publicUrl).hostname);
  return isLoopbackHost(config.host) && isPrivate;
}

/** Ports below 1024 other than the web's, and higher ones of well-known services that misread HTTP (WHATWG Fetch, "bad port"). */
const WEB_PORTS: ReadonlySet<string> = new Set(['80', '443']);
const FIRST_FREE_PORT = 1024;
const SERVICE_PORTS: ReadonlySet<string> = new Set(
  [1719, 1720, 1723, 2049, 3306, 3659, 4045, 4190, 5060, 5061, 5432, 6000, 6379, 6566, 6665, 6666, 6667]
    .concat([6668, 6669, 6679, 6697, 10080, 11211])
    .map(String),
);

/** Verdicts of `refusal` are kept this long: sessions are created by the thousand with one save URL. */
const KEEP_MS = 60_000;
const KEEP_COUNT = 1_000;
/** Whoever creates a session waits for the verdict, and a slow name server must not hold that up. */
const NAME_LIMIT_MS = 2_000;

/** The rules of what callbacks and imports may reach. Throws a plain Error that names a malformed entry of `allow`. */
export function createEgressPolicy(options: EgressOptions): EgressGuard {
  const operatorList = options.allow.map((entry) => parseOrExplain(entry, 'OFFICINA_EGRESS_ALLOW'));
  const resolve = options.resolve ?? resolveByDns;
  const kept = new Map<string, { at: number; reason: Promise<string | undefined> }>();

  return {
    check,

    refusal(url, egressAllow) {
      const name = JSON.stringify([originOf(url), egressAllow, options.isOwnReceiver?.(url) ?? false]);
      const known = kept.get(name);
      const now = options.clock();
      if (known && now - known.at < KEEP_MS && now >= known.at) return known.reason;
      const reason = judge(url, egressAllow);
      if (kept.size >= KEEP_COUNT) kept.clear();
      kept.set(name, { at: now, reason });
      reason.catch(() => kept.delete(name));
      return reason;
    },
  };

  /** A name without an address, or whose address is long in coming, may have one when the save is due. */
  async function judge(url: string, egressAllow: readonly string[]): Promise<string | undefined> {
    let timer: NodeJS.Timeout | undefined;
    const tooLong = new Promise<undefined>((resolve) => {
      timer = setTimeout(resolve, NAME_LIMIT_MS, undefined);
      timer.unref();
    });
    try {
      const verdict = await Promise.race([check(url, egressAllow), tooLong]);
      return verdict?.state === 'refused' ? verdict.reason : undefined;
    } finally {
      clearTimeout(timer);
    }
  }

  async function check(text: string, egressAllow: readonly string[]): Promise<EgressVerdict> {
    if (!URL.canParse(text)) return { state: 'refused', reason: `"${text}" is not an absolute URL.` };
    const url = new URL(text);
    if (url.protocol !== 'http:' && url.protocol !== 'https:') {
      return {
        state: 'refused',
        reason: `Only http and https addresses are reached, not "${url.protocol}".`,
      };
    }
    const host = comparableHost(url.hostname);
    const port = url.port || (url.protocol === 'https:' ? '443' : '80');
    const isOwn = options.isOwnReceiver?.(text) ?? false;
    const allowed = [
      ...operatorList,
      ...egressAllow.map((entry) => parseOrExplain(entry, "the key's own list")),
    ];
    if (!isOwn && !isWebPort(port) && !namesPort(allowed, { host, port })) {
      return { state: 'refused', reason: explainPort(url.host, port, host) };
    }
    let addresses: readonly ResolvedAddress[];
    try {
      addresses = ipaddr.isValid(host) ? [literal(host)] : await resolve(host);
    } catch (error) {
      return { state: 'unresolved', reason: `The name "${host}" could not be resolved (${codeOf(error)}).` };
    }
    if (isOwn) return { state: 'allowed', url, addresses };
    const refusals: { address: string; why: string }[] = [];
    const open = addresses.filter(({ address }) => {
      const why = refuseAddress(address, { host, port }, allowed, options.loopback);
      if (why !== undefined) refusals.push({ address, why });
      return why === undefined;
    });
    const [first] = refusals;
    if (open.length > 0) return { state: 'allowed', url, addresses: open };
    if (!first) return { state: 'unresolved', reason: `The name "${host}" has no address.` };
    return { state: 'refused', reason: explainAddress(host, first) };
  }
}

function parseOrExplain(entry: string, where: string): AllowEntry {
  try {
    return parseAllowEntry(entry);
  } catch (error) {
    throw new Error(`${where}: ${error instanceof Error ? error.message : error}`, { cause: error });
  }
}

function isWebPort(port: string): boolean {
  return WEB_PORTS.has(port) || (Number(port) >= FIRST_FREE_PORT && !SERVICE_PORTS.has(port));
}

function explainPort(place: string, port: string, host: string): string {
  return (
    `"${place}" may not be reached: port ${port} belongs to a service that is not the web's. ` +
    `If it is meant, name "${host}:${port}" in OFFICINA_EGRESS_ALLOW or in the key's own list.`
  );
}

function explainAddress(host: string, { address, why }: { address: string; why: string }): string {
  const subject = host === address ? `"${host}" is ${why}` : `"${host}" leads to ${address}, ${why}`;
  const cure = why.startsWith('a metadata')
    ? `If it is meant, name the address "${address}" itself in OFFICINA_EGRESS_ALLOW.`
    : why.startsWith('a loopback')
      ? 'Loopback is open only while HOST is loopback and OFFICINA_PUBLIC_URL is unset or loopback; ' +
        `else name "${host}" in OFFICINA_EGRESS_ALLOW or in the key's own list.`
      : `If it is meant, name "${host}" or its range in OFFICINA_EGRESS_ALLOW or in the key's own list.`;
  return `${subject}; only public addresses may be reached. ${cure}`;
}

function originOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : url;
}

function literal(address: string): ResolvedAddress {
  return { address, family: ipaddr.parse(address).kind() === 'ipv4' ? 4 : 6 };
}

async function resolveByDns(host: string): Promise<readonly ResolvedAddress[]> {
  const found = await lookup(host, { all: true });
  return found.map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }));
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'no answer';
}
