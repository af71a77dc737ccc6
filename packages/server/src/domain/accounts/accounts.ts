import { AppError } from '@officina/protocol';
import type { Clock } from '../time.js';
import type { Account, AccountSearch, AccountStore, ListedAccount } from './account.js';
import { LoginThrottle, sourceOf } from './login-throttle.js';
import { hashPassword, matchesPassword, PASSWORD_COST, type ScryptCost } from './password-hash.js';

export interface AccountsDeps {
  accounts: AccountStore;
  clock: Clock;
  /** So many random bytes in lower-case hex. */
  randomHex(bytes: number): string;
  /** Weaker in tests only. */
  passwordCost?: ScryptCost;
}

export interface NewAccount {
  email: string;
  displayName: string;
  /** Undefined: the display name when it is one free word, else none. */
  loginName?: string;
  password: string;
}

const ID_BYTES = 8;
const LEAST_PASSWORD = 1;
/** Of a password that somebody chooses without the operator. */
const LEAST_OWN_PASSWORD = 8;
const LONGEST_PASSWORD = 1_000;
const LONGEST_NAME = 200;
/** Checking a password takes 32 MB and some time: more at once would be a way to stop the server. */
const MOST_CHECKS = 4;
const FREE_TRIALS_OF_ACCOUNT_FROM_ADDRESS = 5;
/** Accounts that one address may open before it has to wait, and then twice as long for each. */
const FREE_SIGN_UPS = 5;
/** One address may be a whole office. */
const FREE_TRIALS_OF_ADDRESS = 50;

