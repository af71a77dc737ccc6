import { createDecipheriv, createHash, timingSafeEqual } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { AppError } from '@officina/protocol';

/** How many hashes are made before other work gets its turn: less than a millisecond of them. */
const HASHES_AT_ONCE = 400;
/** Segments of 4,096 bytes that are decrypted before other work gets its turn. */
const SEGMENTS_AT_ONCE = 128;
const SEGMENT_BYTES = 4096;
/** [MS-OFFCRYPTO] 2.3.4.10 allows ten times more; the usual count is 100,000 and each costs about a microsecond. */
const SPIN_LIMIT = 1_000_000;
const STANDARD_SPINS = 50_000;

/**
 * The zip inside an encrypted package ([MS-OFFCRYPTO] 2.3.4), given its two streams. Refuses by AppError:
 * password_wrong, format_unsupported.
 */
export async function decryptPackage(
  encryptionInfo: Buffer,
  encryptedPackage: Buffer,
  password: string,
): Promise<Buffer> {
  if (encryptionInfo.length < 12 || encryptedPackage.length < 8) throw unsupported();
  const [major, minor] = [encryptionInfo.readUInt16LE(0), encryptionInfo.readUInt16LE(2)];
  const size = Number(encryptedPackage.readBigUInt64LE(0));
  const content = encryptedPackage.subarray(8);
  if (size > content.length) throw unsupported();
  const plain =
    major === 4 && minor === 4
      ? await decryptAgile(readAgile(encryptionInfo.toString('utf8', 8)), content, password)
      : minor === 2
        ? await decryptStandard(encryptionInfo, content, password)
        : undefined;
  if (!plain || plain.length < size) throw unsupported();
  return plain.subarray(0, size);
}

/** [MS-OFFCRYPTO] 2.3.4.5 to 2.3.4.9: AES in ECB mode, key from SHA-1. */
async function decryptStandard(encryptionInfo: Buffer, content: Buffer, password: string): Promise<Buffer> {
  if (encryptionInfo.length < 32) throw unsupported();
  const headerBytes = encryptionInfo.readUInt32LE(8);
  const verifier = encryptionInfo.subarray(12 + headerBytes);
  const keyBytes = encryptionInfo.readUInt32LE(12 + 16) / 8;
  if (verifier.length < 4 + 16 + 16 + 4 + 32 || ![16, 24, 32].includes(keyBytes)) throw unsupported();
  const salt = verifier.subarray(4, 20);

  const spun = await spinPassword('sha1', salt, password, STANDARD_SPINS);
  const final = hashOf('sha1', spun, word(0));
  const [x1, x2] = [0x36, 0x5c].map((pad) => {
    const block = Buffer.alloc(64, pad);
    for (const [at, byte] of final.entries()) block.writeUInt8(byte ^ pad, at);
    return hashOf('sha1', block);
  }) as [Buffer, Buffer];
  const key = Buffer.concat([x1, x2]).subarray(0, keyBytes);

  const decrypt = (bytes: Buffer) => decipher(`aes-${keyBytes * 8}-ecb`, key, null, bytes);
  const hash = hashOf('sha1', decrypt(verifier.subarray(20, 36)));
  requireEqual(hash, decrypt(verifier.subarray(40, 72)).subarray(0, hash.length));
  const whole = content.subarray(0, content.length - (content.length % 16));
  return inSegments(whole, SEGMENT_BYTES, (segment) => decrypt(segment));
}

interface Agile {
  content: { salt: Buffer; blockBytes: number; keyBits: number; hash: string };
  key: {
    salt: Buffer;
    blockBytes: number;
    keyBits: number;
    hash: string;
    spins: number;
    verifierInput: Buffer;
    verifierHash: Buffer;
    encryptedKey: Buffer;
  };
}

/** Purposes for which a key is made of the password ([MS-OFFCRYPTO] 2.3.4.13). */
const FOR_VERIFIER_INPUT = Buffer.from('fea7d2763b4b9e79', 'hex');
const FOR_VERIFIER_HASH = Buffer.from('d7aa0f6d3061344e', 'hex');
const FOR_KEY = Buffer.from('146e0be7abacd0d6', 'hex');

