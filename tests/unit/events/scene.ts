// Cameras that observe what a test tells them, and the journal that takes it down.
import { assertEquals } from "@std/assert";
import type { HubError } from "../../../src/base/errors.ts";
import { aborted } from "../../../src/base/scope.ts";
import type { CameraSpec } from "../../../src/devices/camera.ts";
import type { Observation, Observations } from "../../../src/devices/capabilities.ts";
import type { Companion } from "../../../src/devices/manager.ts";
import type { HubEvent } from "../../../src/events/event.ts";
import { Journal } from "../../../src/events/journal.ts";
import { EventObserver } from "../../../src/events/observer.ts";
import { EventsTable } from "../../../src/store/events_table.ts";
import { type House, toyDriver, withHouse } from "../tools/devices.ts";
import { until } from "../tools/processes.ts";

export type Callbacks = Parameters<Observations["watch"]>[0];

export interface Scene extends House {
  journal: Journal;
  observer: EventObserver;
  toys: ReturnType<typeof toyDriver>;
  /** Those who watch now. */
  watchers: Set<Callbacks>;
  /** While set, watching fails with it. */
  refusal: { error: HubError | undefined };
  /** Lets the device of the only watcher tell something. */
  tell(kind: Observation["kind"], active: boolean | undefined, deviceAtMs?: number): void;
  /** The journal so far, oldest first, as `KIND[:STATUS] START-END xCOUNT [DETAIL…]`, seconds since the start. */
  read(filter?: { kind?: HubEvent["kind"] }): Promise<string[]>;
}

export const spec = (change: Partial<CameraSpec> = {}): CameraSpec => ({
  id: "door",
  name: "Door",
  type: "toy",
  enabled: true,
  origin: "store",
  options: {},
  ...change,
});

/** Runs cameras of toys under an observer and a journal. */
export async function withScene(work: (scene: Scene) => Promise<void>): Promise<void> {
  const toys = toyDriver();
  const watchers = new Set<Callbacks>();
  const refusal: Scene["refusal"] = { error: undefined };
  toys.capabilities = {
    observations: {
      watch: async (callbacks, signal) => {
        if (refusal.error) throw refusal.error;
        watchers.add(callbacks);
        await aborted(signal);
        watchers.delete(callbacks);
      },
    },
  };
  let observer: EventObserver | undefined;
  const companion: Companion = (camera, signal) => observer!.accompany(camera, signal);
  const stop = new AbortController();
  let running = Promise.resolve();
  await withHouse([toys.driver], async (house) => {
    const { clock, database, context: { log } } = house;
    const journal = new Journal({ table: new EventsTable(database), clock, log });
    observer = new EventObserver({ journal, clock, log });
    running = journal.run(stop.signal);
    const startMs = clock.now();
    const seconds = (ms: number | undefined) => ms === undefined ? "" : String((ms - startMs) / 1000);
    let marks = 0;
    const read: Scene["read"] = async (filter = {}) => {
      // The journal writes in order: once this one stands in it, all before it do.
      const mark = `mark${++marks}`;
      journal.record({ kind: "gap", source: mark, startedAtMs: clock.now() });
      await until(async () => (await journal.list({ limit: 1 })).events[0]?.source === mark);
      const { events } = await journal.list({ limit: 1000, ...filter });
      return events.reverse().filter(({ source }) => !source.startsWith("mark")).map((event) => {
        const { kind, startedAtMs, endedAtMs, count, details = {} } = event;
        const span = `${kind} ${seconds(startedAtMs)}-${seconds(endedAtMs)} x${count}`;
        return [span, ...Object.values(details)].join(" ");
      });
    };
    const tell: Scene["tell"] = (kind, active, deviceAtMs) => {
      assertEquals(watchers.size, 1);
      for (const each of watchers) each.onObservation({ kind, active, deviceAtMs, source: "toy" });
    };
    try {
      await work({ ...house, journal, observer, toys, watchers, refusal, tell, read });
    } finally {
      stop.abort();
      await running;
    }
  }, companion);
}
