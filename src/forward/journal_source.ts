// Events that wait for a target. The journal holds them: nothing is kept in memory but how far the target is.
import type { Logger } from "../base/log.ts";
import { ADMIN_KINDS, type HubEvent } from "../events/event.ts";
import type { Journal } from "../events/journal.ts";
import type { Parcel, Source, Target } from "./target.ts";

/** A target of events. */
export interface EventTarget extends Target {
  /** Undefined for what is not told there. */
  encode(event: HubEvent, isBeginning: boolean): Parcel | undefined;
  /** The `change` up to which it has the events of this hub; undefined where it cannot tell or has none. */
  reached?(signal: AbortSignal): Promise<number | undefined>;
}

/** What is needed of the journal. */
export type FollowedJournal = Pick<Journal, "since" | "list" | "position" | "subscribe">;

const PAGE = 100;

/**
 * Follows the journal from where it stands now, or from what the target has. Logins and their like stay here. Kept over
 * a reload of the configuration.
 */
export class JournalSource implements Source {
  readonly #journal: FollowedJournal;
  #target: EventTarget;
  readonly #log: Logger;
  /** The change up to which everything was told; undefined before the first look. */
  #reached: number | undefined;
  /** What was read last, and how far it goes; kept as it is until it is told. */
  #out: { parcels: readonly Parcel[]; reached: number; begun: number; more: boolean } | undefined;
  /** The newest event whose beginning was told. */
  #begun = 0;
  #isAsked = false;

  constructor(
    target: EventTarget,
    journal: FollowedJournal,
    log: Logger,
  ) {
    this.#target = target;
    this.#journal = journal;
    this.#log = log;
  }

  /** Notes where the journal stands: what came before is not told, unless the target lacks it. */
  async begin(): Promise<void> {
    try {
      this.#reached = (await this.#journal.position()).change;
      this.#begun = (await this.#journal.list({ limit: 1 })).events[0]?.seq ?? 0;
    } catch (error) {
      this.#log.warn("The event journal cannot be read; events are pushed from when it can", { error });
    }
  }

  /** Goes on for the target as a reload made it. */
  follow(target: EventTarget): void {
    this.#target = target;
    this.#isAsked = false;
  }

  subscribe(listener: () => void): () => void {
    return this.#journal.subscribe(listener);
  }

  async next(most: number, signal: AbortSignal): Promise<readonly Parcel[]> {
    if (!this.#isAsked) await this.#ask(signal);
    for (;;) {
      if (!this.#out || this.#out.parcels.length > most) this.#out = await this.#read(Math.min(most, PAGE));
      const { parcels, more } = this.#out;
      if (parcels.length > 0) return parcels;
      this.done();
      if (!more) return [];
    }
  }

  done(): void {
    this.#reached = this.#out?.reached ?? this.#reached;
    this.#begun = this.#out?.begun ?? this.#begun;
    this.#out = undefined;
  }

  again(): void {
    // It is still there.
  }

  /** Asks the target how far it is. One that is ahead had the events of another journal. */
  async #ask(signal: AbortSignal): Promise<void> {
    const { change } = await this.#journal.position();
    const there = await this.#target.reached?.(signal);
    const noted = this.#reached ?? change;
    this.#reached = there === undefined ? noted : there > change ? 0 : Math.min(there, noted);
    this.#out = undefined;
    this.#isAsked = true;
  }

  async #read(limit: number) {
    const query = { limit, hidden: ADMIN_KINDS };
    const { events, reached, more } = await this.#journal.since(this.#reached ?? 0, query);
    let begun = this.#begun;
    const parcels = events.flatMap((event) => {
      const isBeginning = event.seq > begun;
      begun = Math.max(begun, event.seq);
      return this.#target.encode(event, isBeginning) ?? [];
    });
    return { parcels, reached, begun, more };
  }
}
