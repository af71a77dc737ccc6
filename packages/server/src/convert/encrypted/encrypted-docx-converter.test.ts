import { createCipheriv, createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { decryptPackage } from './decrypt-package.js';
import { EncryptedDocxConverter } from './encrypted-docx-converter.js';

const root = fileURLToPath(new URL('../../../../../', import.meta.url));
const corpus = process.env.OFFICINA_CORPUS ?? join(root, '../shared/corpus');
const PROTECTED = join(corpus, 'docx/bug53475-password-is-solrcell.docx');

const sha512 = (...parts: readonly Buffer[]) => createHash('sha512').update(Buffer.concat(parts)).digest();
const word = (value: number) => Buffer.from(Uint32Array.of(value).buffer);

/** What an office program writes for a password, straight from the standard, with few spins. */
function encryptAgile(plain: Buffer, password: string): { info: Buffer; content: Buffer } {
  const [salt, contentSalt] = [Buffer.alloc(16, 1), Buffer.alloc(16, 2)];
  const [contentKey, verifier] = [Buffer.alloc(32, 3), Buffer.alloc(16, 4)];
  const encrypt = (key: Buffer, iv: Buffer, bytes: Buffer) => {
    const padded = Buffer.concat([bytes, Buffer.alloc((16 - (bytes.length % 16)) % 16)]);
    return createCipheriv('aes-256-cbc', key, iv).setAutoPadding(false).update(padded);
  };
  let spun = sha512(salt, Buffer.from(password, 'utf16le'));
  for (let spin = 0; spin < 10; spin += 1) spun = sha512(word(spin), spun);
  const wrap = (purpose: string, bytes: Buffer) =>
    encrypt(sha512(spun, Buffer.from(purpose, 'hex')).subarray(0, 32), salt, bytes).toString('base64');

  const segments: Buffer[] = [];
  for (let from = 0; from < plain.length; from += 4096) {
    const iv = sha512(contentSalt, word(segments.length)).subarray(0, 16);
    segments.push(encrypt(contentKey, iv, plain.subarray(from, from + 4096)));
  }
  const common =
    'saltSize="16" blockSize="16" keyBits="256" hashSize="64" cipherAlgorithm="AES" cipherChaining="ChainingModeCBC" hashAlgorithm="SHA512"';
  const xml =
    `<?xml version="1.0"?><encryption><keyData ${common} saltValue="${contentSalt.toString('base64')}"/>` +
    `<keyEncryptors><keyEncryptor><p:encryptedKey spinCount="10" ${common} saltValue="${salt.toString('base64')}" ` +
    `encryptedVerifierHashInput="${wrap('fea7d2763b4b9e79', verifier)}" ` +
    `encryptedVerifierHashValue="${wrap('d7aa0f6d3061344e', sha512(verifier))}" ` +
    `encryptedKeyValue="${wrap('146e0be7abacd0d6', contentKey)}"/></keyEncryptor></keyEncryptors></encryption>`;
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(plain.length));
  return {
    info: Buffer.concat([Buffer.from('0400040040000000', 'hex'), Buffer.from(xml)]),
    content: Buffer.concat([size, ...segments]),
  };
}

describe('a protected package', () => {
  it('[SE36] opens with its password, and with no other', async () => {
    const plain = Buffer.from('x'.repeat(10_000));
    const { info, content } = encryptAgile(plain, 'Sésame');

    expect((await decryptPackage(info, content, 'Sésame')).equals(plain)).toBe(true);
    await expect(decryptPackage(info, content, 'sesame')).rejects.toMatchObject({ code: 'password_wrong' });
  });

  it('is refused when its description is none, or would keep the server busy', async () => {
    const { info, content } = encryptAgile(Buffer.from('x'), 'p');
    const endless = Buffer.from(
      info.toString('latin1').replace('spinCount="10"', 'spinCount="99999999"'),
      'latin1',
    );

    for (const broken of [
      endless,
      info.subarray(0, 40),
      Buffer.alloc(4),
      Buffer.from('0400040000000000', 'hex'),
    ]) {
      await expect(decryptPackage(broken, content, 'p')).rejects.toMatchObject({
        code: 'format_unsupported',
      });
    }
    await expect(decryptPackage(info, content.subarray(0, 9), 'p')).rejects.toMatchObject({
      code: 'format_unsupported',
    });
  });
});

describe('a protected file', () => {
  const converter = new EncryptedDocxConverter();

  it('is refused when it is damaged', async () => {
    for (const bytes of [Buffer.alloc(10), Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(600)]) {
      await expect(converter.toDocx(bytes, 'encrypted-docx', 'p')).rejects.toMatchObject({
        code: 'format_unsupported',
      });
    }
  });

  it.runIf(existsSync(PROTECTED))('[SE36] of an office program opens with its password', async () => {
    const bytes = readFileSync(PROTECTED);

    const docx = await converter.toDocx(bytes, 'encrypted-docx', 'solrcell');

    expect(Buffer.from(docx).subarray(0, 2).toString()).toBe('PK');
    await expect(converter.toDocx(bytes, 'encrypted-docx', null)).rejects.toMatchObject({
      code: 'password_required',
    });
    await expect(converter.toDocx(bytes, 'encrypted-docx', 'wrong')).rejects.toMatchObject({
      code: 'password_wrong',
    });
  });

  it.runIf(existsSync(PROTECTED))('never hangs or fails by a fault when bytes of it are turned', async () => {
    const bytes = readFileSync(PROTECTED);
    for (let at = 0; at < 600; at += 7) {
      const turned = Buffer.from(bytes);
      turned.writeUInt8((turned.readUInt8(at) + 1 + at) & 0xff, at);
      const outcome = await converter.toDocx(turned, 'encrypted-docx', null).catch((error: unknown) => error);
      expect(outcome).toMatchObject({ code: 'password_required' });
      const streams = await import('./compound-file.js').then(({ readCompoundFile, CompoundFileFault }) => {
        try {
          return readCompoundFile(turned);
        } catch (error) {
          return error instanceof CompoundFileFault ? error : Promise.reject(error);
        }
      });
      expect(streams).toBeDefined();
    }
  });
});
