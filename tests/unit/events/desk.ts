// A journal on a real database, on a clock moved by hand.
import { Logger } from "../../../src/base/log.ts";
import type { EventDraft, HubEvent } from "../../../src/events/event.ts";
import { Journal } from "../../../src/events/journal.ts";
import type { JournalRetention } from "../../../src/events/retention.ts";
import { Database } from "../../../src/store/database.ts";
import { EventsTable } from "../../../src/store/events_table.ts";
import { FakeClock } from "../../tools/fake_clock.ts";
import { inFolder as inTempFolder } from "../../tools/temp_folder.ts";

export interface Desk {
  journal: Journal;
  clock: FakeClock;
  database: Database;
  /** Every event the journal has told, in that order. */
  told: HubEvent[];
  lines: string[];
  draft(change?: Partial<EventDraft>): EventDraft;
  stop(): Promise<void>;
}

export interface DeskOptions {
  path?: string;
  clock?: FakeClock;
  retention?: JournalRetention;
  /** True ends the database under the running journal, as a crash does. */
  crashes?: boolean;
}

/** Runs a journal, does the work and stops. */
export async function withJournal(
  work: (desk: Desk) => Promise<void>,
  options: DeskOptions = {},
): Promise<void> {
  const { path = ":memory:", clock = new FakeClock(), retention } = options;
  const database = await Database.open(path);
  const lines: string[] = [];
  const log = new Logger((line) => lines.push(line), "debug");
  const journal = new Journal({
    table: new EventsTable(database),
    clock,
    log,
    ...(retention ? { retention: () => retention } : {}),
  });
  const told: HubEvent[] = [];
  journal.subscribe((event) => told.push(event));
  const stopped = new AbortController();
  const running = journal.run(stopped.signal);
  const stop = async () => {
    stopped.abort();
    await running;
  };
  try {
    await work({
      journal,
      clock,
      database,
      told,
      lines,
      draft: (change) => ({
        camera: "door",
        kind: "motion",
        source: "onvif",
        startedAtMs: clock.now(),
        ...change,
      }),
      stop,
    });
  } finally {
    if (options.crashes) await database.close();
    await stop();
    if (!options.crashes) await database.close();
  }
}

/** Gives the path of a database in a folder of its own. */
export async function inFolder(work: (path: string) => Promise<void>): Promise<void> {
  await inTempFolder((folder) => work(`${folder}/hub.sqlite`));
}

/** When every clock of these tests starts. */
export const START = new FakeClock().now();
