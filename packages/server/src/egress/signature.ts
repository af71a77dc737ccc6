import { createHmac } from 'node:crypto';

/**
 * Signs a delivery by the Standard Webhooks scheme (`v1`, HMAC-SHA256, Base64). The signed content is
 * `id.timestamp.sha256`, where the payload's place is taken by the file's SHA-256 in lower-case hex, so that a receiver
 * verifies large files while it stores them. A secret with the prefix `whsec_` is Base64, any other is taken as text.
 */
export function signDelivery(
  secret: string,
  deliveryId: string,
  timestampSeconds: number,
  sha256: string,
): string {
  const key = secret.startsWith('whsec_')
    ? Buffer.from(secret.slice('whsec_'.length), 'base64')
    : Buffer.from(secret, 'utf8');
  const mac = createHmac('sha256', key)
    .update(`${deliveryId}.${timestampSeconds}.${sha256}`)
    .digest('base64');
  return `v1,${mac}`;
}
