// Logins as events of the journal: each that succeeds, and those that are refused put together, so that somebody who
// tries passwords all day long does not fill it.
import type { LoginAttempt } from "../auth/login_attempt.ts";
import type { Clock } from "../base/clock.ts";
import type { EventHandle } from "./entry.ts";
import type { Journal } from "./journal.ts";

/** What is refused again within this time is counted into the same event. */
const MERGE_MS = 600_000;
/** So many different refusals are told apart at a time; all others are counted into one. */
const MAX_KINDS = 50;

/** Takes attempts to log in down. */
export class LoginEvents {
  readonly #journal: Pick<Journal, "open" | "record">;
  readonly #clock: Clock;
  /** What was refused lately, the longest ago first, with the monotonic time of its last try. */
  readonly #refused = new Map<string, { event: EventHandle; lastMs: number }>();

  constructor({ journal, clock }: { journal: Pick<Journal, "open" | "record">; clock: Clock }) {
    this.#journal = journal;
    this.#clock = clock;
  }

  /** Takes one down. */
  readonly note = (attempt: LoginAttempt): void => {
    const startedAtMs = this.#clock.now();
    const { outcome, way, user, address } = attempt;
    const details = { outcome, way, ...(user === undefined ? {} : { user }), address };
    if (outcome === "success") {
      this.#journal.record({ kind: "login", source: "hub", startedAtMs, details });
    } else if (outcome === "password_changed") {
      const { outcome: _, ...who } = details;
      const changed = { what: "password changed", ...who };
      this.#journal.record({ kind: "config_change", source: "hub", startedAtMs, details: changed });
    } else this.#refuse(details);
  };

  #refuse(details: Record<string, string>): void {
    const nowMs = this.#clock.monotonic();
    for (const [key, { lastMs }] of this.#refused) if (nowMs - lastMs >= MERGE_MS) this.#refused.delete(key);
    const own = JSON.stringify(details);
    const isMany = this.#refused.size >= MAX_KINDS && !this.#refused.has(own);
    const told = isMany ? { ...details, user: "several", address: "several" } : details;
    const key = isMany ? JSON.stringify(told) : own;
    const known = this.#refused.get(key);
    const atMs = this.#clock.now();
    const event = known?.event ??
      this.#journal.open({ kind: "login", source: "hub", startedAtMs: atMs, details: told });
    if (known) event.repeat(atMs);
    else event.close(atMs);
    this.#refused.delete(key);
    this.#refused.set(key, { event, lastMs: nowMs });
  }
}
