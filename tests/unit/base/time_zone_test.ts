// Zones whose clocks change, or stand half an hour aside.
import { assert, assertEquals } from "@std/assert";
import { isTimeZone, machineZone, offsetSpans } from "../../../src/base/time_zone.ts";

const HOUR = 3_600_000;

Deno.test("offsetSpans: pieces between changes of the clock [METRICS-PATTERNS]", () => {
  const [from, to] = [Date.UTC(2026, 0, 1), Date.UTC(2027, 0, 1)];
  const pieces = (zone: string) =>
    offsetSpans(from, to, zone).map(({ fromMs, offsetMs }) => [
      new Date(fromMs).toISOString().slice(0, 16),
      offsetMs / HOUR,
    ]);
  assertEquals(pieces("Europe/Vienna"), [
    ["2026-01-01T00:00", 1],
    ["2026-03-29T01:00", 2],
    ["2026-10-25T01:00", 1],
  ]);
  assertEquals(pieces("America/New_York"), [
    ["2026-01-01T00:00", -5],
    ["2026-03-08T07:00", -4],
    ["2026-11-01T06:00", -5],
  ]);
  assertEquals(pieces("Asia/Kolkata"), [["2026-01-01T00:00", 5.5]]);
  assertEquals(pieces("Australia/Lord_Howe").map(([, hours]) => hours), [11, 10.5, 11]);
  assertEquals(pieces("UTC"), [["2026-01-01T00:00", 0]]);
  assertEquals(pieces("-03:30"), [["2026-01-01T00:00", -3.5]]);
  const spans = offsetSpans(from, to, "Europe/Vienna");
  assertEquals([spans[0]?.toMs, spans[2]?.toMs], [spans[1]?.fromMs, to]);
  assertEquals(offsetSpans(to, to, "UTC"), []);
});

Deno.test("isTimeZone knows zones by name, this machine's too [METRICS-PATTERNS]", () => {
  for (const zone of ["Europe/Vienna", "UTC", "Asia/Kolkata", "+05:30", machineZone()]) {
    assert(isTimeZone(zone), zone);
  }
  for (const wrong of ["Europe/Wien", "", "Vienna", "+5:30h", "../etc/localtime"]) {
    assert(!isTimeZone(wrong), wrong);
  }
});
