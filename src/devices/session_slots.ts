// How many streams a device serves at once is the device's to say. Whoever opens one takes a slot first.
import { HubError } from "../base/errors.ts";
import type { SessionLimit } from "./device.ts";

/** Who holds a slot: a stream by its name, which may take it again, or something that is told apart from its like. */
export type SlotHolder = string | { readonly name: string };

/** Counts the open sessions of each device, over all cameras made of it. */
export class SessionSlots {
  readonly #holders = new Map<string, Set<SlotHolder>>();

  /** Sessions that could still be opened. */
  free(limit: SessionLimit | undefined): number {
    return limit ? limit.max - (this.#holders.get(limit.device)?.size ?? 0) : Infinity;
  }

  /** Names those who have a slot. */
  holders(limit: SessionLimit | undefined): string[] {
    const holders = limit ? this.#holders.get(limit.device) ?? [] : [];
    return [...holders].map((holder) => typeof holder === "string" ? holder : holder.name);
  }

  /**
   * Takes a slot; taking it again in the same name changes nothing. The returned function gives it back.
   * @throws HubError `unavailable`, naming who holds them.
   */
  take(limit: SessionLimit | undefined, holder: SlotHolder): () => void {
    if (!limit) return () => {};
    const holders = this.#holders.get(limit.device) ?? new Set<SlotHolder>();
    this.#holders.set(limit.device, holders);
    if (!holders.has(holder) && holders.size >= limit.max) throw allTaken(limit, this.holders(limit));
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
