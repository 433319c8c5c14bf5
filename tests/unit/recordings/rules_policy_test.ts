import { assertEquals } from "@std/assert";
import { recordingRules } from "../../../src/config/camera_rules.ts";
import { decide, type Situation } from "../../../src/recordings/rules_policy.ts";

const UTC = () => 0;
const at = (iso: string) => Date.parse(iso);
const iso = (ms: number | undefined) =>
  ms === undefined ? undefined : new Date(ms).toISOString().slice(0, 16);

Deno.test("[REC-EVENTS] decide: what is recorded, why, and when to look again", () => {
  const now = at("2026-01-05T12:00Z");
  const quiet: Situation = { nowMs: now, isEventActive: false, eventEndedAgoMs: undefined, isCovered: false };
  const told = (rule: object, situation: Partial<Situation> = {}) => {
    const { record, why, isArmed, lookAgainMs } = decide(recordingRules.parse(rule), {
      ...quiet,
      ...situation,
    }, UTC);
    return [record, why, isArmed, lookAgainMs];
  };
  const evening = [{ from: "18:00", to: "20:00" }];
  const soon = [{ from: "12:00", to: "12:01" }];
  assertEquals(told({}), [undefined, "off", false, 30_000]);
  assertEquals(told({ mode: "continuous" }), ["continuous", "continuous", false, 30_000]);
  assertEquals(told({ mode: "continuous", schedule: evening }), [
    undefined,
    "outside_schedule",
    false,
    30_000,
  ]);
  assertEquals(told({ mode: "continuous", schedule: soon }, { nowMs: now + 50_000 }), [
    "continuous",
    "continuous",
    false,
    10_000,
  ]);
  assertEquals(told({ mode: "continuous" }, { isCovered: true }), [undefined, "privacy", false, 30_000]);
  assertEquals(told({ mode: "events" }), [undefined, "waiting_for_event", true, 30_000]);
  assertEquals(told({ mode: "events" }, { isEventActive: true }), ["event", "event", true, 30_000]);
  assertEquals(told({ mode: "events" }, { eventEndedAgoMs: 4000 }), ["event", "post_roll", true, 6000]);
  assertEquals(told({ mode: "events" }, { eventEndedAgoMs: 10_000 }), [
    undefined,
    "waiting_for_event",
    true,
    30_000,
  ]);
  assertEquals(told({ mode: "events", schedule: evening }, { isEventActive: true })[1], "outside_schedule");
  const { scheduleChangesAtMs } = decide(
    recordingRules.parse({ mode: "events", schedule: evening }),
    quiet,
    UTC,
  );
  assertEquals(iso(scheduleChangesAtMs), "2026-01-05T18:00");
});
