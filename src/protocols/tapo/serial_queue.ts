// One thing at a time, in the order of asking: a camera answers 401 to requests that run in parallel.
import { abortError, HubError } from "../../base/errors.ts";

/** A queue with a bound. What does not fit is refused and counted. */
export class SerialQueue {
  readonly #bound: number;
  readonly #waiting: (() => void)[] = [];
  #isBusy = false;
  #dropped = 0;

  constructor(bound: number) {
    this.#bound = bound;
  }

  /** How many were refused because the queue was full. */
  get dropped(): number {
    return this.#dropped;
  }

  /**
   * Runs the work when it is its turn.
   * @throws HubError `unavailable` when too many wait; AbortError when the signal aborts before its turn.
   */
  async run<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    await this.#turn(signal);
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#isBusy = false;
    }
  }

  #turn(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.reject(abortError());
    if (!this.#isBusy) {
      this.#isBusy = true;
      return Promise.resolve();
    }
    if (this.#waiting.length >= this.#bound) {
      this.#dropped++;
      return Promise.reject(
        new HubError("unavailable", `${this.#bound} requests already wait for this camera`, {
          hint: "The camera answers slowly: try again in a moment",
        }),
      );
    }
    return new Promise((resolve, reject) => {
      const begin = () => {
        signal.removeEventListener("abort", giveUp);
        resolve();
      };
      const giveUp = () => {
        this.#waiting.splice(this.#waiting.indexOf(begin), 1);
        reject(abortError());
      };
      this.#waiting.push(begin);
      signal.addEventListener("abort", giveUp, { once: true });
    });
  }
}
