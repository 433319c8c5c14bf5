// Keeps the hub from locking a user out of a camera: a password that was refused is not tried again by itself,
// and nothing is sent while a camera has locked logins. Both are remembered over restarts.
import { randomBytes } from "node:crypto";
import type { Clock } from "../base/clock.ts";
import { isoTime } from "../base/clock.ts";
import { HubError } from "../base/errors.ts";
import type { Secret } from "../base/secret.ts";
import { matchesPrint, printOf } from "./account_print.ts";
import type { LoginTurns } from "./login_turns.ts";
import type { DeviceMemory } from "./memory.ts";

/** Whose login is guarded. */
export interface GuardedAccount {
  /** The physical device, for example `tapo 192.168.1.20`: accounts of one device are locked together. */
  device: string;
  /** Which of its accounts, for example `control` or `camera`. */
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

/** The services of a device that take the same account; they may differ in whom they let in. */
export type Service = "control" | "stream" | "onvif";

interface Refusal {
  /** `salt:hash` of user name and password, only to tell whether they were changed since. */
  print: string;
  atMs: number;
  message: string;
  hint?: string | undefined;
}

/** While nobody knows whether an account is right, one login tries it; when it was right once, so many do. */
const AT_ONCE = { unknown: 1, known: 3 };

/** Asked before each login, and told how it went. */
export class AccountGuard {
  readonly #account: GuardedAccount;
  readonly #context: GuardContext;
  /** The end of a lockout on the clock that does not jump. */
  #lockedUntilMonotonicMs = -Infinity;
  /** A refusal or lockout that is being written down; never rejects. */
  #noting: Promise<void> = Promise.resolve();
  /** Everything that is being written down, in order; never rejects. */
  #writing: Promise<void> = Promise.resolve();
  /** Who took the password since this guard was made. */
  readonly #acceptedBy = new Set<Service>();
  /** What was noted by this guard: the memory holds one refusal of a name only, which may be another account's. */
  readonly #refusedHere = new Map<string, Refusal>();
  /** Refusals that a person's word has forgiven already: it is for one try. */
  readonly #forgiven = new Set<string>();
  /** Whether the device took this very account at some time; asked once, since it costs a print. */
  #isKnown: Promise<boolean> | undefined;

  constructor(account: GuardedAccount, context: GuardContext) {
    this.#account = account;
    this.#context = context;
  }

  /**
   * Asked before a login. Waits while others try the account and nobody knows yet whether it is right.
   * Returns what is to be called when the login is over, whatever it brought; calling it again does nothing.
   * @throws HubError as `assertAllowed` does; AbortError.
   */
  async begin(service: Service, signal: AbortSignal): Promise<() => void> {
    const { device, account } = this.#account;
    this.#isKnown ??= this.#isAccepted();
    const atOnce = await this.#isKnown ? AT_ONCE.known : AT_ONCE.unknown;
    const end = await this.#context.logins.take(`${device}\n${account}`, atOnce, signal);
    try {
      await this.forgive(service);
    } catch (error) {
      end();
      throw error;
    }
    // Whoever is next must find a refusal in the memory.
    return () => void this.#noting.then(end);
  }

  /**
   * Looks only.
   * @throws HubError `locked_out` with its end, or `unauthenticated` when this service, or the first that was asked,
   * refused this password before.
   */
  async assertAllowed(service: Service): Promise<void> {
    await this.#forgivable(service);
  }

  /** Forgets what a person's word forgives, once. @throws HubError as `assertAllowed` does. */
  async forgive(service: Service): Promise<void> {
    for (const name of await this.#forgivable(service)) {
      this.#forgiven.add(name);
      await this.#write(name, undefined);
    }
  }

  /** The names of refusals of this account that a person's word forgives. */
  async #forgivable(service: Service): Promise<string[]> {
    await this.#noting;
    await this.#assertUnlocked();
    const forgivable: string[] = [];
    for (const name of [this.#refusedName(), this.#refusedName(service)]) {
      const refusal = await this.#standing(name);
      if (!refusal) continue;
      const hasWord = this.#context.isAsked && this.#acceptedBy.size === 0 && !this.#forgiven.has(name);
      if (!hasWord || this.#refusedHere.has(name)) throw refusedBefore(refusal);
      forgivable.push(name);
    }
    return forgivable;
  }

  /** The refusal of this very account under a name. One that was deleted since was forgiven by somebody. */
  async #standing(name: string): Promise<Refusal | undefined> {
    const stored = await this.#refusal(name);
    if (!stored) return undefined;
    return await matchesPrint(stored.print, this.#account) ? stored : this.#refusedHere.get(name);
  }

  /** The device took the password. */
  accepted(service: Service): Promise<void> {
    return this.#inOrder(() => this.#accepted(service));
  }

  /** The device refused the password. Nothing is allowed before that is noted. */
  refused(service: Service, error: HubError): Promise<void> {
    return this.#note(async () => {
      const isOwnAffair = await this.#isAccepted(service);
      await this.#refused(service, error, this.#refusedName(isOwnAffair ? service : undefined));
    });
  }

