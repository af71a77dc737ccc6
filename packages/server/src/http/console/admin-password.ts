import { hashPassword, matchesPassword } from '../../domain/accounts/password-hash.js';
import { makePassword } from './make-password.js';

/** Where the installation keeps small values about itself. */
export interface Settings {
  get(name: string): Promise<string | undefined>;
  set(name: string, value: string): Promise<void>;
}

const SETTING = 'console.password';
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
      if (stored === undefined || !(await matchesPassword(stored, configured))) {
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
    return stored !== undefined && (await matchesPassword(stored, password));
  }
}
