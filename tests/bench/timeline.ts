// The figures of the timeline: how long a day, a week and a month of ten cameras take to answer, with a hundred thousand
// events a day in the journal, and how long a picture of a moment takes.
import { DatabaseSync } from "node:sqlite";
import { HubProcess } from "../tools/hub_process.ts";

type Row = (...cells: (string | number)[]) => void;

const CAMERAS = 10;
const SEGMENTS_A_DAY = 288;
const EVENTS = 100_000;
const DAY_MS = 86_400_000;
const CALLS = 40;

/** Measures on a hub whose database was filled before it started. */
export async function timelineBench(row: Row): Promise<void> {
  const config = `cameras:\n${
    Array.from({ length: CAMERAS }, (_, at) => `  - {id: c${at}, type: testpattern, enabled: false}\n`).join(
      "",
    )
  }`;
  const first = await HubProcess.start({ config });
  await first.stop();
  const fromMs = Math.floor(Date.now() / DAY_MS) * DAY_MS - 30 * DAY_MS;
  const path = `${first.dataDir}/hub.sqlite`;
  const begin = performance.now();
  fill(path, fromMs);
  row("timeline", `${EVENTS} events written with their hours`, `${Math.round(performance.now() - begin)} ms`);
  await using hub = await HubProcess.start({ config, dataDir: first.dataDir });
  await hub.login();
  for (const [name, days] of [["an hour", 1 / 24], ["a day", 1], ["a week", 7], ["a month", 31]] as const) {
    const query = `from=${fromMs}&to=${fromMs + days * DAY_MS}`;
    const [times, bytes] = await ask(hub, `/api/timeline?${query}`);
    row(`timeline of ${name}, ${CAMERAS} cameras`, times, `${Math.round(bytes / 1000)} KB`);
  }
  const [times] = await ask(hub, `/api/recordings/locate?camera=c3&t=${fromMs + DAY_MS / 2}`);
  row("a moment found", times);
}

/** A day of events, a month of segments. */
function fill(path: string, fromMs: number): void {
  using database = new DatabaseSync(path);
  database.exec("BEGIN");
  const event = database.prepare(
    "INSERT INTO events (change, camera, kind, source, started_at, last_at, ended_at, count) " +
      "VALUES (?, ?, ?, 'hub', ?, ?, ?, 1)",
  );
  const kinds = ["motion", "motion", "motion", "person", "vehicle", "pet"];
  for (let at = 0; at < EVENTS; at++) {
    const atMs = Math.round(fromMs + at / EVENTS * DAY_MS);
    event.run(
      1_000_000 + at,
      `c${at % CAMERAS}`,
      kinds[at % kinds.length] ?? "motion",
      atMs,
      atMs,
      atMs + 5000,
    );
  }
  database.exec(`UPDATE journal SET change = ${1_000_000 + EVENTS}`);
  const recording = database.prepare(
    "INSERT INTO recordings (id, recording, part, camera, path, started_at, ended_at, duration_ms, size_bytes, " +
      "pre_roll_ms, codec, width, height, has_sound, ended_because) " +
      "VALUES (?1, ?1, 1, ?2, ?1, ?3, ?4, ?5, 1, 0, 'h264', 1280, 720, 0, 'duration')",
  );
  const lengthMs = DAY_MS / SEGMENTS_A_DAY;
  for (let camera = 0; camera < CAMERAS; camera++) {
    for (let at = 0; at < SEGMENTS_A_DAY * 30; at++) {
      const startMs = fromMs + at * lengthMs;
      recording.run(
        `b${camera}n${at}`.padEnd(12, "x"),
        `c${camera}`,
        startMs,
        startMs + lengthMs - 40,
        lengthMs - 40,
      );
    }
  }
  database.exec("COMMIT");
}

async function ask(hub: HubProcess, path: string): Promise<[times: string, bytes: number]> {
  const times: number[] = [];
  let bytes = 0;
  for (let call = 0; call < CALLS; call++) {
    const begin = performance.now();
    const response = await hub.client.fetch(path);
    const body = await response.text();
    times.push(performance.now() - begin);
    if (response.status !== 200) throw new Error(body);
    bytes = body.length;
  }
  times.sort((a, b) => a - b);
  const at = (share: number) => (times[Math.floor(share * (CALLS - 1))] ?? 0).toFixed(1);
  return [`median ${at(0.5)} ms, worst ${at(1)} ms`, bytes];
}
