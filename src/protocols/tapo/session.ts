// One session with one device: logs in when needed, asks one thing at a time, commands first, and logs in again
// exactly once when the device has ended the session.
import { type Clock, systemClock } from "../../base/clock.ts";
import { HubError } from "../../base/errors.ts";
import type { Secret } from "../../base/secret.ts";
import { childCaller, MessageCaller, type TapoAnswer, type TapoCaller, type TapoRequest } from "./caller.ts";
import { randomNonce, type TapoChannel } from "./channel.ts";
import type { PasswordForm } from "./crypto.ts";
import { withDeadline } from "./deadline.ts";
import { TAPO_CODES, unreadableError } from "./errors.ts";
import { logIn, type LoginContext, type LoginGuard, type SealedMemory, throwIfLocked } from "./login.ts";
import { isRepeatable } from "./repeatable.ts";
import { SerialQueue } from "./serial_queue.ts";
import type { TapoTransport } from "./transport.ts";
import type { TapoObject } from "./values.ts";
import { errorCodeOf, postJson, type WireAnswer } from "./wire.ts";

export type { LoginGuard } from "./login.ts";

/** What a session needs. */
export interface TapoSessionOptions {
  transport: TapoTransport;
  guard: LoginGuard;
  /** The password of the TP-Link account; old firmware takes that of the camera account too. */
  password: Secret;
  /** Default `admin`. */
  username?: string;
  clock?: Clock;
  /** For one message with all its logins. Default 30000. */
  messageTimeoutMs?: number;
  /** How many commands, and how many questions, may wait for each user. Default 32. */
  maxWaiting?: number;
  /** A fresh client nonce, 16 hexadecimal digits; for tests. */
  nonce?: () => string;
  /** Default: nothing is remembered. */
  sealed?: SealedMemory;
}

const DEFAULT_MESSAGE_TIMEOUT_MS = 30_000;
const DEFAULT_MAX_WAITING = 32;
/** One login and, should the session have ended meanwhile, one more. */
const MAX_TRIES = 2;

/** What one try to deliver a message brought: the camera's answer, or that its session had ended. */
type Outcome = { message: TapoObject } | { expiredBy: WireAnswer };

/** A caller that keeps its own login. It belongs to one camera or hub. */
export class TapoSession implements TapoCaller {
  readonly #login: LoginContext;
  readonly #queue: SerialQueue;
  readonly #maxWaiting: number;
  readonly #messageTimeoutMs: number;
  readonly #caller: TapoCaller;
  #channel: TapoChannel | undefined;

