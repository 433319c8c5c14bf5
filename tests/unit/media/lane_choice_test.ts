// Which of a camera's streams serves a viewer, which state is told, and who may open one more.
import { assertEquals, assertThrows } from "@std/assert";
import { HubError } from "../../../src/base/errors.ts";
import type { StreamReport } from "../../../src/devices/status.ts";
import { chooseLane, type LaneFacts, worstReport } from "../../../src/media/choose_lane.ts";
import { SessionSlots } from "../../../src/devices/session_slots.ts";

const REST: LaneFacts = {
  subWidth: 640,
  isMainOpen: false,
  isSubOpen: false,
  isSubFailing: false,
  mayOpen: true,
};
const FULL = { mayOpen: false };
const CHOICES: [string, number | undefined, Partial<LaneFacts>, "main" | "sub"][] = [
  ["no width", undefined, {}, "main"],
  ["no width, sub runs", undefined, { isSubOpen: true }, "main"],
  ["a small width", 320, {}, "sub"],
  ["just the sub's width", 640, {}, "sub"],
  ["one pixel more", 641, {}, "main"],
  ["a small width, no sub", 320, { subWidth: undefined }, "main"],
  ["a small width, main runs", 320, { isMainOpen: true }, "sub"],
  ["a small width, both run", 320, { isMainOpen: true, isSubOpen: true }, "sub"],
  ["a small width, both run, no slot left", 320, { isMainOpen: true, isSubOpen: true, ...FULL }, "sub"],
  ["a small width, main runs, no slot left", 320, { isMainOpen: true, ...FULL }, "main"],
  ["a small width, nothing runs here, no slot left", 320, FULL, "sub"],
  ["a small width, sub fails", 320, { isSubFailing: true }, "main"],
  ["a small width, sub fails while open", 320, { isSubFailing: true, isSubOpen: true }, "main"],
];
for (const [name, width, facts, expected] of CHOICES) {
  Deno.test(`chooseLane: ${name} is served by ${expected}`, () => {
    assertEquals(chooseLane({ width }, { ...REST, ...facts }), expected);
    assertEquals(chooseLane({ width, quality: 50 }, { ...REST, ...facts }), expected);
    assertEquals(chooseLane({ enoughWidth: width }, { ...REST, ...facts }), expected);
  });
}

const idle: StreamReport = { state: "idle" };
const starting: StreamReport = { state: "starting" };
const running: StreamReport = { state: "running" };
const waiting: StreamReport = { state: "waiting", error: new HubError("unavailable", "main") };
const other: StreamReport = { state: "waiting", error: new HubError("unavailable", "sub") };
const REPORTS: [StreamReport[], StreamReport][] = [
  [[], idle],
  [[idle, idle], idle],
  [[idle, starting], starting],
  [[starting, waiting], waiting],
  [[waiting, other], waiting],
  [[running, waiting], running],
  [[waiting, running], running],
  [[idle, waiting], waiting],
];
for (const [reports, expected] of REPORTS) {
  Deno.test(`worstReport: ${reports.map(({ state }) => state).join(" and ") || "nothing"} is ${expected.state}`, () => {
    assertEquals(worstReport(reports), expected);
  });
}

const TWO = { device: "tapo 10.0.0.2", max: 2 };

Deno.test("SessionSlots: as many as the device serves, counted over all who name it", () => {
  const slots = new SessionSlots();
  assertEquals(slots.free(TWO), 2);
  const first = slots.take(TWO, "front");
  slots.take({ ...TWO }, "front (small)");
  assertEquals(slots.free(TWO), 0);
  const error = assertThrows(() => slots.take(TWO, "lens 2"), HubError);
  assertEquals([error.kind, error.retryable, error.details], ["unavailable", true, {
    holders: ["front", "front (small)"],
  }]);
  assertEquals(
    error.message,
    "The camera serves 2 streams at once, and they are in use by front and front (small)",
  );
  first();
  first();
  assertEquals(slots.free(TWO), 1);
  slots.take(TWO, "lens 2");
  assertEquals(slots.free(TWO), 0);
});

Deno.test("SessionSlots: who has one may take it again, also when all are taken, and it counts once", () => {
  const slots = new SessionSlots();
  slots.take(TWO, "front");
  slots.take(TWO, "back");
  slots.take(TWO, "front")();
  assertEquals(slots.free(TWO), 1);
});

Deno.test("SessionSlots: devices do not share, and without a limit there is always room", () => {
  const slots = new SessionSlots();
  slots.take({ device: "a", max: 1 }, "x");
  assertEquals([slots.free({ device: "b", max: 1 }), slots.free({ device: "a", max: 1 })], [1, 0]);
  for (let count = 0; count < 100; count++) slots.take(undefined, "x")();
  assertEquals(slots.free(undefined), Infinity);
});