  /** The device knows the account, and does not let it use this service. */
  denied(service: Service, error: HubError): Promise<void> {
    return this.#note(() => this.#refused(service, error, this.#refusedName(service)));
  }

  /** The device takes no logins until then (wall clock, milliseconds since 1970). */
  lockedOut(untilMs: number): Promise<void> {
    const { memory, clock } = this.#context;
    this.#lockedUntilMonotonicMs = clock.monotonic() + untilMs - clock.now();
    return this.#note(() => memory.write(this.#account.device, "locked_until", String(Math.ceil(untilMs))));
  }

  #note(work: () => Promise<void>): Promise<void> {
    const noted = this.#inOrder(work);
    this.#noting = noted.catch(() => {/* whoever tells of the outcome hears of it */});
    return noted;
  }

  #inOrder(work: () => Promise<void>): Promise<void> {
    const done = this.#writing.then(work);
    this.#writing = done.catch(() => {/* the same */});
    return done;
  }

  async #assertUnlocked(): Promise<void> {
    const { memory, clock } = this.#context;
    const { device } = this.#account;
    const locked = Number(await memory.read(device, "locked_until") ?? 0);
    const leftMs = Math.max(locked - clock.now(), this.#lockedUntilMonotonicMs - clock.monotonic());
    if (leftMs > 0) throw lockedOut(clock.now() + leftMs);
    if (locked > 0) await memory.write(device, "locked_until", undefined);
  }

  async #refused(service: Service, { message, hint }: HubError, name: string): Promise<void> {
    this.#acceptedBy.delete(service);
    this.#isKnown = Promise.resolve(false);
    const accepted = this.#acceptedName(service);
    const was = await this.#read(accepted);
    if (was !== undefined && await matchesPrint(was, this.#account)) await this.#write(accepted, undefined);
    const print = await printOf(this.#account, randomBytes(16));
    const refusal: Refusal = { print, atMs: this.#context.clock.now(), message, hint };
    this.#refusedHere.set(name, refusal);
    await this.#write(name, JSON.stringify(refusal));
  }

  async #accepted(service: Service): Promise<void> {
    if (this.#acceptedBy.has(service)) return;
    this.#acceptedBy.add(service);
    this.#isKnown = Promise.resolve(true);
    for (const name of [this.#refusedName(), this.#refusedName(service)]) {
      this.#refusedHere.delete(name);
      if (await this.#standing(name)) await this.#write(name, undefined);
    }
    const name = this.#acceptedName(service);
    const print = await this.#read(name);
    if (print !== undefined && await matchesPrint(print, this.#account)) return;
    await this.#write(name, await printOf(this.#account, randomBytes(16)));
  }

  /**
   * True when a service, another than the one that is named, took this account. The password is then right: what
   * one service refuses is its own affair. Else it counts as wrong for all, so that it is sent once and not once each.
   */
  async #isAccepted(but?: Service): Promise<boolean> {
    for (const service of SERVICES) {
      if (service === but) continue;
      if (this.#acceptedBy.has(service)) return true;
      const print = await this.#read(this.#acceptedName(service));
      if (print !== undefined && await matchesPrint(print, this.#account)) return true;
    }
    return false;
  }

  #refusedName(service?: Service): string {
    return `refused ${this.#account.account}${service === undefined ? "" : ` ${service}`}`;
  }

  #acceptedName(service: Service): string {
    return `accepted ${this.#account.account} ${service}`;
  }

  async #refusal(name: string): Promise<Refusal | undefined> {
    const text = await this.#read(name);
    return text === undefined ? undefined : JSON.parse(text) as Refusal;
  }

  #read(name: string): Promise<string | undefined> {
    return this.#context.memory.read(this.#account.device, name);
  }

  #write(name: string, value: string | undefined): Promise<void> {
    return this.#context.memory.write(this.#account.device, name, value);
  }
}

const SERVICES: readonly Service[] = ["control", "stream", "onvif"];

function refusedBefore({ message, hint, atMs }: Refusal): HubError {
  return new HubError("unauthenticated", `${message}; not tried again since ${isoTime(atMs)}`, {
    hint: hint ??
      "Enter the right password; the hub does not try a refused one again, so as not to be locked out",
    retryAtMs: Infinity,
  });
}

function lockedOut(untilMs: number): HubError {
  return new HubError("locked_out", `The camera takes no logins until ${isoTime(untilMs)}`, {
    hint: "The hub waits until then by itself; more tries, from any app, would make it longer",
    retryAtMs: untilMs,
  });
}
