// How pushing goes, as metrics.
import { Counter } from "../metrics/counters.ts";
import type { Sample } from "../metrics/sample.ts";

/** Counts for each target, from 0. */
export class PushCounts {
  readonly #sent = new Counter("tapocam_push_samples_total");
  readonly #failed = new Counter("tapocam_push_failures_total");
  readonly #dropped = new Counter("tapocam_push_dropped_total");

  /** Makes these targets known, and forgets others. */
  know(targets: readonly string[]): void {
    for (const counter of this.#all) {
      for (const target of targets) counter.add({ target }, 0);
      counter.forget(({ target = "" }) => !targets.includes(target));
    }
  }

  sent(target: string, count: number): void {
    this.#sent.add({ target }, count);
  }

  failed(target: string): void {
    this.#failed.add({ target });
  }

  dropped(target: string, count: number): void {
    this.#dropped.add({ target }, count);
  }

  get samples(): Sample[] {
    return this.#all.flatMap(({ samples }) => samples);
  }

  get #all(): readonly Counter[] {
    return [this.#sent, this.#failed, this.#dropped];
  }
}
