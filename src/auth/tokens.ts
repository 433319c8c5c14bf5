// Access tokens: what a program shows instead of a login. Each has a name, a role and, where wanted, an end.
import type { Clock } from "../base/clock.ts";
import { HubError } from "../base/errors.ts";
import type { StoredToken, TokensTable } from "../store/tokens_table.ts";
import { hashToken, newToken } from "./credentials.ts";
import type { LoginListener } from "./login_attempt.ts";
import { LoginThrottle } from "./login_throttle.ts";
import { type Principal, type Role, ROLES } from "./roles.ts";

/** What is shown of a token. */
export type TokenView = Omit<StoredToken, "tokenHash">;

/** Tokens can be told from other text, and so be blanked in it: see base/secret.ts. */
const PREFIX = "tapocam_";
/** The time of the last use is written at most this often, to spare the flash. */
const NOTE_EVERY_MS = 6 * 3600_000;
/** A token revoked on the command line is refused after this time. */
const KNOWN_FOR_MS = 10_000;

/** Makes tokens and says whose a token is. */
export class Tokens {
  readonly #table: TokensTable;
  readonly #clock: Clock;
  readonly #onVolatile: (error: HubError) => void;
  readonly #onAttempt: LoginListener;
  readonly #throttle: LoginThrottle;
  /** Tokens seen lately, so that not every request asks the database. */
  readonly #known = new Map<string, { token: StoredToken; readAtMs: number }>();

  /**
   * @param options.onVolatile told when the time of the last use could not be written.
   * @param options.onAttempt told of each token that was refused.
   */
  constructor(
    table: TokensTable,
    options: { clock: Clock; onVolatile: (error: HubError) => void; onAttempt: LoginListener },
  ) {
    this.#onAttempt = options.onAttempt;
    this.#table = table;
    this.#clock = options.clock;
    this.#onVolatile = options.onVolatile;
    this.#throttle = new LoginThrottle(() => options.clock.monotonic());
  }

  /**
   * Makes a token and returns it; it cannot be shown again.
   * @throws HubError `conflict` when there is one of that name.
   */
  async create(name: string, options: { role: Role; days?: number | undefined }): Promise<string> {
    const value = PREFIX + newToken();
    const nowMs = this.#clock.now();
    const expiresAtMs = options.days === undefined ? undefined : nowMs + options.days * 24 * 3600_000;
    const { role } = options;
    const tokenHash = hashToken(value);
    try {
      await this.#table.add({ name, tokenHash, role, createdAtMs: nowMs, usedAtMs: undefined, expiresAtMs });
    } catch (error) {
      if (!(error instanceof HubError) || error.kind !== "conflict") throw error;
      throw new HubError("conflict", `There is a token "${name}" already`, {
        hint: `Take another name, or first "tapo-camera-mcp token revoke ${name}"`,
      });
    }
    return value;
  }

  async list(): Promise<TokenView[]> {
    return (await this.#table.all()).map(({ tokenHash: _, ...shown }) => shown);
  }

  /** Ends a token, at a running hub within 10 s. @throws HubError `not_found`. */
  async revoke(name: string): Promise<void> {
    this.#known.clear();
    if (await this.#table.remove(name)) return;
    const names = (await this.#table.all()).map((token) => token.name);
    throw new HubError("not_found", `There is no token "${name}"`, {
      hint: names.length === 0 ? "There is none at all" : `There are: ${names.join(", ")}`,
    });
  }

  /**
   * Says whose token this is. Whoever goes on with wrong ones is braked by address; a right one always passes: 256
   * random bits need no brake, and behind a proxy all have one address.
   * @throws HubError `unauthenticated`, or `locked_out` with `details.retry_after_s` after five wrong ones.
   */
  async authenticate(value: string, address: string): Promise<Principal> {
    const token = await this.#find(value);
    if (token && !this.#isOver(token)) return principalOf(token);
    const waitMs = this.#throttle.waitMs(address);
    const user = token && principalOf(token).user;
    this.#onAttempt({ outcome: waitMs > 0 ? "throttled" : "refused", way: "token", user, address });
    if (waitMs > 0) throw tooManyTries(waitMs);
    this.#throttle.fail(address);
    const why = token ? `The token "${token.name}" has expired` : "The hub does not know this token";
    throw new HubError("unauthenticated", why, {
      hint: 'Make a new one with "tapo-camera-mcp token create NAME" on the hub',
    });
  }

  /** True while the token is good. */
  async isGood(value: string): Promise<boolean> {
    return isToken(value) && await this.isGoodHash(hashToken(value));
  }

  /** The same, for what is kept of a token. */
  async isGoodHash(tokenHash: string): Promise<boolean> {
    const token = await this.#findHash(tokenHash);
    return token !== undefined && !this.#isOver(token);
  }

  #isOver({ expiresAtMs }: StoredToken): boolean {
    return expiresAtMs !== undefined && expiresAtMs <= this.#clock.now();
  }

  async #find(value: string): Promise<StoredToken | undefined> {
    return isToken(value) ? await this.#findHash(hashToken(value)) : undefined;
  }

  async #findHash(tokenHash: string): Promise<StoredToken | undefined> {
    const nowMs = this.#clock.monotonic();
    const known = this.#known.get(tokenHash);
    if (known && nowMs - known.readAtMs < KNOWN_FOR_MS) return known.token;
    this.#known.delete(tokenHash);
    const token = await this.#table.find(tokenHash);
    if (!token) return undefined;
    const read = await this.#noteUse(token);
    this.#known.set(tokenHash, { token: read, readAtMs: nowMs });
    return read;
  }

  /** A disk that takes no more must not keep a program out. */
  async #noteUse(token: StoredToken): Promise<StoredToken> {
    const nowMs = this.#clock.now();
    const isFresh = token.usedAtMs !== undefined && nowMs - token.usedAtMs < NOTE_EVERY_MS;
    if (isFresh || this.#isOver(token)) return token;
    try {
      await this.#table.noteUse(token.tokenHash, nowMs);
    } catch (error) {
      if (!(error instanceof HubError)) throw error;
      this.#onVolatile(error);
    }
    return { ...token, usedAtMs: nowMs };
  }
}

/** True for what looks like a token of this hub. */
export function isToken(value: string): boolean {
  return value.startsWith(PREFIX);
}

/** The colon keeps the names of tokens apart from those of users, which have none. */
function principalOf({ name, role }: StoredToken): Principal {
  return { user: `token:${name}`, role: ROLES.find((each) => each === role) ?? "viewer" };
}

function tooManyTries(waitMs: number): HubError {
  const seconds = Math.ceil(waitMs / 1000);
  return new HubError("locked_out", "Too many wrong tokens", {
    hint: `Try again in ${seconds} s, with a token that "tapo-camera-mcp token list" on the hub knows`,
    details: { retry_after_s: seconds },
  });
}