/** Good enough to send mail to; commas and blanks would break the lists of the wire. */
const EMAIL = /^[^\s@,;[\]<>"'=]{1,64}@[^\s@,;[\]<>"'=]{1,250}$/u;
/** Without `@`, so that it is never taken for an address. */
const LOGIN_NAME = /^[\p{L}\p{N}][\p{L}\p{N}._-]{0,63}$/u;

/** The people of this house and their passwords. Rules: docs/spec/library.md. */
export class Accounts {
  readonly #deps: AccountsDeps;
  readonly #byAccount = new LoginThrottle(FREE_TRIALS_OF_ACCOUNT_FROM_ADDRESS);
  readonly #byAddress = new LoginThrottle(FREE_TRIALS_OF_ADDRESS);
  readonly #signUps = new LoginThrottle(FREE_SIGN_UPS);
  #checks = 0;
  #decoy: Promise<string> | undefined;

  constructor(deps: AccountsDeps) {
    this.#deps = deps;
  }

  /** Refuses by AppError: parameter_value_invalid, conflict (the address or the login name is taken). */
  async add(wish: NewAccount, address: 'confirmed' | 'unconfirmed' = 'confirmed'): Promise<Account> {
    const email = requireEmail(wish.email);
    const displayName = cleanName(wish.displayName) || email;
    if (wish.loginName !== undefined && !isLoginName(wish.loginName)) {
      throw invalid(
        'login',
        'A login name is one word of letters, digits, ".", "_" and "-", up to 64 characters.',
      );
    }
    const passwordHash = await this.#hash(wish.password);
    const account: Account = {
      id: this.#deps.randomHex(ID_BYTES),
      email,
      displayName,
      loginName: wish.loginName ?? (isLoginName(displayName) ? displayName : null),
      createdAt: this.#deps.clock(),
    };
    const outcome = await this.#deps.accounts.add(account, passwordHash, address);
    if (outcome === 'added') return account;
    if (outcome === 'email_taken') {
      throw new AppError('conflict', `There is already an account with the address ${email}.`);
    }
    if (wish.loginName !== undefined) {
      throw new AppError('conflict', `The login name "${wish.loginName}" is taken; choose another.`);
    }
    const nameless = { ...account, loginName: null };
    const second = await this.#deps.accounts.add(nameless, passwordHash, address);
    if (second !== 'added') throw new AppError('conflict', `The address ${email} was taken just now.`);
    return nameless;
  }

  /**
   * Opens an account for whoever asks from a network address. Nobody has shown that the e-mail address is theirs, so what
   * is shared with it waits until the operator confirms it. Refuses by AppError as `add` does; busy, with the seconds to
   * wait.
   */
  async signUp(wish: NewAccount, address: string): Promise<Account> {
    if (this.#checks >= MOST_CHECKS) throw tooMany(1_000);
    requireOwnPassword(wish.password);
    requireEmail(wish.email);
    const waitMs = this.#signUps.begin(sourceOf(address), this.#deps.clock());
    if (waitMs > 0) throw tooMany(waitMs);
    this.#checks += 1;
    try {
      return await this.add(wish, 'unconfirmed');
    } finally {
      this.#checks -= 1;
    }
  }

  search(search: AccountSearch): Promise<readonly ListedAccount[]> {
    return this.#deps.accounts.search(search);
  }

  /** The operator vouches for the address: from now on what is shared with it is the account's. False when there is none. */
  confirm(accountId: string): Promise<boolean> {
    return this.#deps.accounts.confirm(accountId, this.#deps.clock());
  }

  isConfirmed(accountId: string): Promise<boolean> {
    return this.#deps.accounts.isConfirmed(accountId);
  }

  /** A closed account logs in nowhere; its documents stay, also with others. False when there is none. */
  setDisabled(accountId: string, isDisabled: boolean): Promise<boolean> {
    return this.#deps.accounts.setDisabled(accountId, isDisabled ? this.#deps.clock() : null);
  }

  /** Revokes every ticket and token of the account. Refuses by AppError: parameter_value_invalid. */
  async setPassword(accountId: string, password: string): Promise<void> {
    await this.#deps.accounts.setPassword(accountId, await this.#hash(password));
  }

  /**
   * By the person, who knows the old one; everything that was signed in by it ends. Refuses by AppError: credentials_invalid
   * when they do not know it, parameter_value_invalid, busy.
   */
  async changePassword(
    { id, email }: Pick<Account, 'id' | 'email'>,
    { current, next }: { current: string; next: string },
    address: string,
  ): Promise<void> {
    requireOwnPassword(next);
    await this.verify(email, current, address);
    await this.setPassword(id, next);
  }

  /**
   * Whose name and password these are, asked from a network address. Refuses by AppError: credentials_invalid, without
   * saying which of the two is wrong; busy, with the seconds to wait.
   */
  async verify(
    name: string,
    password: string,
    address: string,
  ): Promise<{ account: Account; passwordHash: string }> {
    const now = this.#deps.clock();
    if (password.length > LONGEST_PASSWORD || name.length > LONGEST_NAME * 2)
      throw new AppError('credentials_invalid');
    if (this.#checks >= MOST_CHECKS) throw tooMany(1_000);
    const source = sourceOf(address);
    const pair = `${name.trim().toLowerCase()} ${source}`;
    const waitMs = this.#byAccount.begin(pair, now) || this.#byAddress.begin(source, now);
    if (waitMs > 0) throw tooMany(waitMs);
    this.#checks += 1;
    try {
      const found = await this.#deps.accounts.findByName(name.trim());
      // An unknown name costs as much time as a wrong password, so that time does not tell who has an account.
      const isRight = await matchesPassword(found?.passwordHash ?? (await this.#decoyHash()), password);
      if (!found || !isRight || found.disabledAt !== null) throw new AppError('credentials_invalid');
      this.#byAccount.succeed(pair);
      this.#byAddress.succeed(source);
      return found;
    } finally {
      this.#checks -= 1;
    }
  }

  /** Refuses by AppError: parameter_value_invalid when nobody has that name and it is no address either. */
  async resolve(nameOrEmail: string): Promise<{ account: Account | null; email: string }> {
    const found = await this.#deps.accounts.findByName(nameOrEmail);
    if (found) return { account: found.account, email: found.account.email };
    if (isEmail(nameOrEmail)) return { account: null, email: nameOrEmail.toLowerCase() };
    throw invalid('shareto', `"${nameOrEmail}" is neither somebody's login name nor an e-mail address.`);
  }

  async #hash(password: string): Promise<string> {
    if (password.length < LEAST_PASSWORD || password.length > LONGEST_PASSWORD) {
      throw invalid('password', `A password has ${LEAST_PASSWORD} to ${LONGEST_PASSWORD} characters.`);
    }
    return await hashPassword(password, this.#deps.passwordCost ?? PASSWORD_COST);
  }

  #decoyHash(): Promise<string> {
    this.#decoy ??= hashPassword(this.#deps.randomHex(ID_BYTES), this.#deps.passwordCost ?? PASSWORD_COST);
    return this.#decoy;
  }
}

function requireOwnPassword(password: string): void {
  if (password.length >= LEAST_OWN_PASSWORD) return;
  throw invalid('password', `Choose a password of at least ${LEAST_OWN_PASSWORD} characters.`);
}

export function isEmail(text: string): boolean {
  return EMAIL.test(text);
}

function isLoginName(text: string): boolean {
  return LOGIN_NAME.test(text);
}

function requireEmail(text: string): string {
  const email = text.trim().toLowerCase();
  if (!isEmail(email)) throw invalid('email', `"${text}" is not an e-mail address.`);
  return email;
}

/** Control characters become blanks; a name that only they make up is none. */
function cleanName(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
    .slice(0, LONGEST_NAME);
}

function invalid(parameter: string, message: string): AppError {
  return new AppError('parameter_value_invalid', message, { blame: { parameter } });
}

function tooMany(waitMs: number): AppError {
  const seconds = Math.ceil(waitMs / 1000);
  return new AppError('busy', `Too many tries. Wait ${seconds} s, then try again.`, {
    retryAfterSeconds: seconds,
  });
}
