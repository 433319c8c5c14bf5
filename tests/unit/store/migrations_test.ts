// A database of an earlier version, with rows in every table: it is brought up to date, and what stands in it counts.
import { DatabaseSync } from "node:sqlite";
import { assertEquals } from "@std/assert";
import { Database } from "../../../src/store/database.ts";
import { EventsTable } from "../../../src/store/events_table.ts";
import { RecordingGarbageTable } from "../../../src/store/recording_garbage_table.ts";
import { RecordingsTable } from "../../../src/store/recordings_table.ts";
import { TimelineTable } from "../../../src/store/timeline_table.ts";
import { FakeClock } from "../../tools/fake_clock.ts";

const MIGRATIONS = "src/store/migrations";
/** Migrations of the last version without alerts, recording rules and the timeline. */
const EARLIER = 6;
const QUARTER = 900_000;
const AT = Date.UTC(2026, 4, 1);

function writeEarlier(path: string): void {
  using database = new DatabaseSync(path);
  database.exec("PRAGMA journal_mode = WAL");
  const files = [...Deno.readDirSync(MIGRATIONS)].map(({ name }) => name).sort().slice(0, EARLIER);
  for (const file of files) database.exec(Deno.readTextFileSync(`${MIGRATIONS}/${file}`));
  database.exec(`PRAGMA user_version = ${EARLIER}`);
  database.exec(`
    INSERT INTO cameras VALUES ('door', 'Door', 'rtsp', 1, 0, '{"url":"rtsp://10.0.0.1/"}', ${AT});
    INSERT INTO users VALUES ('admin', 'hash', ${AT});
    INSERT INTO camera_rules VALUES ('door', 'motion', '{"detector":"off"}', ${AT});
    INSERT INTO recordings VALUES ('aaaaaaaaaaaa', 'aaaaaaaaaaaa', 1, 'door',
      'door/2026-05-01/000000-aaaaaaaaaaaa.mp4', ${AT}, ${
    AT + 60_000
  }, 60000, 1000, 0, 'h264', 640, 360, 0, 'stopped', NULL);
    UPDATE journal SET change = 4, alive_at = ${AT + 3 * QUARTER};
  `);
  const event = database.prepare("INSERT INTO events VALUES (?, ?, ?, ?, 'hub', ?, ?, ?, NULL, 1, ?)");
  event.run(1, 1, "door", "motion", AT, AT + 1000, AT + 1000, '{"score":0.5}');
  event.run(2, 2, "door", "motion", AT + 5000, AT + 6000, AT + 6000, null);
  event.run(3, 3, "door", "camera_state", AT + QUARTER, AT + QUARTER, null, '{"status":"online"}');
  event.run(4, 4, null, "gap", AT, AT, AT, null);
}

Deno.test("[STORE-MIGRATE] a database of an earlier version is brought up to date with all that stands in it", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/hub.sqlite`;
  writeEarlier(path);
  const database = await Database.open(path);
  try {
    const events = new EventsTable(database);
    const texts = ["doormotion", "doormotion", "doorcamera_state", "gap"];
    const bytes = texts.reduce((sum, text) => sum + 160 + 3 * text.length + 3, 0) + 13 + 19;
    assertEquals(await events.size(), { rows: 4, bytes });
    assertEquals((await events.list({ limit: 9 })).events.map(({ seq, change }) => [seq, change]), [
      [4, 4],
      [3, 3],
      [2, 2],
      [1, 1],
    ]);
    const quarters = await database.all(
      "SELECT camera, quarter, kind, count FROM event_quarters ORDER BY quarter",
    );
    assertEquals(quarters.map((row) => ({ ...row })), [
      { camera: "door", quarter: AT / QUARTER, kind: "motion", count: 2 },
      { camera: "door", quarter: AT / QUARTER + 1, kind: "camera_state", count: 1 },
    ]);
    // What was left open is closed, what is written next goes on from there, and what goes is counted off.
    assertEquals(await events.closeLeftOpen({ closed_by: "restart" }, ["camera_state"]), 1);
    assertEquals((await events.find(3))?.endedAtMs, AT + 3 * QUARTER);
    const row = {
      camera: "door",
      kind: "motion",
      source: "hub",
      startedAtMs: AT,
      lastAtMs: AT,
      endedAtMs: AT,
      count: 1,
    };
    const { seq, change } = await events.insert(row, AT);
    assertEquals([seq, change], [5, 6]);
    const pruned = await events.prune({ maxBytes: 1e9, endedBeforeMs: AT + 10 * QUARTER, batch: 100 });
    assertEquals([pruned.count, await events.size()], [5, { rows: 0, bytes: 0 }]);
    assertEquals(await database.all("SELECT * FROM event_quarters"), []);

    const recordings = new RecordingsTable(database);
    const found = await recordings.find("aaaaaaaaaaaa");
    assertEquals([found?.cause, found?.hasEvent, found?.isLocked], ["manual", false, false]);
    assertEquals(await new TimelineTable(database).filesIn("door", AT, AT + 1000, 9), ["aaaaaaaaaaaa"]);
    const garbage = new RecordingGarbageTable(database, new FakeClock(AT));
    assertEquals(await garbage.discard(["aaaaaaaaaaaa"]), ["door/2026-05-01/000000-aaaaaaaaaaaa.mp4"]);
    const kept = await database.all(
      "SELECT (SELECT count(*) FROM cameras) + (SELECT count(*) FROM users) AS n",
    );
    assertEquals(kept[0]?.n, 2);
  } finally {
    await database.close();
    await Deno.remove(folder, { recursive: true });
  }
});
