// Which time charts show, with which steps, and how the address says it.
import { assert, assertEquals } from "@std/assert";
import {
  DEFAULT_SHOWN,
  loadedFor,
  RANGES,
  readQuery,
  settled,
  stepFor,
  viewAt,
  writeQuery,
} from "../../../islands/chart_range.ts";

const NOW = 1_770_000_000_000;
const HOUR = 3_600_000;

Deno.test("[METRICS-VIEW-ZOOM] stepFor: the less is shown, the finer; never more points than are seen", () => {
  const steps = RANGES.map(({ spanMs }) => stepFor(spanMs, 30_000) / 60_000);
  assertEquals(steps, [0.5, 2, 5, 60, 180, 2880]);
  for (let spanMs = 300_000; spanMs < 3 * 366 * 24 * HOUR; spanMs *= 1.3) {
    assert(spanMs / stepFor(spanMs, 30_000) <= 300, `${spanMs}`);
    assert(stepFor(spanMs, 30_000) <= stepFor(spanMs * 1.3, 30_000), `${spanMs}`);
  }
  // Where something is measured every four minutes, two would be a gap after each point.
  assertEquals(stepFor(HOUR, 240_000), 300_000);
});

Deno.test("[METRICS-VIEW-ZOOM] settled: what reaches now goes on with the time, what is past stands still, nothing lies after now", () => {
  assertEquals(settled({ fromMs: NOW - HOUR, toMs: NOW }, NOW), { spanMs: HOUR });
  assertEquals(settled({ fromMs: NOW, toMs: NOW + HOUR }, NOW), { spanMs: HOUR });
  const past = { fromMs: NOW - 2 * HOUR, toMs: NOW - HOUR };
  assertEquals(settled(past, NOW), past);
  assertEquals(settled({ fromMs: -5, toMs: HOUR }, NOW), { fromMs: 0, toMs: HOUR + 5 });
  assertEquals(viewAt({ spanMs: HOUR }, NOW), { fromMs: NOW - HOUR, toMs: NOW });
  assertEquals(viewAt(past, NOW), past);
  // More is loaded than is shown, but of the future nothing.
  assertEquals(loadedFor(past, NOW), { fromMs: NOW - 2.5 * HOUR, toMs: NOW - HOUR / 2 });
  assertEquals(loadedFor({ fromMs: NOW - HOUR, toMs: NOW }, NOW).toMs, NOW);
});

Deno.test("[METRICS-VIEW-SHARE] readQuery reads what writeQuery wrote; what cannot be is the default", () => {
  const queries = [
    { shown: { spanMs: 7 * 24 * HOUR }, cameras: ["door", "yard"] },
    { shown: { spanMs: 5_400_000 }, cameras: undefined },
    { shown: { fromMs: NOW - HOUR, toMs: NOW }, cameras: ["a"] },
  ];
  for (const query of queries) {
    const address = writeQuery(query);
    assertEquals(readQuery(Object.fromEntries(new URLSearchParams(address))), query, address);
  }
  assertEquals(writeQuery({ shown: { spanMs: HOUR }, cameras: ["door"] }), "?range=1h&camera=door");
  const nonsense: Record<string, string>[] = [
    {},
    { range: "9h" },
    { range: "1s" },
    { range: "999999999s" },
    { from: "x", to: "y" },
    { from: String(NOW), to: String(NOW) },
    { from: String(NOW), to: String(NOW - HOUR) },
    { from: "0", to: String(NOW) },
    { from: String(NOW) },
  ];
  for (const query of nonsense) {
    assertEquals(readQuery(query), { shown: DEFAULT_SHOWN, cameras: undefined }, JSON.stringify(query));
  }
  assertEquals(readQuery({ camera: ",," }).cameras, undefined);
});
