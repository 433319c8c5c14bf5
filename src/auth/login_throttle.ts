// Slows guessing down: so many wrong passwords per address, and in all, within a minute. Pure but for the time.

const WINDOW_MS = 60_000;
const PER_ADDRESS = 5;
const IN_ALL = 50;
const MAX_ADDRESSES = 1000;

/** Counts failures in the last minute. */
export class LoginThrottle {
  readonly #monotonic: () => number;
  readonly #failures = new Map<string, number[]>();
  #all: number[] = [];

  constructor(monotonic: () => number) {
    this.#monotonic = monotonic;
  }

  /** Milliseconds until this address may try again; 0 when it may now. */
  waitMs(address: string): number {
    const nowMs = this.#monotonic();
    const own = this.#recent(this.#failures.get(address) ?? [], nowMs);
    this.#all = this.#recent(this.#all, nowMs);
    const ownWait = own.length >= PER_ADDRESS ? (own[own.length - PER_ADDRESS] ?? 0) + WINDOW_MS - nowMs : 0;
    const allWait = this.#all.length >= IN_ALL
      ? (this.#all[this.#all.length - IN_ALL] ?? 0) + WINDOW_MS - nowMs
      : 0;
    return Math.max(0, ownWait, allWait);
  }

  /** Counts a wrong password. */
  fail(address: string): void {
    const nowMs = this.#monotonic();
    const own = this.#recent(this.#failures.get(address) ?? [], nowMs);
    this.#failures.delete(address);
    this.#failures.set(address, [...own, nowMs]);
    this.#all.push(nowMs);
    const oldest = this.#failures.keys().next().value;
    if (this.#failures.size > MAX_ADDRESSES && oldest !== undefined) this.#failures.delete(oldest);
  }

  /** Forgets the failures of an address that got in. */
  succeed(address: string): void {
    this.#failures.delete(address);
  }

  #recent(times: readonly number[], nowMs: number): number[] {
    return times.filter((time) => nowMs - time < WINDOW_MS);
  }
}
