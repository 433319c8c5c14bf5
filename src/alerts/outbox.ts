// Carries messages out: one at a time for each channel, channels side by side, again and again until the other side
// has taken them. A message may arrive twice when the hub dies between sending and noting it; its id then is the same.
import { Changes, sleepOrChange } from "../base/changes.ts";
import type { Clock } from "../base/clock.ts";
import { HubError, isAbort, toHubError } from "../base/errors.ts";
import { LinkedSignal } from "../base/linked_signal.ts";
import type { Logger } from "../base/log.ts";
import { Backoff } from "../base/retry.ts";
import { Scope } from "../base/scope.ts";
import { redactText } from "../base/secret.ts";
import type { OutboxRow, OutboxTable } from "../store/outbox_table.ts";
import type { AlertMessage, Channel } from "./channel.ts";

/** What is fixed of a message with its first try. */
export type FixedMessage = Omit<AlertMessage, "snapshot">;

/** What the outbox works with. */
export interface OutboxDeps {
  table: OutboxTable;
  clock: Clock;
  log: Logger;
  /** The channels of the configuration as it is now. */
  channels(): ReadonlyMap<string, Channel>;
  /** Days after which a message is given up. */
  giveUpDays(): number;
  /** What a message says, asked once. Undefined where its alert is gone. */
  compose(row: OutboxRow): Promise<FixedMessage | undefined>;
  /** The picture that goes with it. */
  picture(message: FixedMessage, signal: AbortSignal): Promise<Uint8Array | undefined>;
  /** Told after each delivery and each failure. */
  onChange(): void;
}

const BACKOFF = { firstMs: 5000, maxMs: 900_000 };
/** A restart, or a clock that was set, makes nobody wait longer. */
const LONGEST_WAIT_MS = 6 * 3_600_000;
/** The longest time for which messages are put together; see config/alerts.ts. */
const LONGEST_HOLD_MS = 600_000;
const SEND_TIMEOUT_MS = 60_000;
const DAY_MS = 86_400_000;
/** A clock that jumps forward gives nothing up that was hardly tried. */
const LEAST_ATTEMPTS = 5;

/** Delivers what stands in the table. `run` does the work. */
export class Outbox {
  /** To be notified when something was put in, or the configuration changed. */
  readonly wake = new Changes();
  readonly #deps: OutboxDeps;

  constructor(deps: OutboxDeps) {
    this.#deps = deps;
  }

  /** Delivers until the signal aborts. Never fails. */
  async run(signal: AbortSignal): Promise<void> {
    const lanes = new Map<string, { channel: Channel; stop: LinkedSignal; ended: Promise<void> }>();
    await using scope = new Scope(signal);
    while (!signal.aborted) {
      const changed = this.wake.next(signal);
      const channels = this.#deps.channels();
      for (const [id, { channel, stop }] of lanes) if (channels.get(id) !== channel) stop.abort();
      for (const channel of channels.values()) {
        const before = lanes.get(channel.id);
        if (before?.channel === channel) continue;
        const stop = new LinkedSignal(scope.signal);
        const ended = Promise.withResolvers<void>();
        lanes.set(channel.id, { channel, stop, ended: ended.promise });
        scope.spawn(async (own) => {
          // What the one before sends at this moment is not sent twice.
          await before?.ended;
          await this.#runLane(channel, stop, own).finally(ended.resolve);
        });
      }
      await this.#buryLost();
      await changed;
    }
    await scope.join();
  }

  async #runLane(channel: Channel, stop: LinkedSignal, signal: AbortSignal): Promise<void> {
    using own = stop;
    await new Lane(channel, this.#deps, this.wake).run(own.signal, signal);
  }

  /** What waits for a channel that is no longer there can never leave. */
  async #buryLost(): Promise<void> {
    const { table, clock, log, channels, onChange } = this.#deps;
    try {
      for (const id of await table.channels()) {
        if (channels().has(id)) continue;
        const count = await table.buryChannel(id, `There is no channel "${id}" any more`, clock.now());
        log.warn("Messages of alerts were given up: their channel is gone", { channel: id, count });
        onChange();
      }
    } catch (error) {
      log.warn("The outbox of alerts cannot be read", { error });
    }
  }
}

/** The messages of one channel, in their order. */
class Lane {
  readonly #channel: Channel;
  readonly #deps: OutboxDeps;
  readonly #wake: Changes;
  readonly #backoff = new Backoff(BACKOFF);
  /** When messages that failed may be tried again, on the monotonic clock; more than one where they may overtake. */
  readonly #retries = new Map<number, number>();
  /** What happened to a message could not be written: it is not sent again because of that. */
  #unwritten: (() => Promise<void>) | undefined;
  #hasFailed = false;

  constructor(channel: Channel, deps: OutboxDeps, wake: Changes) {
    this.#channel = channel;
    this.#deps = deps;
    this.#wake = wake;
  }

