// Who may use the hub. Everything that asks for a login asks here.
import type { Clock } from "../base/clock.ts";
import { HubError } from "../base/errors.ts";
import type { Secret } from "../base/secret.ts";
import type { AccessTables, StoredSession } from "../store/access_tables.ts";
import { randomBytes } from "node:crypto";
import { hashToken, newToken } from "./credentials.ts";
import type { LoginListener } from "./login_attempt.ts";
import { LoginThrottle } from "./login_throttle.ts";
import type { Principal } from "./roles.ts";
import { PasswordChecks } from "./password_checks.ts";
import { checkNewPassword, hashPassword } from "./passwords.ts";
import { Tickets } from "./tickets.ts";
import { isToken, Tokens } from "./tokens.ts";

/** A fresh login: the token goes into the browser's cookie. */
export interface Login {
  principal: Principal;
  token: string;
  maxAgeS: number;
}

/** Stands in a session's place for who comes through the hub's own socket. */
export const LOCAL_SESSION = "local";
/** Precedes the hash of a login, by which that is known where itself must not stand. */
const HELD = "held:";
/** The user that a one-time link logs in as. */
const LINK_USER = "admin";
const LINK_LIFETIME_MS = 24 * 3600_000;
/** A session in use is prolonged at most this often, to spare the flash. */
const PROLONG_EVERY_MS = 6 * 3600_000;
/** A user removed on the command line is out after this time. */
const KNOWN_FOR_MS = 10_000;
/** The cookie may stay as long as browsers let it: the hub decides when a session is over. */
const COOKIE_MAX_AGE_S = 400 * 24 * 3600;

/** Checks passwords, links and sessions; the tokens of programs by `tokens`, what the hub has signed by `tickets`. */
export class Access {
  readonly tokens: Tokens;
  readonly tickets: Tickets;
  readonly #tables: AccessTables;
  readonly #clock: Clock;
  readonly #sessionMs: number;
  readonly #onVolatile: (error: HubError) => void;
  readonly #onAttempt: LoginListener;
  readonly #throttle: LoginThrottle;
  /** Sessions seen lately, so that not every request asks the database. */
  readonly #known = new Map<string, { session: StoredSession; readAtMs: number }>();
  readonly #passwords: PasswordChecks;
  /** What could not be written: a full disk must lock nobody out of the cameras. Gone with the hub. */
  readonly #volatileSessions = new Map<string, StoredSession>();
  #volatileLink: { tokenHash: string; expiresAtMs: number } | undefined;
  readonly #volatileUses = new Set<string>();

  /**
   * @param options.onVolatile told when something could be kept in memory only.
   * @param options.onAttempt told of each attempt to log in.
   * @param options.ticketKey what tickets are signed with; left out: something that is gone with the hub.
   */
  constructor(
    tables: AccessTables,
    options: {
      clock: Clock;
      sessionDays: number;
      ticketKey?: () => Promise<Uint8Array>;
      onVolatile?: (error: HubError) => void;
      onAttempt?: LoginListener;
    },
  ) {
    this.#onVolatile = options.onVolatile ?? (() => {});
    this.#onAttempt = options.onAttempt ?? (() => {});
    this.#tables = tables;
    this.#passwords = new PasswordChecks(() => tables.users());
    this.#clock = options.clock;
    this.#sessionMs = options.sessionDays * 24 * 3600_000;
    this.#throttle = new LoginThrottle(() => options.clock.monotonic());
    this.tokens = new Tokens(tables.tokens, {
      clock: options.clock,
      onVolatile: this.#onVolatile,
      onAttempt: this.#onAttempt,
    });
    const passing = randomBytes(32);
    this.tickets = new Tickets({
      key: options.ticketKey ?? (() => Promise.resolve(passing)),
      clock: options.clock,
      isGood: (holder) => this.isGood(holder),
    });
  }

