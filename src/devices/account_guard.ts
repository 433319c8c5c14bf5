// Keeps the hub from locking a user out of a camera: a password that was refused is not tried again by itself,
// and nothing is sent while a camera has locked logins. Both are remembered over restarts.
import { pbkdf2, randomBytes, timingSafeEqual } from "node:crypto";
import type { Clock } from "../base/clock.ts";
import { isoTime } from "../base/clock.ts";
import { HubError } from "../base/errors.ts";
import type { Secret } from "../base/secret.ts";
import type { LoginTurns } from "./login_turns.ts";
import type { DeviceMemory } from "./memory.ts";

/** Whose login is guarded. */
export interface GuardedAccount {
  /** The physical device, for example `tapo 192.168.1.20`: accounts of one device are locked together. */
  device: string;
  /** Which of its accounts, for example `control` or `stream`. */
  account: string;
  username: string;
  password: Secret;
}

/** What a guard needs. */
export interface GuardContext {
  memory: DeviceMemory;
  /** Shared by all guards: those of one account take turns. */
  logins: LoginTurns;
  clock: Clock;
  /** True when a person asked for this try; a password that was refused may then be tried once more. */
  isAsked: boolean;
}

interface Refusal {
  /** `salt:hash` of user name and password, only to tell whether they were changed since. */
  print: string;
  atMs: number;
  message: string;
  hint?: string | undefined;
}

/** Asked before each login, and told how it went. */
export class AccountGuard {
  readonly #account: GuardedAccount;
  readonly #context: GuardContext;
  /** A person's word allows the first try, whatever was before it, and no second one. */
  #mayForgive: boolean;
  /** The end of a lockout on the clock that does not jump. */
  #lockedUntilMonotonicMs = -Infinity;
  /** A refusal that is being written down; never rejects. */
  #noting: Promise<void> = Promise.resolve();
  /** The device took the password: logins need no longer take turns. */
  #isAccepted = false;
  #endTurn = () => {};

  constructor(account: GuardedAccount, context: GuardContext) {
    this.#account = account;
    this.#context = context;
    this.#mayForgive = context.isAsked;
  }

  /**
   * Asked before a login, which is then told of by `accepted`, `refused`, `lockedOut` or `undecided`. Waits while
   * another login tries an account that was not accepted so far.
   * @throws HubError as `assertAllowed` does; AbortError.
   */
  async begin(signal: AbortSignal): Promise<void> {
    if (!this.#isAccepted) {
      const { device, account } = this.#account;
      this.#endTurn = await this.#context.logins.take(`${device}\n${account}`, signal);
    }
    try {
      await this.assertAllowed();
    } catch (error) {
      this.undecided();
      throw error;
    }
  }

  /** @throws HubError `locked_out` with its end, or `unauthenticated` when this password was refused before. */
  async assertAllowed(): Promise<void> {
    await this.#noting;
    const { memory, clock } = this.#context;
    const { device } = this.#account;
    const locked = Number(await memory.read(device, "locked_until") ?? 0);
    const leftMs = Math.max(locked - clock.now(), this.#lockedUntilMonotonicMs - clock.monotonic());
    if (leftMs > 0) throw lockedOut(clock.now() + leftMs);
    if (locked > 0) await memory.write(device, "locked_until", undefined);
    const refusal = await this.#refusal();
    const mayForgive = this.#mayForgive;
    this.#mayForgive = false;
    if (!refusal) return;
    if (mayForgive || !await matches(refusal.print, this.#account)) {
      return await memory.write(device, this.#name, undefined);
    }
    throw new HubError(
      "unauthenticated",
      `${refusal.message}; not tried again since ${isoTime(refusal.atMs)}`,
      {
        hint: refusal.hint ??
          "Enter the right password; the hub does not try a refused one again, so as not to be locked out",
        retryAtMs: Infinity,
      },
    );
  }

  /** The camera refused the password. Nothing is allowed before that is noted. */
  refused(error: HubError): Promise<void> {
    this.#isAccepted = false;
    const noting = this.#note(error).finally(() => this.#endTurn());
    this.#noting = noting.catch(() => {/* whoever told of the refusal hears of it */});
    return noting;
  }

  async #note(error: HubError): Promise<void> {
    const refusal: Refusal = {
      print: await fingerprint(this.#account, randomBytes(16)),
      atMs: this.#context.clock.now(),
      message: error.message,
      hint: error.hint,
    };
    await this.#context.memory.write(this.#account.device, this.#name, JSON.stringify(refusal));
  }

  /** The camera takes no logins until then (wall clock, milliseconds since 1970). */
  async lockedOut(untilMs: number): Promise<void> {
    const { memory, clock } = this.#context;
    this.#lockedUntilMonotonicMs = clock.monotonic() + untilMs - clock.now();
    await memory.write(this.#account.device, "locked_until", String(Math.ceil(untilMs)));
    this.#endTurn();
  }

  /** The camera took the password. */
  async accepted(): Promise<void> {
    this.#isAccepted = true;
    this.#endTurn();
    if (await this.#refusal()) await this.#context.memory.write(this.#account.device, this.#name, undefined);
  }

  /** The login ended without a word on the password. */
  undecided(): void {
    this.#endTurn();
  }

  get #name(): string {
    return `refused ${this.#account.account}`;
  }

  async #refusal(): Promise<Refusal | undefined> {
    const text = await this.#context.memory.read(this.#account.device, this.#name);
    return text === undefined ? undefined : JSON.parse(text) as Refusal;
  }
}

function lockedOut(untilMs: number): HubError {
  return new HubError("locked_out", `The camera takes no logins until ${isoTime(untilMs)}`, {
    hint: "The hub waits until then by itself; more tries, from any app, would make it longer",
    retryAtMs: untilMs,
  });
}

const ROUNDS = 100_000;

function fingerprint(account: GuardedAccount, salt: Uint8Array): Promise<string> {
  const text = `${account.username}\n${account.password.reveal()}`;
  return new Promise((resolve, reject) =>
    pbkdf2(text, salt, ROUNDS, 32, "sha256", (error, hash) => {
      if (error) reject(error);
      else resolve(`${toHex(salt)}:${toHex(hash)}`);
    })
  );
}

async function matches(print: string, account: GuardedAccount): Promise<boolean> {
  const [salt = ""] = print.split(":");
  const own = new TextEncoder().encode(
    await fingerprint(account, Uint8Array.from(salt.match(/../g) ?? [], (hex) => parseInt(hex, 16))),
  );
  const kept = new TextEncoder().encode(print);
  return own.length === kept.length && timingSafeEqual(own, kept);
}

function toHex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
