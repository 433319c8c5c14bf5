// Stretches of the week in local time, also where the clocks are changed.
import { assertEquals } from "@std/assert";
import { timeWindow } from "../../../src/config/camera_rules.ts";
import { isScheduled, isWithin, nextChange } from "../../../src/config/time_windows.ts";
import { zoneOf } from "../tools/zones.ts";

const UTC = () => 0;
const berlin = zoneOf("Europe/Berlin");
const at = (iso: string) => Date.parse(iso);
const windows = (...list: object[]) => list.map((each) => timeWindow.parse(each));
const iso = (ms: number | undefined) =>
  ms === undefined ? undefined : new Date(ms).toISOString().slice(0, 16);

Deno.test("[REC-SCHEDULE] isWithin: days, hours, over midnight, around the clock", () => {
  // 2026-01-05 is a Monday.
  const office = windows({ days: ["mon", "tue"], from: "08:00", to: "17:30" });
  const night = windows({ days: ["fri"], from: "22:00", to: "06:00" });
  const cases: [typeof office, string, boolean][] = [
    [office, "2026-01-05T07:59:59Z", false],
    [office, "2026-01-05T08:00Z", true],
    [office, "2026-01-06T17:29:59Z", true],
    [office, "2026-01-06T17:30Z", false],
    [office, "2026-01-07T12:00Z", false],
    [night, "2026-01-09T21:59Z", false],
    [night, "2026-01-09T22:00Z", true],
    [night, "2026-01-10T05:59Z", true],
    [night, "2026-01-10T06:00Z", false],
    [night, "2026-01-09T05:00Z", false],
    [windows({ days: ["sun"], from: "23:00", to: "01:00" }), "2026-01-05T00:30Z", true],
    [windows({ days: ["mon"], from: "00:00", to: "24:00" }), "2026-01-05T23:59Z", true],
    [windows({ days: ["mon"], from: "12:00", to: "12:00" }), "2026-01-06T11:59Z", true],
    [windows({ days: ["mon"], from: "12:00", to: "12:00" }), "2026-01-06T12:00Z", false],
  ];
  for (const [schedule, time, expected] of cases) {
    assertEquals([time, isWithin(schedule, at(time), UTC)], [time, expected]);
    assertEquals([time, isScheduled(schedule, at(time), UTC)], [time, expected]);
  }
  // Quiet hours that nobody has set are never; a schedule that nobody has set is always.
  assertEquals([isWithin([], at("2026-01-05T03:00Z"), UTC), isScheduled([], 0, UTC)], [false, true]);
});

Deno.test("[REC-SCHEDULE] local time: the clocks are put forward and back", () => {
  const night = windows({ from: "22:00", to: "06:00" });
  // Winter: UTC+1; summer: UTC+2. 2026: 29 March, 25 October.
  assertEquals(isWithin(night, at("2026-01-05T21:00Z"), berlin), true);
  assertEquals(isWithin(night, at("2026-07-05T20:00Z"), berlin), true);
  assertEquals(isWithin(night, at("2026-07-05T19:59Z"), berlin), false);
  // The night that is an hour short ends at six of the new time.
  assertEquals(iso(nextChange(night, at("2026-03-28T21:30Z"), berlin)), "2026-03-29T04:00");
  // The night that is an hour long, too.
  assertEquals(iso(nextChange(night, at("2026-10-24T20:30Z"), berlin)), "2026-10-25T05:00");
  // A time that does not exist on that day: the window opens with the change.
  const gap = windows({ from: "02:30", to: "05:00" });
  assertEquals(iso(nextChange(gap, at("2026-03-29T00:00Z"), berlin)), "2026-03-29T01:00");
  // A time that exists twice: open, shut with the change, and open again.
  const twice = windows({ from: "02:30", to: "05:00" });
  assertEquals(iso(nextChange(twice, at("2026-10-25T00:00Z"), berlin)), "2026-10-25T00:30");
  assertEquals(iso(nextChange(twice, at("2026-10-25T00:40Z"), berlin)), "2026-10-25T01:00");
  assertEquals(iso(nextChange(twice, at("2026-10-25T01:00Z"), berlin)), "2026-10-25T01:30");
});

Deno.test("[REC-SCHEDULE] nextChange: is found to the minute against a look at every minute of four weeks", () => {
  const schedules = [
    windows({ days: ["mon", "wed"], from: "22:15", to: "06:45" }, {
      days: ["sat"],
      from: "10:00",
      to: "11:00",
    }),
    windows({ days: ["sun"], from: "01:30", to: "03:10" }),
    windows({ from: "00:00", to: "24:00" }),
    windows({ days: ["tue"], from: "00:00", to: "24:00" }),
  ];
  for (const begin of ["2026-03-20T00:00Z", "2026-10-16T00:00Z"]) {
    for (const schedule of schedules) {
      let expected: number | undefined;
      // Backwards: what comes next is known at each minute.
      for (let minute = 15 * 1440; minute >= 0; minute--) {
        const now = at(begin) + minute * 60_000;
        if (isWithin(schedule, now, berlin) !== isWithin(schedule, now + 60_000, berlin)) {
          expected = now + 60_000;
        }
        if (minute < 7 * 1440 && minute % 97 === 0) {
          assertEquals(
            [iso(now), iso(nextChange(schedule, now, berlin))],
            [iso(now), expected && expected - now < 8 * 86_400_000 ? iso(expected) : undefined],
          );
        }
      }
    }
  }
});
