// What followers of the journal were told, held against what a crash left in the database.
import { assert, assertEquals } from "@std/assert";
import { DatabaseSync } from "node:sqlite";

/** As a follower is told of it. */
export interface Told {
  op: string;
  change: number;
  event: { seq: number; kind: string; started_at: string; ended_at?: string };
}

/** Holds the database, as the crash left it, against what was told. */
export function checkJournal(dataDir: string, told: readonly Told[]): void {
  const database = new DatabaseSync(`${dataDir}/hub.sqlite`);
  try {
    assertEquals({ ...database.prepare("PRAGMA integrity_check").get() }, { integrity_check: "ok" });
    const counted = database.prepare("SELECT count(*) AS n, max(change) AS c FROM events").get();
    const journal = database.prepare("SELECT rows, change FROM journal").get();
    assertEquals([journal?.rows, journal?.change], [counted?.n, counted?.c]);
    const find = database.prepare("SELECT change, kind, started_at, ended_at FROM events WHERE seq = ?");
    for (const { change, event } of told) {
      const row = find.get(event.seq);
      assert(row, `event ${event.seq} was told and is gone`);
      assertEquals([row.kind, row.started_at], [event.kind, Date.parse(event.started_at)]);
      assert(Number(row.change) >= change, `change ${change} of event ${event.seq} was told and is gone`);
      if (row.change === change) {
        assertEquals(row.ended_at ?? undefined, event.ended_at && Date.parse(event.ended_at));
      }
    }
  } finally {
    database.close();
  }
}