/** [MS-OFFCRYPTO] 2.3.4.10 to 2.3.4.15: AES in CBC mode by segments, key wrapped by one made of the password. */
async function decryptAgile({ content, key }: Agile, bytes: Buffer, password: string): Promise<Buffer> {
  const spun = await spinPassword(key.hash, key.salt, password, key.spins);
  const unwrap = (purpose: Buffer, wrapped: Buffer) =>
    decipher(
      `aes-${key.keyBits}-cbc`,
      fit(hashOf(key.hash, spun, purpose), key.keyBits / 8),
      fit(key.salt, key.blockBytes),
      wrapped,
    );
  const input = unwrap(FOR_VERIFIER_INPUT, key.verifierInput).subarray(0, key.salt.length);
  const expected = hashOf(key.hash, input);
  requireEqual(expected, unwrap(FOR_VERIFIER_HASH, key.verifierHash).subarray(0, expected.length));

  const contentKey = unwrap(FOR_KEY, key.encryptedKey).subarray(0, content.keyBits / 8);
  if (contentKey.length < content.keyBits / 8) throw unsupported();
  const whole = bytes.subarray(0, bytes.length - (bytes.length % content.blockBytes));
  return inSegments(whole, SEGMENT_BYTES, (segment, at) => {
    const iv = fit(hashOf(content.hash, content.salt, word(at)), content.blockBytes);
    return decipher(`aes-${content.keyBits}-cbc`, contentKey, iv, segment);
  });
}

function readAgile(xml: string): Agile {
  const content = attributesOf(xml, 'keyData');
  const key = attributesOf(xml, 'encryptedKey');
  const spins = Number(key('spinCount'));
  if (!Number.isInteger(spins) || spins < 0 || spins > SPIN_LIMIT) throw unsupported();
  return {
    content: commonOf(content),
    key: {
      ...commonOf(key),
      spins,
      verifierInput: Buffer.from(key('encryptedVerifierHashInput'), 'base64'),
      verifierHash: Buffer.from(key('encryptedVerifierHashValue'), 'base64'),
      encryptedKey: Buffer.from(key('encryptedKeyValue'), 'base64'),
    },
  };
}

const HASHES: Readonly<Record<string, string>> = {
  SHA1: 'sha1',
  SHA256: 'sha256',
  SHA384: 'sha384',
  SHA512: 'sha512',
};

function commonOf(attribute: (name: string) => string): Agile['content'] {
  const hash = HASHES[attribute('hashAlgorithm').replace('-', '')];
  const keyBits = Number(attribute('keyBits'));
  const blockBytes = Number(attribute('blockSize'));
  const isKnown =
    attribute('cipherAlgorithm') === 'AES' &&
    attribute('cipherChaining') === 'ChainingModeCBC' &&
    [128, 192, 256].includes(keyBits) &&
    blockBytes === 16;
  if (!hash || !isKnown) throw unsupported();
  return { salt: Buffer.from(attribute('saltValue'), 'base64'), blockBytes, keyBits, hash };
}

/** Attributes of the only element of this name; the descriptor is made by programs and holds no text. */
function attributesOf(xml: string, element: string): (name: string) => string {
  const tag = new RegExp(`<(?:\\w+:)?${element}\\s([^>]*)>`).exec(xml)?.[1];
  if (tag === undefined) throw unsupported();
  return (name) => new RegExp(`(?:^|\\s)${name}="([^"]*)"`).exec(tag)?.[1] ?? '';
}

async function spinPassword(hash: string, salt: Buffer, password: string, spins: number): Promise<Buffer> {
  let value = hashOf(hash, salt, Buffer.from(password, 'utf16le'));
  for (let spin = 0; spin < spins; spin += 1) {
    if (spin % HASHES_AT_ONCE === 0) await setImmediate();
    value = hashOf(hash, word(spin), value);
  }
  return value;
}

async function inSegments(
  bytes: Buffer,
  size: number,
  work: (segment: Buffer, at: number) => Buffer,
): Promise<Buffer> {
  const parts: Buffer[] = [];
  for (let from = 0; from < bytes.length; from += size) {
    if (parts.length % SEGMENTS_AT_ONCE === 0) await setImmediate();
    parts.push(work(bytes.subarray(from, from + size), parts.length));
  }
  return Buffer.concat(parts);
}

function decipher(algorithm: string, key: Buffer, iv: Buffer | null, bytes: Buffer): Buffer {
  if (bytes.length % 16 !== 0) throw unsupported();
  const cipher = createDecipheriv(algorithm, key, iv).setAutoPadding(false);
  return Buffer.concat([cipher.update(bytes), cipher.final()]);
}

function hashOf(algorithm: string, ...parts: readonly Buffer[]): Buffer {
  const hash = createHash(algorithm);
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** Cut, or filled up with 0x36 ([MS-OFFCRYPTO] 2.3.4.11). */
function fit(bytes: Buffer, size: number): Buffer {
  return bytes.length >= size
    ? bytes.subarray(0, size)
    : Buffer.concat([bytes, Buffer.alloc(size - bytes.length, 0x36)]);
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function requireEqual(a: Buffer, b: Buffer): void {
  if (a.length !== b.length || !timingSafeEqual(a, b))
    throw new AppError('password_wrong', 'The password does not open the document.');
}

function unsupported(): AppError {
  return new AppError('format_unsupported', 'The file is protected in a way that this server cannot open.');
}
