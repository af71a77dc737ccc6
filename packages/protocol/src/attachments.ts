/**
 * Pictures and other large bytes of operations travel beside them: they are put to the room by their SHA-256, and the
 * operation says `{"$blob": hash}` where it would say `{"$bytes": …}`. What it names so stands in `blobs` of its
 * payload, too: that is all the room reads of it, and whatever is not there stays unknown to every replica alike.
 */
export const ATTACHMENT_LIMITS = {
  /** Bytes of one; a photograph of a good camera is about half of it. */
  bytes: 25_000_000,
  /** Bytes of all that one document has got, whether they stand in it or not. */
  bytesPerDocument: 200_000_000,
  /** Different ones that one operation names. */
  perOperation: 200,
} as const;

/** Fewer bytes than this go inside the operation: a request of their own would cost more. */
export const INLINE_BYTES = 16_384;

export const ATTACHMENT_NAME = /^[0-9a-f]{64}$/;

/** Where a page puts an attachment by PUT, and where every page gets it by GET. */
export function attachmentPath(roomPath: string, sha256: string): string {
  return `${roomPath}/blobs/${sha256}`;
}

/** The attachments that an operation's payload names; empty for one that names none. */
export function attachmentsOf(payload: unknown): readonly string[] {
  const { blobs } = (payload ?? {}) as { blobs?: unknown };
  return Array.isArray(blobs) ? blobs.filter((name) => typeof name === 'string') : [];
}

/** The value with every attachment that `bytesOf` knows in its place. What holds none stays the very same object. */
export function withAttachments<T>(value: T, bytesOf: (sha256: string) => Uint8Array | undefined): T {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
  if (Array.isArray(value)) {
    const items = value.map((each) => withAttachments(each, bytesOf));
    return items.every((each, index) => each === value[index]) ? value : (items as T);
  }
  const record = value as Record<string, unknown>;
  if (typeof record.$blob === 'string') {
    const bytes = bytesOf(record.$blob);
    return bytes === undefined ? value : ({ $bytes: bytes } as T);
  }
  let changed: Record<string, unknown> | null = null;
  for (const [key, each] of Object.entries(record)) {
    const now = withAttachments(each, bytesOf);
    if (now === each) continue;
    changed ??= { ...record };
    changed[key] = now;
  }
  return (changed ?? value) as T;
}

/** Every piece of bytes in a value, for whoever carries them beside it. */
export function bytesWithin(value: unknown): readonly Uint8Array[] {
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap(bytesWithin);
  const { $bytes } = value as { readonly $bytes?: unknown };
  if ($bytes instanceof Uint8Array) return [$bytes];
  return Object.values(value).flatMap(bytesWithin);
}

/**
 * The value as it goes out: bytes that have a name are exchanged for it, all others for base64. And the names, in the
 * order in which they are met.
 */
export function namingAttachments<T>(
  value: T,
  nameOf: (bytes: Uint8Array) => string | undefined,
  base64Of: (bytes: Uint8Array) => string,
): { value: T; names: readonly string[] } {
  const names = new Set<string>();
  const walk = (each: unknown): unknown => {
    if (typeof each !== 'object' || each === null) return each;
    if (Array.isArray(each)) return each.map(walk);
    const { $bytes } = each as { readonly $bytes?: unknown };
    if ($bytes instanceof Uint8Array) {
      const name = nameOf($bytes);
      if (name === undefined) return { $bytes: base64Of($bytes) };
      names.add(name);
      return { $blob: name };
    }
    return Object.fromEntries(Object.entries(each).map(([key, item]) => [key, walk(item)]));
  };
  return { value: walk(value) as T, names: [...names] };
}
