// How many streams a device serves at once is the device's to say. Whoever opens one takes a slot first.
import { HubError } from "../base/errors.ts";
import type { SessionLimit } from "../devices/device.ts";

/** Counts the open sessions of each device, over all cameras made of it. */
export class SessionSlots {
  readonly #holders = new Map<string, Set<string>>();

  /** Sessions that could still be opened. */
  free(limit: SessionLimit | undefined): number {
    return limit ? limit.max - (this.#holders.get(limit.device)?.size ?? 0) : Infinity;
  }

  /**
   * Takes a slot; taking it again in the same name changes nothing. The returned function gives it back.
   * @throws HubError `unavailable`, naming who holds them.
   */
  take(limit: SessionLimit | undefined, holder: string): () => void {
    if (!limit) return () => {};
    const holders = this.#holders.get(limit.device) ?? new Set();
    this.#holders.set(limit.device, holders);
    if (!holders.has(holder) && holders.size >= limit.max) throw allTaken(limit, [...holders]);
    holders.add(holder);
    return () => holders.delete(holder);
  }
}

function allTaken(limit: SessionLimit, holders: string[]): HubError {
  return new HubError(
    "unavailable",
    `The camera serves ${limit.max} streams at once, and they are in use by ${holders.join(" and ")}`,
    { hint: "Close one of those pictures; the hub tries again by itself", details: { holders } },
  );
}
