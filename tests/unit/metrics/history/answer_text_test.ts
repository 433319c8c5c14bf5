// Answers as text: rows of JSON and CSV, in pieces.
import { assertEquals } from "@std/assert";
import { csvLine, csvPieces, jsonPieces } from "../../../../src/metrics/history/answer_text.ts";
import type { OpenAnswer } from "../../../../src/metrics/history/open_answer.ts";
import type { HistoryRow } from "../../../../src/metrics/history/query.ts";
import { lastHoursRow } from "../../../../src/metrics/history/last_hours.ts";

const BEGIN = Date.UTC(2026, 4, 1);
const asked = { fields: ["latency_ms", "signal_dbm"], aggregation: "avg" } as const;

function answer(...rows: HistoryRow[][]): OpenAnswer {
  const head = {
    tier: "5m",
    stepMs: 300_000,
    fromMs: BEGIN,
    toMs: BEGIN + 600_000,
    isTruncated: false,
  } as const;
  return { head, rows };
}

Deno.test("jsonPieces: tier, step and times before the rows; what is not known is absent, or null [METRICS-RANGE]", async () => {
  const rows = [
    { atMs: BEGIN, subject: "door", values: { latency_ms: 12.5 } },
    { atMs: BEGIN + 300_000, subject: "door", values: { latency_ms: null, signal_dbm: -61 } },
  ];
  assertEquals(JSON.parse((await Array.fromAsync(jsonPieces(answer(rows), asked))).join("")), {
    tier: "5m",
    step_s: 300,
    from: "2026-05-01T00:00:00.000Z",
    to: "2026-05-01T00:10:00.000Z",
    agg: "avg",
    truncated: false,
    fields: [{ name: "latency_ms", unit: "ms" }, { name: "signal_dbm", unit: "dbm" }],
    rows: [
      { time: "2026-05-01T00:00:00.000Z", camera: "door", latency_ms: 12.5 },
      { time: "2026-05-01T00:05:00.000Z", camera: "door", latency_ms: null, signal_dbm: -61 },
    ],
  });
  const counted = JSON.parse(
    (await Array.fromAsync(jsonPieces(answer([]), { ...asked, aggregation: "count" }))).join(""),
  );
  assertEquals([counted.rows, counted.fields[0].unit], [[], "values"]);
});

Deno.test("jsonPieces, csvPieces: a long answer comes in many pieces, each row once and in order [METRICS-RANGE]", async () => {
  const rows = Array.from({ length: 20_000 }, (_, at) => ({
    atMs: BEGIN + at * 1000,
    subject: "door",
    values: { latency_ms: at, signal_dbm: -at },
  }));
  const json = await Array.fromAsync(jsonPieces(answer(rows.slice(0, 500), [], rows.slice(500)), asked));
  assertEquals(json.length, 82);
  const latencies = JSON.parse(json.join("")).rows.map((row: { latency_ms: number }) => row.latency_ms);
  assertEquals(latencies, rows.map(({ values }) => values.latency_ms));
  const lines = (await Array.fromAsync(csvPieces(answer(rows), asked))).join("").split("\r\n");
  assertEquals(lines[0], "time,camera,latency_ms,signal_dbm");
  assertEquals(lines[20_000], "2026-05-01T05:33:19.000Z,door,19999,-19999");
  assertEquals(lines.slice(20_001), [""]);
});

Deno.test("csvLine: texts that spreadsheets would calculate get an apostrophe, numbers do not [METRICS-RANGE]", () => {
  assertEquals(
    csvLine(["@hub", "=1+1", "+1", "-1", "\tx", 'say "a"', "a,b", "line\nend", -60, 0, null, undefined]),
    '\'@hub,\'=1+1,\'+1,\'-1,\'\tx,"say ""a""","a,b","line\nend",-60,0,,\r\n',
  );
});

Deno.test("lastHoursRow: as docs/metrics.md names it; what is not known is absent [METRICS-HISTORY]", () => {
  const values = { up: 1, latency_ms: 8.5, temperature_celsius: 41, motion: 0.4 };
  assertEquals(Object.entries(lastHoursRow({ atMs: BEGIN, subject: "door", values })), [
    ["timestamp", "2026-05-01T00:00:00.000Z"],
    ["temperature", 41],
    ["network_latency_ms", 8.5],
    ["motion_detected", true],
    ["status", "online"],
  ]);
  assertEquals(lastHoursRow({ atMs: BEGIN, subject: "door", values: { up: 0, motion: 0 } }), {
    timestamp: "2026-05-01T00:00:00.000Z",
    motion_detected: false,
    status: "offline",
  });
  assertEquals(lastHoursRow({ atMs: BEGIN, subject: "door", values: { latency_ms: null } }), {
    timestamp: "2026-05-01T00:00:00.000Z",
  });
});