  /** Works until `stop` aborts, and then ends what it is sending, unless `signal` aborts. */
  async run(stop: AbortSignal, signal: AbortSignal): Promise<void> {
    const { table, clock, log } = this.#deps;
    let isFresh = false;
    const unsubscribe = this.#wake.subscribe(() => isFresh = false);
    try {
      while (!stop.aborted) {
        isFresh = true;
        let waitMs = BACKOFF.firstMs;
        try {
          await this.#writeLast();
          const row = await table.next(this.#channel.id, this.#channel.retryMs !== undefined);
          waitMs = row ? this.#waitFor(row) : Infinity;
          if (row && waitMs <= 0) await this.#attempt(row, signal);
          this.#hasFailed = false;
        } catch (error) {
          if (isAbort(error) && signal.aborted) return;
          if (!this.#hasFailed) log.warn("The outbox of alerts cannot be used", { error });
          this.#hasFailed = true;
          isFresh = true;
        }
        if (waitMs > 0 && isFresh) await sleepOrChange(waitMs, this.#wake, clock, stop);
      }
    } finally {
      unsubscribe();
    }
  }

  /** Milliseconds until it is the message's turn. */
  #waitFor({ id, createdAtMs, dueAtMs, nextTryAtMs }: OutboxRow): number {
    const { clock } = this.#deps;
    const [nowMs, wallMs] = [clock.monotonic(), clock.now()];
    // A clock that was set back would hold it for as long as it was set back.
    const holdMs = wallMs < createdAtMs ? 0 : Math.min(dueAtMs - wallMs, LONGEST_HOLD_MS);
    const restMs = nextTryAtMs === undefined ? 0 : Math.min(nextTryAtMs - wallMs, LONGEST_WAIT_MS);
    const atMs = this.#retries.get(id) ?? nowMs + Math.max(0, restMs);
    this.#retries.set(id, atMs);
    return Math.max(holdMs, atMs - nowMs);
  }

  async #attempt(row: OutboxRow, signal: AbortSignal): Promise<void> {
    const { table, clock, onChange } = this.#deps;
    const message = await this.#fixed(row);
    this.#retries.delete(row.id);
    if (!message) {
      await table.buried(row.id, "The alert is no longer there", clock.now());
      return;
    }
    const failure = await this.#send(message, signal);
    this.#unwritten = failure ? this.#afterFailure(row, failure) : () => table.delivered(row.id, clock.now());
    if (!failure) this.#backoff.reset();
    await this.#writeLast();
    onChange();
  }

  async #writeLast(): Promise<void> {
    await this.#unwritten?.();
    this.#unwritten = undefined;
  }

  async #fixed(row: OutboxRow): Promise<FixedMessage | undefined> {
    // Those of earlier versions do not say when they were due.
    if (row.message !== undefined) return { dueAtMs: row.dueAtMs, ...JSON.parse(row.message) };
    const message = await this.#deps.compose(row);
    if (message) await this.#deps.table.fix(row.id, JSON.stringify(message));
    return message;
  }

  /** Undefined when it was taken. @throws AbortError. */
  async #send(message: FixedMessage, signal: AbortSignal): Promise<HubError | undefined> {
    using limit = new LinkedSignal(signal, AbortSignal.timeout(SEND_TIMEOUT_MS));
    try {
      const snapshot = (own: AbortSignal) => this.#deps.picture(message, own);
      await this.#channel.send({ ...message, snapshot }, limit.signal);
      return undefined;
    } catch (error) {
      if (signal.aborted) throw error;
      if (isAbort(error)) return new HubError("timeout", `${SEND_TIMEOUT_MS / 1000} s were not enough`);
      return toHubError(error);
    }
  }

  #afterFailure(row: OutboxRow, failure: HubError): () => Promise<void> {
    const { table, clock, log, giveUpDays } = this.#deps;
    const [nowMs, channel] = [clock.now(), this.#channel.id];
    const text = redactText(
      failure.hint === undefined ? failure.message : `${failure.message}. ${failure.hint}`,
    );
    const isOld = row.attempts + 1 >= LEAST_ATTEMPTS && nowMs - row.createdAtMs >= giveUpDays() * DAY_MS;
    if (!failure.retryable || isOld) {
      log.warn("A message of an alert was given up", { channel, alert: row.alert, reason: text });
      return () => table.buried(row.id, text, nowMs);
    }
    const askedMs = (failure.retryAtMs ?? nowMs) - nowMs;
    const waitMs = Math.min(
      LONGEST_WAIT_MS,
      Math.max(this.#channel.retryMs ?? this.#backoff.next(), askedMs),
    );
    if (row.attempts === 0) {
      log.warn("A message of an alert could not be delivered; it is tried again", {
        channel,
        alert: row.alert,
        reason: text,
      });
    }
    this.#retries.set(row.id, clock.monotonic() + waitMs);
    return () => table.failed(row.id, text, nowMs + waitMs);
  }
}
