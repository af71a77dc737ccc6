import { createCipheriv, createHash, createHmac, randomBytes } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { type CompoundNode, writeCompoundFile } from './write-compound-file.js';

/** As Word itself counts; each costs about a microsecond. */
const SPINS = 100_000;
const HASHES_AT_ONCE = 400;
const SEGMENT_BYTES = 4096;
const SEGMENTS_AT_ONCE = 128;
const KEY_BYTES = 32;
const BLOCK_BYTES = 16;
const HASH = 'sha512';
const HASH_BYTES = 64;

/** Purposes of keys and of initial vectors ([MS-OFFCRYPTO] 2.3.4.13 and 2.3.4.14). */
const FOR_VERIFIER_INPUT = Buffer.from('fea7d2763b4b9e79', 'hex');
const FOR_VERIFIER_HASH = Buffer.from('d7aa0f6d3061344e', 'hex');
const FOR_KEY = Buffer.from('146e0be7abacd0d6', 'hex');
const FOR_INTEGRITY_KEY = Buffer.from('5fb2ad010cb9e1f6', 'hex');
const FOR_INTEGRITY_VALUE = Buffer.from('a0677f02b22c8433', 'hex');

/** The docx behind a password: agile encryption ([MS-OFFCRYPTO] 2.3.4.10), AES-256 and SHA-512, as current Word writes it. */
export async function encryptPackage(docx: Uint8Array, password: string): Promise<Buffer> {
  const [contentSalt, keySalt] = [randomBytes(16), randomBytes(16)];
  const contentKey = randomBytes(KEY_BYTES);
  const encrypted = await encryptContent(docx, contentKey, contentSalt);

  const spun = await spin(password, keySalt);
  const wrap = (purpose: Buffer, bytes: Buffer) =>
    cipher(hashOf(spun, purpose).subarray(0, KEY_BYTES), keySalt, bytes);
  const verifier = randomBytes(16);
  const integrityKey = randomBytes(HASH_BYTES);
  const integrity = createHmac(HASH, integrityKey).update(encrypted).digest();
  const seal = (purpose: Buffer, bytes: Buffer) =>
    cipher(contentKey, hashOf(contentSalt, purpose).subarray(0, BLOCK_BYTES), bytes);

  const descriptor = describe({
    contentSalt,
    keySalt,
    integrityKey: seal(FOR_INTEGRITY_KEY, integrityKey),
    integrityValue: seal(FOR_INTEGRITY_VALUE, integrity),
    verifierInput: wrap(FOR_VERIFIER_INPUT, verifier),
    verifierHash: wrap(FOR_VERIFIER_HASH, hashOf(verifier)),
    key: wrap(FOR_KEY, contentKey),
  });
  // Version 4.4, and the flag that says "agile".
  const info = Buffer.concat([Buffer.from([4, 0, 4, 0, 0x40, 0, 0, 0]), Buffer.from(descriptor, 'utf8')]);
  return writeCompoundFile([
    { name: 'EncryptionInfo', bytes: info },
    { name: 'EncryptedPackage', bytes: encrypted },
    DATA_SPACES,
  ]);
}

async function encryptContent(docx: Uint8Array, key: Buffer, salt: Buffer): Promise<Buffer> {
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(docx.length));
  const parts: Buffer[] = [size];
  for (let from = 0; from < docx.length; from += SEGMENT_BYTES) {
    const number = parts.length - 1;
    if (number % SEGMENTS_AT_ONCE === 0) await setImmediate();
    const segment = docx.subarray(from, from + SEGMENT_BYTES);
    const padded = Buffer.alloc(Math.ceil(segment.length / BLOCK_BYTES) * BLOCK_BYTES);
    padded.set(segment);
    parts.push(cipher(key, hashOf(salt, word(number)).subarray(0, BLOCK_BYTES), padded));
  }
  return Buffer.concat(parts);
}

async function spin(password: string, salt: Buffer): Promise<Buffer> {
  let value = hashOf(salt, Buffer.from(password, 'utf16le'));
  for (let count = 0; count < SPINS; count += 1) {
    if (count % HASHES_AT_ONCE === 0) await setImmediate();
    value = hashOf(word(count), value);
  }
  return value;
}

