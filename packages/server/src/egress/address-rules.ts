import ipaddr from 'ipaddr.js';

/** A host or address that an operator has named as reachable. */
export type AllowEntry =
  | { kind: 'host'; host: string; port: string | null }
  | { kind: 'range'; address: ipaddr.IPv4 | ipaddr.IPv6; bits: number; port: string | null };

/**
 * Addresses at which clouds hand out credentials to whoever asks from inside. A range never opens them, only their own
 * name in the list does. Some of them lie in public ranges.
 */
const METADATA_ADDRESSES: ReadonlySet<string> = new Set([
  '169.254.169.254',
  '169.254.170.2',
  '100.100.100.200',
  '168.63.129.16',
  '192.0.0.192',
  'fd00:ec2::254',
]);

const RANGE_WORDS: Readonly<Record<string, string>> = {
  loopback: 'loopback',
  private: 'private',
  uniqueLocal: 'private',
  carrierGradeNat: 'private (carrier-grade NAT)',
  linkLocal: 'link-local',
  unspecified: 'unspecified',
  multicast: 'multicast',
  broadcast: 'broadcast',
};

/** Reads `host`, `host:port`, `address`, `[address]:port` and CIDR ranges. Throws a plain Error that names a bad entry. */
export function parseAllowEntry(text: string): AllowEntry {
  const entry = text.trim().toLowerCase();
  if (entry.includes('/')) {
    if (!ipaddr.isValidCIDR(entry))
      throw new Error(`"${text}" is not a range of addresses such as 10.0.0.0/8.`);
    const [address, bits] = ipaddr.parseCIDR(entry);
    return { kind: 'range', address, bits, port: null };
  }
  if (ipaddr.isValid(entry)) return rangeOfOne(entry, null);
  const { host, port } = splitPort(entry);
  if (!/^[a-z0-9_.:-]+$/.test(host))
    throw new Error(`"${text}" is not a host, an address or a range of addresses.`);
  return ipaddr.isValid(host) ? rangeOfOne(host, port) : { kind: 'host', host: stripDot(host), port };
}

/** Why an address may not be reached, in words; undefined when it may. */
export function refuseAddress(
  address: string,
  target: { host: string; port: string },
  allowed: readonly AllowEntry[],
  loopbackIsAllowed: boolean,
): string | undefined {
  const parsed = ipaddr.process(address);
  const entries = allowed.filter((entry) => entry.port === null || entry.port === target.port);
  if (METADATA_ADDRESSES.has(parsed.toString())) {
    const isNamed = entries.some((entry) => entry.kind === 'range' && isSame(entry, parsed));
    return isNamed ? undefined : 'a metadata address of a cloud';
  }
  if (isPublic(parsed)) return undefined;
  if (parsed.range() === 'loopback' && loopbackIsAllowed) return undefined;
  const isNamed = entries.some((entry) =>
    entry.kind === 'host' ? entry.host === target.host : contains(entry, parsed),
  );
  return isNamed ? undefined : `a ${RANGE_WORDS[parsed.range()] ?? 'reserved'} address`;
}

/** Whether the list names the host or address together with this very port. */
export function namesPort(allowed: readonly AllowEntry[], target: { host: string; port: string }): boolean {
  return allowed.some(
    (entry) =>
      entry.port === target.port &&
      (entry.kind === 'host'
        ? entry.host === target.host
        : ipaddr.isValid(target.host) && contains(entry, ipaddr.process(target.host))),
  );
}

/** A URL's host name as it is compared: without brackets and without the root's dot. */
export function comparableHost(hostname: string): string {
  return stripDot(hostname.toLowerCase().replace(/^\[|\]$/g, ''));
}

export function isLoopbackHost(hostname: string): boolean {
  const host = comparableHost(hostname);
  if (host === 'localhost') return true;
  return ipaddr.isValid(host) && ipaddr.process(host).range() === 'loopback';
}

function splitPort(entry: string): { host: string; port: string | null } {
  const end = /:(\d{1,5})$/.exec(entry);
  const host = end ? entry.slice(0, end.index) : entry;
  return { host: host.replace(/^\[|\]$/g, ''), port: end?.[1] ?? null };
}

function rangeOfOne(address: string, port: string | null): AllowEntry {
  const parsed = ipaddr.process(address);
  return { kind: 'range', address: parsed, bits: parsed.kind() === 'ipv4' ? 32 : 128, port };
}

function isSame(entry: Extract<AllowEntry, { kind: 'range' }>, address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  const isOne = entry.bits === (entry.address.kind() === 'ipv4' ? 32 : 128);
  return isOne && entry.address.toString() === address.toString();
}

function contains(
  entry: Extract<AllowEntry, { kind: 'range' }>,
  address: ipaddr.IPv4 | ipaddr.IPv6,
): boolean {
  if (entry.address.kind() !== address.kind()) return false;
  return address.match(entry.address as ipaddr.IPv4 & ipaddr.IPv6, entry.bits);
}

/** IPv6 gives out only 2000::/3 to the public; everything else there is special or not yet given out. */
function isPublic(address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  if (address.range() !== 'unicast') return false;
  return address.kind() === 'ipv4' || contains(GLOBAL_IPV6, address);
}

const GLOBAL_IPV6: Extract<AllowEntry, { kind: 'range' }> = {
  kind: 'range',
  address: ipaddr.parse('2000::'),
  bits: 3,
  port: null,
};

function stripDot(host: string): string {
  return host.replace(/\.$/, '');
}
