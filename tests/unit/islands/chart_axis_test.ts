// The marks of the time axis, by the clock of who looks: here in a process of another time zone.
import { assertEquals } from "@std/assert";

/** Time in UTC and words of each mark. */
async function inVienna(from: string, to: string, width = 700): Promise<[at: string, text: string][]> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--no-check",
      "--config",
      new URL("../../deno.json", import.meta.url).pathname,
      new URL("chart_axis_print.ts", import.meta.url).pathname,
      from,
      to,
      String(width),
    ],
    env: { TZ: "Europe/Vienna" },
  }).output();
  return JSON.parse(new TextDecoder().decode(stdout));
}

Deno.test("[METRICS-VIEW-CLOCK] axisMarks: round hours of the clock here, before and after it is put on and back", async () => {
  const [spring, autumn, hours, year, week, month] = await Promise.all([
    inVienna("2026-03-28T23:00:00Z", "2026-03-30T10:00:00Z"),
    inVienna("2026-10-24T20:00:00Z", "2026-10-26T11:00:00Z"),
    inVienna("2026-03-29T00:00:00Z", "2026-03-29T03:00:00Z", 300),
    inVienna("2025-03-01T00:00:00Z", "2026-03-01T00:00:00Z"),
    inVienna("2026-11-19T20:00:00Z", "2026-11-26T20:00:00Z", 257),
    inVienna("2026-10-27T20:00:00Z", "2026-11-26T20:00:00Z", 257),
  ]);
  assertEquals(spring, [
    ["2026-03-28T23:00:00.000Z", "29 Mar"],
    ["2026-03-29T04:00:00.000Z", "06:00"],
    ["2026-03-29T10:00:00.000Z", "12:00"],
    ["2026-03-29T16:00:00.000Z", "18:00"],
    ["2026-03-29T22:00:00.000Z", "30 Mar"],
    ["2026-03-30T04:00:00.000Z", "06:00"],
    ["2026-03-30T10:00:00.000Z", "12:00"],
  ]);
  assertEquals(autumn.map(([, text]) => text), [
    "25 Oct",
    "06:00",
    "12:00",
    "18:00",
    "26 Oct",
    "06:00",
    "12:00",
  ]);
  assertEquals(autumn[1], ["2026-10-25T05:00:00.000Z", "06:00"]);
  // Two o'clock is left out that night.
  assertEquals(hours.map(([, text]) => text), ["01:00", "03:00", "04:00", "05:00"]);
  assertEquals(year.map(([, text]) => text), ["May", "Jul", "Sept", "Nov", "Jan 2026", "Mar"]);
  // On a phone.
  assertEquals(week.map(([, text]) => text), ["21 Nov", "24 Nov"]);
  assertEquals(month.map(([, text]) => text), ["3 Nov", "13 Nov", "23 Nov"]);
});
