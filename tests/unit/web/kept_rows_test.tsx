// What the page of settings says of that which is kept, and when it goes.
import { assertEquals } from "@std/assert";
import { renderToString } from "preact-render-to-string";
import { historyKept, recordingsKept } from "../../../src/operations/kept_views.ts";
import { KeptRows } from "../../../src/web/kept_rows.tsx";

const NOW = Date.parse("2026-11-26T18:00:00Z");
const SUM = { files: 2, sizeBytes: 3e9, lockedBytes: 0, oldestMs: NOW - 60_000 };
const RULES = { min_free_gb: 1, min_free_percent: 5, segment_minutes: 10 };
const EVENTS = {
  count: 1234,
  bytes: 2e6,
  pictures: 1,
  picture_bytes: 1e5,
  keep_days: 90,
  max_bytes: 2e8,
  max_picture_bytes: 5e8,
};

const HISTORY = { max_mb: 256, raw_hours: 48, five_minute_days: 90, hourly_days: 0, write_every_s: 300 };

async function rows(sums: typeof SUM[], limits: { keep_days?: number; keep_gb?: number }) {
  const stored = sums.map((sum, index) => ({ ...sum, camera: `c${index}` }));
  const recordings = await recordingsKept({ sums: () => Promise.resolve(stored) }, { ...RULES, ...limits });
  const history = historyKept(undefined, HISTORY);
  const kept = { recordings, history };
  const html = renderToString(<KeptRows kept={kept} events={EVENTS} nowMs={NOW} />);
  return Object.fromEntries(
    [...html.matchAll(/<dt>([^<]*)<\/dt><dd>([^<]*)<\/dd>/g)].map(([, title = "", value = ""]) => [
      title,
      value.replaceAll("\u00a0", " "),
    ]),
  );
}

Deno.test("[REC-RETENTION] settings tell how much is kept, and what deletes it", async () => {
  assertEquals(await rows([], {}), {
    "Recordings": "none",
    "The oldest are deleted": "before less than 1.0 GB or 5 % is free",
    "Events": "1,234, 2.0 MB of 200 MB, for 90 days",
    "Pictures of events": "1, 100 kB of 500 MB",
    "History of metrics":
      "up to 256 MB, every value for 48 h, each 5 minutes for 90 days, each hour for ever",
  });
  const full = await rows([SUM, { ...SUM, lockedBytes: 1e9 }], { keep_days: 30, keep_gb: 500 });
  assertEquals([full["Recordings"], full["Of these locked"], full["The oldest are deleted"]], [
    "4 files, 6.0 GB",
    "1.0 GB",
    "after 30 days, above 500 GB in all, before less than 1.0 GB or 5 % is free",
  ]);
});