function cipher(key: Buffer, iv: Buffer, bytes: Buffer): Buffer {
  const aes = createCipheriv('aes-256-cbc', key, iv).setAutoPadding(false);
  return Buffer.concat([aes.update(bytes), aes.final()]);
}

function hashOf(...parts: readonly Buffer[]): Buffer {
  const hash = createHash(HASH);
  for (const part of parts) hash.update(part);
  return hash.digest();
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function describe(
  parts: Record<
    'contentSalt' | 'keySalt' | 'integrityKey' | 'integrityValue' | 'verifierInput' | 'verifierHash' | 'key',
    Buffer
  >,
): string {
  const text = (bytes: Buffer) => bytes.toString('base64');
  const scheme = (salt: Buffer) =>
    `saltSize="16" blockSize="16" keyBits="256" hashSize="64" cipherAlgorithm="AES" cipherChaining="ChainingModeCBC" hashAlgorithm="SHA512" saltValue="${text(salt)}"`;
  const base = 'http://schemas.microsoft.com/office/2006';
  return (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n' +
    `<encryption xmlns="${base}/encryption" xmlns:p="${base}/keyEncryptor/password" xmlns:c="${base}/keyEncryptor/certificate">` +
    `<keyData ${scheme(parts.contentSalt)}/>` +
    `<dataIntegrity encryptedHmacKey="${text(parts.integrityKey)}" encryptedHmacValue="${text(parts.integrityValue)}"/>` +
    `<keyEncryptors><keyEncryptor uri="${base}/keyEncryptor/password"><p:encryptedKey spinCount="${SPINS}" ${scheme(parts.keySalt)} ` +
    `encryptedVerifierHashInput="${text(parts.verifierInput)}" encryptedVerifierHashValue="${text(parts.verifierHash)}" encryptedKeyValue="${text(parts.key)}"/>` +
    '</keyEncryptor></keyEncryptors></encryption>'
  );
}

/** The same in every protected file: which stream is encrypted, and by what ([MS-OFFCRYPTO] 2.1 and 2.3.4.1). */
const DATA_SPACES: CompoundNode = {
  name: '\u0006DataSpaces',
  children: [
    { name: 'Version', bytes: Buffer.concat([lengthPrefixed('Microsoft.Container.DataSpaces'), versions()]) },
    { name: 'DataSpaceMap', bytes: dataSpaceMap() },
    {
      name: 'DataSpaceInfo',
      children: [
        {
          name: 'StrongEncryptionDataSpace',
          bytes: Buffer.concat([word(8), word(1), lengthPrefixed('StrongEncryptionTransform')]),
        },
      ],
    },
    {
      name: 'TransformInfo',
      children: [
        { name: 'StrongEncryptionTransform', children: [{ name: '\u0006Primary', bytes: primary() }] },
      ],
    },
  ],
};

function dataSpaceMap(): Buffer {
  const entry = Buffer.concat([
    word(1),
    word(0),
    lengthPrefixed('EncryptedPackage'),
    lengthPrefixed('StrongEncryptionDataSpace'),
  ]);
  return Buffer.concat([word(8), word(1), word(entry.length + 4), entry]);
}

function primary(): Buffer {
  const id = lengthPrefixed('{FF9A3F03-56EF-4613-BDD5-5A41C1D07246}');
  const head = Buffer.concat([word(1), id]);
  return Buffer.concat([
    word(head.length + 4),
    head,
    lengthPrefixed('Microsoft.Container.EncryptionTransform'),
    versions(),
    ...[word(0), word(0), word(0), word(4)],
  ]);
}

/** Reader, updater and writer: 1.0 each. */
function versions(): Buffer {
  return Buffer.from('010000000100000001000000', 'hex');
}

/** UNICODE-LP-P4 ([MS-OFFCRYPTO] 2.1.2). */
function lengthPrefixed(text: string): Buffer {
  const bytes = Buffer.from(text, 'utf16le');
  return Buffer.concat([word(bytes.length), bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
}
