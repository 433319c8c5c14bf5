// What was worked out a moment ago, for those who ask the same again: a reader that asks far too often costs little.
import type { Clock } from "./clock.ts";

/** Remembers answers for a while; who asks while one is being worked out waits for it. Failures are not remembered. */
export class Recent<T> {
  readonly #clock: Pick<Clock, "monotonic">;
  readonly #keepMs: number;
  readonly #most: number;
  readonly #answers = new Map<string, { untilMs: number; answer: Promise<T> }>();

  constructor(clock: Pick<Clock, "monotonic">, { keepMs, most }: { keepMs: number; most: number }) {
    this.#clock = clock;
    this.#keepMs = keepMs;
    this.#most = most;
  }

  /** @throws what `work` throws. */
  get(key: string, work: () => Promise<T>): Promise<T> {
    const nowMs = this.#clock.monotonic();
    for (const [each, { untilMs }] of this.#answers) if (untilMs <= nowMs) this.#answers.delete(each);
    const known = this.#answers.get(key);
    if (known) return known.answer;
    const [oldest] = this.#answers.keys();
    if (oldest !== undefined && this.#answers.size >= this.#most) this.#answers.delete(oldest);
    const entry = { untilMs: nowMs + this.#keepMs, answer: work() };
    this.#answers.set(key, entry);
    entry.answer.catch(() => {
      if (this.#answers.get(key) === entry) this.#answers.delete(key);
    });
    return entry.answer;
  }
}
