/** Headers of a save callback, besides those of the Standard Webhooks scheme. */
export const SAVE_HEADERS = {
  id: 'webhook-id',
  timestamp: 'webhook-timestamp',
  signature: 'webhook-signature',
  sha256: 'x-officina-sha256',
  version: 'x-officina-version',
  reason: 'x-officina-reason',
  attempt: 'x-officina-attempt',
  document: 'x-officina-document',
  life: 'x-officina-life',
} as const;

export interface SignedDelivery {
  deliveryId: string;
  timestampSeconds: number;
  /** Lower-case hex. */
  sha256: string;
}

/** Signs a delivery as the server does: HMAC-SHA256 over `id.timestamp.sha256`, Base64, marked `v1`. */
export async function signDelivery(secret: string, delivery: SignedDelivery): Promise<string> {
  const mac = await crypto.subtle.sign('HMAC', await importSecret(secret), signedContent(delivery));
  return `v1,${encodeBase64(new Uint8Array(mac))}`;
}

/** Whether one of the signatures in the header (several stand there while a secret is changed) is right. */
export async function verifyDelivery(
  secret: string,
  delivery: SignedDelivery,
  signatures: string,
): Promise<boolean> {
  const key = await importSecret(secret);
  const content = signedContent(delivery);
  for (const signature of signatures.split(' ')) {
    const [scheme, value = ''] = signature.split(',');
    const mac = scheme === 'v1' ? decodeBase64(value) : undefined;
    if (mac && (await crypto.subtle.verify('HMAC', key, mac, content))) return true;
  }
  return false;
}

export async function sha256Hex(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return [...hash].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

function signedContent({ deliveryId, timestampSeconds, sha256 }: SignedDelivery): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${deliveryId}.${timestampSeconds}.${sha256}`);
}

function importSecret(secret: string): Promise<CryptoKey> {
  const bytes = secret.startsWith('whsec_')
    ? decodeBase64(secret.slice('whsec_'.length))
    : new TextEncoder().encode(secret);
  if (!bytes || bytes.length === 0)
    throw new Error('The signing secret is empty or not Base64 after "whsec_".');
  return crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign', 'verify']);
}

function encodeBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}

function decodeBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}
