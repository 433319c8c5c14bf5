// Tells the broker of every event of the journal, in order, each confirmed before the next: none is lost while the
// hub runs, also not when the broker is away for a while.
import { Changes } from "../base/changes.ts";
import type { Clock } from "../base/clock.ts";
import { isAbort } from "../base/errors.ts";
import type { Logger } from "../base/log.ts";
import { OBSERVATION_KINDS, type ObservationKind } from "../devices/capabilities.ts";
import { ADMIN_KINDS, type EventKind, type HubEvent } from "../events/event.ts";
import type { Journal } from "../events/journal.ts";
import { eventView } from "../operations/event_views.ts";
import { TOLD_KINDS } from "./discovery.ts";
import type { MqttLink } from "./link.ts";
import type { Retained } from "./retained.ts";
import type { Topics } from "./topics.ts";

/** What the feed works with. */
export interface EventFeedDeps {
  journal: Pick<Journal, "since" | "position" | "subscribe">;
  topics: Topics;
  retained: Retained;
  clock: Clock;
  log: Logger;
  /** Told of the first event of a kind at a camera. */
  onKind(camera: string, kind: EventKind): void;
  /** Told of each event that begins now. */
  onBegin(event: HubEvent): void;
}

/** What begins must be told so soon, or it starts no automation any more. */
const FRESH_MS = 60_000;
const PAGE = 100;
const RETRY_MS = 5000;

/** Kinds that are states of the hub's own knowledge, told elsewhere. Those for administrators are not read at all. */
const UNTOLD: ReadonlySet<EventKind> = new Set(["camera_state", "gap"]);

/** Follows the journal. `run` does the work while there is a connection. */
export class EventFeed {
  readonly #deps: EventFeedDeps;
  readonly #news = new Changes();
  /** The change up to which everything was told; undefined before the first connection. */
  #reached: number | undefined;
  /** The newest event whose beginning was told. */
  #begun = 0;

  constructor(deps: EventFeedDeps) {
    this.#deps = deps;
  }

  /** Notes where the journal stands: what came before is not told. @throws HubError when it cannot be read. */
  async begin(): Promise<void> {
    this.#reached ??= (await this.#deps.journal.position()).change;
  }

  /** Tells until the signal aborts or the connection ends. */
  async run(link: Pick<MqttLink, "publish">, signal: AbortSignal): Promise<void> {
    let isDue = true;
    const unsubscribe = this.#deps.journal.subscribe(() => {
      isDue = true;
      this.#news.notify();
    });
    try {
      while (!signal.aborted) {
        if (!isDue) await this.#news.next(signal);
        if (signal.aborted) return;
        isDue = false;
        if (!await this.#catchUp(link, signal)) isDue = true;
      }
    } finally {
      unsubscribe();
    }
  }

  /** Tells all that is new; false when the journal could not be read, after a while. */
  async #catchUp(link: Pick<MqttLink, "publish">, signal: AbortSignal): Promise<boolean> {
    const { journal, clock, log } = this.#deps;
    try {
      await this.begin();
      for (let more = true; more && !signal.aborted;) {
        const advance = await journal.since(this.#reached ?? 0, { limit: PAGE, hidden: ADMIN_KINDS });
        for (const event of advance.events) {
          await this.#tell(event, link);
          this.#reached = event.change;
        }
        this.#reached = advance.reached;
        more = advance.more;
      }
      return true;
    } catch (error) {
      if (isAbort(error) || signal.aborted) return true;
      log.warn("Events could not be told to the MQTT broker", { error });
      await clock.sleep(RETRY_MS, signal).catch(() => {/* the connection has ended: the next one goes on */});
      return false;
    }
  }

  async #tell(event: HubEvent, link: Pick<MqttLink, "publish">): Promise<void> {
    const { topics, retained, onKind, onBegin } = this.#deps;
    const { camera, kind, seq } = event;
    if (camera === undefined || UNTOLD.has(kind)) return;
    const isBeginning = seq > this.#begun;
    const text = JSON.stringify({ event_type: kind, ...eventView(event) });
    onKind(camera, kind);
    this.#tellState(event, isBeginning);
    await link.publish(topics.of(camera, "events"), text);
    if (isBeginning && this.#isFresh(event)) {
      if (TOLD_KINDS.includes(kind)) await link.publish(topics.of(camera, "event"), text);
      onBegin(event);
    }
    if (isBeginning) this.#begun = seq;
    retained.set(topics.of(camera, "last_event"), text);
  }

  /** Turns the sensor of a kind on and off; what is over already turns it on for a moment, unless that is long ago. */
  #tellState(event: HubEvent, isBeginning: boolean): void {
    const { topics, retained } = this.#deps;
    const { camera = "", kind, endedAtMs } = event;
    if (!OBSERVATION_KINDS.includes(kind as ObservationKind)) return;
    const topic = topics.of(camera, kind);
    if (endedAtMs === undefined || (isBeginning && this.#isFresh(event))) retained.set(topic, "ON");
    if (endedAtMs !== undefined) retained.set(topic, "OFF");
  }

  #isFresh({ startedAtMs }: HubEvent): boolean {
    return this.#deps.clock.now() - startedAtMs < FRESH_MS;
  }
}