  /** True once somebody, or that user, has set a password. */
  async hasPassword(user?: string): Promise<boolean> {
    return (await this.#tables.users()).some((each) => user === undefined || each.name === user);
  }

  /** Makes a token for a link that logs one browser in, once, within 24 hours. Earlier links stop working. */
  async createLink(): Promise<string> {
    const token = newToken();
    const expiresAtMs = this.#clock.now() + LINK_LIFETIME_MS;
    await this.#orInMemory(
      () => this.#tables.putLink(hashToken(token), expiresAtMs),
      () => void (this.#volatileLink = { tokenHash: hashToken(token), expiresAtMs }),
    );
    return token;
  }

  /** Uses a link up; undefined when it was used before, is too old, or never was. */
  async redeemLink(token: string, address: string): Promise<Login | undefined> {
    const tell = (outcome: "success" | "refused") =>
      this.#onAttempt({
        outcome,
        way: "link",
        ...(outcome === "success" ? { user: LINK_USER } : {}),
        address,
      });
    if (!this.#takeVolatileLink(token) && !await this.#takeLink(hashToken(token))) {
      tell("refused");
      return undefined;
    }
    const login = await this.#startSession(LINK_USER);
    tell("success");
    return login;
  }

  /**
   * Logs in by password.
   * @throws HubError `unauthenticated`, or `locked_out` with `details.retry_after_s` after too many tries.
   */
  async login(user: string, password: Secret, address: string): Promise<Login> {
    this.#refuseHasty(address);
    this.#passwords.refuseCrowd();
    // Counted before it is checked: guesses that come at once count as those that come in turn.
    this.#throttle.fail(address);
    const { isRight, isKnown } = await this.#passwords.check(user, password);
    if (!isRight) {
      this.#onAttempt({ outcome: "refused", way: "password", ...(isKnown ? { user } : {}), address });
      throw new HubError("unauthenticated", "Wrong name or password", {
        hint: 'Try again, or make a fresh login link with "tapo-camera-mcp user link" on the hub',
      });
    }
    this.#throttle.succeed(address);
    const login = await this.#startSession(user);
    this.#onAttempt({ outcome: "success", way: "password", user, address });
    return login;
  }

  /** Who holds this session token; undefined when nobody does. */
  async authenticate(token: string): Promise<Principal | undefined> {
    const session = await this.#session(hashToken(token));
    const nowMs = this.#clock.now();
    if (!session || session.expiresAtMs <= nowMs) return undefined;
    const isDue =
      session.expiresAtMs - nowMs < this.#sessionMs - Math.min(PROLONG_EVERY_MS, this.#sessionMs / 4);
    if (isDue && !await this.#prolong(session, nowMs + this.#sessionMs)) return undefined;
    return { user: session.user, role: "admin" };
  }

  /** By what something signed for a login knows that: `isGood` takes it too, and nobody gets in with it. */
  holderOf(session: string): string {
    return session === LOCAL_SESSION ? session : HELD + hashToken(session);
  }

  /** True while what a login is known by, a session, a token or its holder, is good. */
  async isGood(session: string): Promise<boolean> {
    if (session === LOCAL_SESSION) return true;
    if (session.startsWith(HELD)) return await this.#isGoodHash(session.slice(HELD.length));
    return isToken(session)
      ? await this.tokens.isGood(session)
      : await this.authenticate(session) !== undefined;
  }

  async logout(token: string): Promise<void> {
    const tokenHash = hashToken(token);
    this.#known.delete(tokenHash);
    this.#volatileSessions.delete(tokenHash);
    await this.#tables.removeSession(tokenHash);
  }

  /**
   * Sets a user's password; the user's other sessions end. Where a password exists, the current one is asked for.
   * @throws HubError `unauthenticated` for a wrong current password, `invalid_input` for a poor new one.
   */
  async changePassword(
    user: string,
    change: { current?: Secret | undefined; next: Secret; session: string; address: string },
  ): Promise<void> {
    checkNewPassword(change.next);
    const { address } = change;
    const known = (await this.#tables.users()).some((each) => each.name === user);
    if (known) {
      this.#refuseHasty(address);
      if (!change.current || !(await this.#passwords.check(user, change.current)).isRight) {
        this.#throttle.fail(address);
        this.#onAttempt({ outcome: "refused", way: "password", user, address });
        throw new HubError("unauthenticated", "The current password is wrong");
      }
    }
    await this.setPassword(user, change.next, hashToken(change.session));
    this.#onAttempt({ outcome: "password_changed", way: "password", user, address });
  }

  /** Sets a user's password without asking for the current one: for the command line on the hub itself. */
  async setPassword(user: string, next: Secret, keepSession?: string): Promise<void> {
    checkNewPassword(next);
    const passwordHash = await hashPassword(next);
    await this.#tables.putUser({ name: user, passwordHash, createdAtMs: this.#clock.now() }, keepSession);
    this.#known.clear();
  }

  /** @throws HubError `locked_out` where too many were wrong. */
  #refuseHasty(address: string): void {
    const waitMs = this.#throttle.waitMs(address);
    if (waitMs <= 0) return;
    this.#onAttempt({ outcome: "throttled", way: "password", address });
    throw tooManyTries(waitMs);
  }

  async #startSession(user: string): Promise<Login> {
    const token = newToken();
    const nowMs = this.#clock.now();
    const session = {
      tokenHash: hashToken(token),
      user,
      createdAtMs: nowMs,
      expiresAtMs: nowMs + this.#sessionMs,
    };
    await this.#keep(session);
    return { principal: { user, role: "admin" }, token, maxAgeS: COOKIE_MAX_AGE_S };
  }

  async #isGoodHash(tokenHash: string): Promise<boolean> {
    if (await this.tokens.isGoodHash(tokenHash)) return true;
    const session = await this.#session(tokenHash);
    return session !== undefined && session.expiresAtMs > this.#clock.now();
  }

  async #session(tokenHash: string): Promise<StoredSession | undefined> {
    const nowMs = this.#clock.monotonic();
    const known = this.#known.get(tokenHash);
    if (known && nowMs - known.readAtMs < KNOWN_FOR_MS) return known.session;
    const session = this.#volatileSessions.get(tokenHash) ?? await this.#tables.session(tokenHash);
    if (session) this.#known.set(tokenHash, { session, readAtMs: nowMs });
    else this.#known.delete(tokenHash);
    this.#forgetOld(nowMs);
    return session;
  }

  #takeVolatileLink(token: string): boolean {
    const link = this.#volatileLink;
    if (link?.tokenHash !== hashToken(token)) return false;
    this.#volatileLink = undefined;
    return link.expiresAtMs > this.#clock.now();
  }

  /** Where it cannot be written that a link was used, the hub remembers that itself. */
  async #takeLink(tokenHash: string): Promise<boolean> {
    const nowMs = this.#clock.now();
    const isUsed = () => this.#volatileUses.has(tokenHash);
    return !isUsed() && await this.#orInMemory(() => this.#tables.takeLink(tokenHash, nowMs), () => {
      if (isUsed()) return false;
      this.#volatileUses.add(tokenHash);
      return this.#tables.hasLink(tokenHash, nowMs);
    });
  }

  /** Writes, or keeps in memory what a full or closed disk does not take. */
  async #orInMemory<T>(write: () => Promise<T>, keep: () => T | Promise<T>): Promise<T> {
    try {
      return await write();
    } catch (error) {
      if (!(error instanceof HubError) || (error.kind !== "storage_full" && error.kind !== "forbidden")) {
        throw error;
      }
      this.#onVolatile(error);
      return await keep();
    }
  }

  #forgetOld(nowMs: number): void {
    for (const [hash, { readAtMs }] of this.#known) {
      if (nowMs - readAtMs >= KNOWN_FOR_MS) this.#known.delete(hash);
    }
  }

  /** False when the session was ended meanwhile, by a logout or with its user. */
  async #prolong(session: StoredSession, expiresAtMs: number): Promise<boolean> {
    const { tokenHash } = session;
    const longer = { ...session, expiresAtMs };
    const isThere = await this.#orInMemory(
      () => this.#tables.prolongSession(tokenHash, expiresAtMs),
      () => this.#volatileSessions.set(tokenHash, longer) !== undefined,
    );
    if (isThere) this.#known.set(tokenHash, { session: longer, readAtMs: this.#clock.monotonic() });
    else this.#known.delete(tokenHash);
    return isThere;
  }

  async #keep(session: StoredSession): Promise<void> {
    await this.#orInMemory(
      () => this.#tables.putSession(session, this.#clock.now()),
      () => void this.#volatileSessions.set(session.tokenHash, session),
    );
    this.#known.set(session.tokenHash, { session, readAtMs: this.#clock.monotonic() });
  }
}

function tooManyTries(waitMs: number): HubError {
  const seconds = Math.ceil(waitMs / 1000);
  return new HubError("locked_out", "Too many wrong passwords", {
    hint: `Try again in ${seconds} s`,
    details: { retry_after_s: seconds },
  });
}
