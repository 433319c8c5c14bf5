// A channel that tells nobody: it has the hub itself do something, such as sound a siren or record a clip. What is too
// late for that is not done any more.
import type { Clock } from "../../base/clock.ts";
import { HubError, isAbort, toHubError } from "../../base/errors.ts";
import { type ActionInput, needsCamera, withCamera } from "../../config/actions.ts";
import type { ChannelConfigOf } from "../../config/alert_channels.ts";
import type { AlertMessage, Channel } from "../channel.ts";
import { duration } from "../words.ts";
import type { Delivered } from "./delivered.ts";

/** One thing to be done. */
export interface Action {
  operation: string;
  input: ActionInput;
  /** Who has it done, as journal and audit name it: `rule:RULE/CHANNEL`. */
  by: string;
}

/** Does it. @throws HubError what the operation throws. */
export type DoAction = (action: Action, signal: AbortSignal) => Promise<void>;

/** What the channel works with. */
export interface OperationParts {
  act: DoAction;
  clock: Clock;
  /** What was done; outlives a configuration. */
  done: Delivered;
}

const RETRY_MS = 5000;
/** A message from the future: the clock was set back since. */
const AHEAD_MS = 10_000;
/** What an action causes may fire its rule again: this is the most that comes of it at one camera. */
const MAX_ACTIONS = 30;
const WINDOW_MS = 600_000;

/** Builds the channel. */
export function operationChannel(config: ChannelConfigOf<"operation">, parts: OperationParts): Channel {
  return new OperationChannel(config, parts);
}

class OperationChannel implements Channel {
  readonly id: string;
  readonly type = "operation";
  readonly does: string;
  readonly retryMs = RETRY_MS;
  readonly #config: ChannelConfigOf<"operation">;
  readonly #parts: OperationParts;
  /** When it acted, by camera of the alert, on the monotonic clock. */
  readonly #acted = new Map<string, number[]>();

  constructor(config: ChannelConfigOf<"operation">, parts: OperationParts) {
    this.id = config.id;
    this.does = `${config.operation} ${JSON.stringify(config.input)}`;
    this.#config = config;
    this.#parts = parts;
  }

  async send(message: AlertMessage, signal: AbortSignal): Promise<void> {
    const { act, done } = this.#parts;
    if (done.has(message.id, this.id)) return;
    const { operation } = this.#config;
    const input = this.#inputFor(message);
    if (message.state !== "test") {
      this.#refuseState(message.state);
      this.#refuseLate(message);
      this.#refuseMany(message.camera?.id ?? "");
    }
    try {
      await act({ operation, input, by: `rule:${message.rule}/${this.id}` }, signal);
    } catch (error) {
      if (isAbort(error)) throw error;
      throw this.#lastOr(toHubError(error), message);
    }
    done.note(message.id, [this.id]);
    this.#note(message.camera?.id ?? "");
  }

  /** @throws HubError `invalid_input` where it takes a camera and the alert has none. */
  #inputFor({ camera }: AlertMessage): ActionInput {
    const { input, operation } = this.#config;
    if (camera) return withCamera(input, camera.id);
    if (!needsCamera(input)) return input;
    throw new HubError("invalid_input", `${operation} was not done: the alert is of no camera`, {
      hint:
        `Name a camera in the input of the channel "${this.id}" in place of {camera}, or test it with a camera`,
    });
  }

  /** The configuration may be another one than when the message was written. */
  #refuseState(state: "firing" | "resolved"): void {
    if (state === this.#config.on) return;
    throw new HubError(
      "conflict",
      `${this.#config.operation} was not done: its channel is for ${this.#config.on} alerts`,
    );
  }

  #refuseLate({ dueAtMs }: AlertMessage): void {
    const { max_age_s: maxAgeS, operation } = this.#config;
    const ageMs = this.#parts.clock.now() - dueAtMs;
    if (ageMs >= -AHEAD_MS && ageMs <= maxAgeS * 1000) return;
    const why = ageMs < 0
      ? "the clock was set back since, so nobody knows how late it is"
      : `it is ${duration(ageMs / 1000)} late, and what is later by more than ${
        duration(maxAgeS)
      } is of no use`;
    throw new HubError("conflict", `${operation} was not done: ${why}`, {
      hint: `max_age_s of the channel "${this.id}" sets how late it may be`,
    });
  }

  #refuseMany(camera: string): void {
    const sinceMs = this.#parts.clock.monotonic() - WINDOW_MS;
    const recent = (this.#acted.get(camera) ?? []).filter((atMs) => atMs > sinceMs);
    this.#acted.set(camera, recent);
    if (recent.length < MAX_ACTIONS) return;
    throw new HubError(
      "conflict",
      `${this.#config.operation} was not done: ${MAX_ACTIONS} times in ten minutes are the most`,
      {
        hint: "Perhaps what it causes fires its rule again: give the rule a longer cooldown_s",
      },
    );
  }

  #note(camera: string): void {
    this.#acted.set(camera, [...this.#acted.get(camera) ?? [], this.#parts.clock.monotonic()]);
  }

  /** A failure after which another try would be too late is the last. */
  #lastOr(error: HubError, { dueAtMs }: AlertMessage): HubError {
    const { max_age_s: maxAgeS } = this.#config;
    const nextMs = Math.max(this.#parts.clock.now() + RETRY_MS, error.retryAtMs ?? 0);
    if (!error.retryable || nextMs - dueAtMs <= maxAgeS * 1000) return error;
    const { kind, message, hint, details } = error;
    return new HubError(kind, message, { hint, details, cause: error, retryable: false });
  }
}
