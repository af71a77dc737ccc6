import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';

/** Where the installation keeps small values about itself. */
export interface Settings {
  get(name: string): Promise<string | undefined>;
  set(name: string, value: string): Promise<void>;
}

const SETTING = 'console.password';
/** About 60 ms and 32 MB for each trial, on the machine and for a thief of the database alike. */
const COST = { logN: 15, r: 8, p: 1 };
const KEY_BYTES = 32;
const SALT_BYTES = 16;
/** Without the letters that look like others; 20 of them hold 100 bits. */
const ALPHABET = 'abcdefghijkmnpqrstuvwxyz23456789';
const GENERATED_LETTERS = 20;

/** The operator's password; only its hash is ever stored. */
export class AdminPassword {
  readonly #settings: Settings;

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  /**
   * Makes the configured password the one that holds; without one, keeps what is stored, or makes one and returns it:
   * it can be shown only now.
   */
  async prepare(configured: string | null): Promise<{ generated: string | null }> {
    const stored = await this.#settings.get(SETTING);
    if (configured !== null) {
      if (stored === undefined || !(await verifies(stored, configured))) {
        await this.#settings.set(SETTING, await hashPassword(configured));
      }
      return { generated: null };
    }
    if (stored !== undefined) return { generated: null };
    const generated = makePassword();
    await this.#settings.set(SETTING, await hashPassword(generated));
    return { generated };
  }

  async verify(password: string): Promise<boolean> {
    const stored = await this.#settings.get(SETTING);
    return stored !== undefined && (await verifies(stored, password));
  }
}

async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const key = await derive(password, salt, COST);
  return ['scrypt', COST.logN, COST.r, COST.p, salt.toString('base64url'), key.toString('base64url')].join(
    '$',
  );
}

async function verifies(stored: string, password: string): Promise<boolean> {
  const [kind, logN, r, p, salt = '', key = ''] = stored.split('$');
  if (kind !== 'scrypt') throw new Error(`The stored console password is of an unknown kind "${kind}".`);
  const expected = Buffer.from(key, 'base64url');
  const cost = { logN: Number(logN), r: Number(r), p: Number(p) };
  const actual = await derive(password, Buffer.from(salt, 'base64url'), cost);
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}

function derive(password: string, salt: Buffer, { logN, r, p }: typeof COST): Promise<Buffer> {
  const N = 2 ** logN;
  const options: ScryptOptions = { N, r, p, maxmem: 256 * N * r };
  return new Promise((resolve, reject) => {
    // Typed the same on every keyboard, a password may still arrive in two Unicode forms.
    scrypt(password.normalize('NFKC'), salt, KEY_BYTES, options, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}

function makePassword(): string {
  // 32 letters: five bits of each byte, no letter likelier than another.
  const letters = [...randomBytes(GENERATED_LETTERS)].map((byte) => ALPHABET.charAt(byte % ALPHABET.length));
  return letters.join('').replace(/.{5}(?=.)/g, '$&-');
}