  constructor(options: TapoSessionOptions) {
    this.#login = {
      transport: options.transport,
      guard: options.guard,
      clock: options.clock ?? systemClock,
      username: options.username ?? "admin",
      password: options.password,
      nonce: options.nonce ?? randomNonce,
      sealed: options.sealed,
    };
    this.#maxWaiting = options.maxWaiting ?? DEFAULT_MAX_WAITING;
    this.#queue = new SerialQueue(this.#maxWaiting);
    this.#messageTimeoutMs = options.messageTimeoutMs ?? DEFAULT_MESSAGE_TIMEOUT_MS;
    this.#caller = new MessageCaller((body, signal) => this.#deliver(body, signal));
  }

  /** How the camera keeps the password, which the media port on 8800 asks for; undefined before a login. */
  get passwordForm(): PasswordForm | undefined {
    return this.#channel?.passwordForm;
  }

  /** How many cameras ask over this session: each has room for its messages in the queue. */
  set users(users: number) {
    this.#queue.bound = this.#maxWaiting * Math.max(1, users);
  }

  /** How many messages were refused because too many waited. */
  get dropped(): number {
    return this.#queue.dropped;
  }

  request(method: string, params: TapoObject, signal: AbortSignal): Promise<TapoObject> {
    return this.#caller.request(method, params, signal);
  }

  batch(requests: readonly TapoRequest[], signal: AbortSignal): Promise<TapoAnswer[]> {
    return this.#caller.batch(requests, signal);
  }

  single(body: TapoObject, signal: AbortSignal): Promise<TapoObject> {
    return this.#caller.single(body, signal);
  }

  /** A caller for one child of this hub. */
  child(deviceId: string): TapoCaller {
    return childCaller(this, deviceId);
  }

  /** Forgets the login and closes the connection; the next message opens both again. */
  close(): void {
    this.#channel = undefined;
    this.#login.transport.close();
  }

  #deliver(message: TapoObject, signal: AbortSignal): Promise<TapoObject> {
    const bounded = () =>
      withDeadline((limit) => this.#exchange(message, limit), {
        clock: this.#login.clock,
        signal,
        deadlineMs: this.#messageTimeoutMs,
        timeout: () =>
          new HubError("timeout", `The camera did not answer in ${this.#messageTimeoutMs / 1000} s`),
      });
    return this.#queue.run(bounded, { urgency: isRepeatable(message) ? "question" : "command", signal });
  }

  async #exchange(message: TapoObject, signal: AbortSignal): Promise<TapoObject> {
    let expiredBy: WireAnswer | undefined;
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      this.#channel ??= await logIn(this.#login, signal);
      const outcome = await this.#try(this.#channel, message, signal);
      if ("message" in outcome) return outcome.message;
      this.#channel = undefined;
      expiredBy = outcome.expiredBy;
    }
    throw sessionLostError(expiredBy);
  }

  async #try(channel: TapoChannel, message: TapoObject, signal: AbortSignal): Promise<Outcome> {
    const answer = await this.#post(channel, message, signal);
    const { status, json } = answer;
    if (json) await this.#throwIfLocked(json);
    if (status === 401 || status === 403) return { expiredBy: answer };
    if (!json) throw unreadableError("it is no JSON", { http_status: status });
    if (status !== 200 && status !== 500) {
      throw unreadableError(`HTTP status ${status}`, { http_status: status });
    }
    if (hasExpired(json)) return { expiredBy: answer };
    const opened = channel.open(json);
    // A message that was carried out must not be sent twice: only a refusal (500) is reason to try again.
    if (!opened && status === 500) return { expiredBy: answer };
    // With 500 a camera announces that the session is about to end.
    if (!opened || status === 500) this.#channel = undefined;
    if (!opened) throw unreadableError("it cannot be decrypted");
    await this.#throwIfLocked(opened);
    return hasExpired(opened) ? { expiredBy: { status, json: opened } } : { message: opened };
  }

  async #post(channel: TapoChannel, message: TapoObject, signal: AbortSignal): Promise<WireAnswer> {
    const mayRepeat = isRepeatable(message);
    const request = { ...channel.seal(message), isRepeatable: mayRepeat };
    try {
      return await postJson(this.#login.transport, request, signal);
    } catch (error) {
      throw mayRepeat ? error : explainUnanswered(error);
    }
  }

  async #throwIfLocked(json: TapoObject): Promise<void> {
    try {
      await throwIfLocked(this.#login, json);
    } catch (error) {
      this.#channel = undefined;
      throw error;
    }
  }
}

const EXPIRED: ReadonlySet<number> = new Set([
  TAPO_CODES.invalidSession,
  TAPO_CODES.nonceExpired,
  TAPO_CODES.invalidNonce,
  TAPO_CODES.tpapToken,
  // "Check tapo tag failed", among others.
  -1,
  9999,
]);

function hasExpired(json: TapoObject): boolean {
  return EXPIRED.has(errorCodeOf(json));
}

/** A command on which the connection ended may have been carried out: that is for a person to find out. */
function explainUnanswered(error: unknown): unknown {
  if (!(error instanceof HubError) || !error.details?.["unanswered"]) return error;
  const { kind, message, details } = error;
  const hint = "It may have done what it was told all the same: look before you try again";
  return new HubError(kind, message, { hint, details, cause: error });
}

function sessionLostError(answer: WireAnswer | undefined): HubError {
  const code = answer?.json ? errorCodeOf(answer.json) : undefined;
  return new HubError("unavailable", "The camera ended the session again right after the login", {
    hint: "Another program may be controlling this camera: only one can at a time",
    details: { http_status: answer?.status, ...(code === undefined ? {} : { tapo_code: code }) },
  });
}
