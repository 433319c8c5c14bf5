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

/** Asked before each login, and told how it went. */
export class AccountGuard {
  readonly #account: GuardedAccount;
  readonly #context: GuardContext;
  /** Refusals noted by this guard: a person's word allows the first try, whatever was before it, and no second one. */
  readonly #refusedHere = new Set<string>();
  /** The end of a lockout on the clock that does not jump. */
  #lockedUntilMonotonicMs = -Infinity;
  /** A refusal that is being written down; never rejects. */
  #noting: Promise<void> = Promise.resolve();
  /** Who took the password since this guard was made: their logins need no longer take turns. */
  readonly #acceptedBy = new Set<Service>();

  constructor(account: GuardedAccount, context: GuardContext) {
    this.#account = account;
    this.#context = context;
  }

  /**
   * Asked before a login. Waits while another login tries the account and nobody knows yet whether it is right.
   * Returns what is to be called when the login is over, whatever it brought; calling it again does nothing.
   * @throws HubError as `assertAllowed` does; AbortError.
   */
  async begin(service: Service, signal: AbortSignal): Promise<() => void> {
    const { device, account } = this.#account;
    const isKnown = this.#acceptedBy.has(service);
    const end = isKnown ? () => {} : await this.#context.logins.take(`${device}\n${account}`, signal);
    try {
      await this.forgive(service);
    } catch (error) {
      end();
      throw error;
    }
    // Whoever is next must find the outcome in the memory.
    return () => void this.#noting.then(end);
  }

  /**
   * @throws HubError `locked_out` with its end, or `unauthenticated` when this service, or the first that was asked,
   * refused this password before.
   */
  async assertAllowed(service: Service): Promise<void> {
    await this.#forgivable(service);
  }

  /** Forgets earlier refusals that do not stand in the way. @throws HubError as `assertAllowed` does. */
  async forgive(service: Service): Promise<void> {
    for (const name of await this.#forgivable(service)) await this.#write(name, undefined);
  }

  /** The names of earlier refusals that do not stand in the way. */
  async #forgivable(service: Service): Promise<string[]> {
    await this.#noting;
    await this.#assertUnlocked();
    const names = [this.#refusedName(), this.#refusedName(service)];
    const refusals = await Promise.all(
      names.map(async (name) => ({ name, refusal: await this.#refusal(name) })),
    );
    const over: string[] = [];
    for (const { name, refusal } of refusals) {
      if (!refusal) continue;
      const isForgiven = this.#context.isAsked && !this.#refusedHere.has(name);
      const isOver = isForgiven || !await matchesPrint(refusal.print, this.#account);
      if (!isOver) throw refusedBefore(refusal);
      over.push(name);
    }
    return over;
  }

  /** The device took the password. */
  accepted(service: Service): Promise<void> {
    return this.#note(() => this.#accepted(service));
  }

  /** The device refused the password. Nothing is allowed before that is noted. */
  refused(service: Service, error: HubError): Promise<void> {
    return this.#note(async () => {
      const isOwnAffair = await this.#isAcceptedElsewhere(service);
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
    const noted = this.#noting.then(work);
    this.#noting = noted.catch(() => {/* whoever tells of the outcome hears of it */});
    return noted;
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
    if (await this.#read(this.#acceptedName(service)) !== undefined) {
      await this.#write(this.#acceptedName(service), undefined);
    }
    this.#refusedHere.add(name);
    const print = await printOf(this.#account, randomBytes(16));
    const refusal: Refusal = { print, atMs: this.#context.clock.now(), message, hint };
    await this.#write(name, JSON.stringify(refusal));
  }

  async #accepted(service: Service): Promise<void> {
    if (this.#acceptedBy.has(service)) return;
    this.#acceptedBy.add(service);
    for (const name of [this.#refusedName(), this.#refusedName(service)]) {
      if (await this.#read(name) !== undefined) await this.#write(name, undefined);
    }
    const name = this.#acceptedName(service);
    const print = await this.#read(name);
    if (print !== undefined && await matchesPrint(print, this.#account)) return;
    await this.#write(name, await printOf(this.#account, randomBytes(16)));
  }

  /**
   * Once one service took this account, the password is right: what another one refuses is then its own affair.
   * Else the password counts as wrong for all, so that it is sent once and not once each.
   */
  async #isAcceptedElsewhere(service: Service): Promise<boolean> {
    for (const other of SERVICES) {
      if (other === service) continue;
      if (this.#acceptedBy.has(other)) return true;
      const print = await this.#read(this.#acceptedName(other));
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
