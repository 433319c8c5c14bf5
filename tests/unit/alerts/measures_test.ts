// What the hub knows of itself and of its cameras, for rules to watch.
import { assertEquals } from "@std/assert";
import { Measures, type MeasureSources } from "../../../src/alerts/measures.ts";
import type { HubEvent } from "../../../src/events/event.ts";
import { FakeClock } from "../../tools/fake_clock.ts";

function withMeasures(change: Partial<MeasureSources> = {}) {
  const clock = new FakeClock();
  const cameras: { id: string; status: "online" | "offline" | "connecting" | "disabled" }[] = [
    { id: "door", status: "online" },
  ];
  const measures = new Measures({
    clock,
    cameras: () => cameras,
    connectTimes: () => [],
    temperature: () => Promise.resolve(undefined),
    ...change,
  });
  const shown = async () =>
    (await measures.now()).map(({ metric, camera, value }) => [metric, camera, value]);
  const motion = (seq: number, count: number, camera = "door"): HubEvent => ({
    seq,
    change: seq,
    camera,
    kind: "motion",
    source: "hub",
    startedAtMs: clock.now(),
    count,
  });
  return { clock, cameras, measures, shown, motion };
}

Deno.test("Measures: how long a camera is away, from the first look on; one that was stopped is not away", async () => {
  const { clock, cameras, shown } = withMeasures();
  const offline = async () => (await shown()).find(([metric]) => metric === "offline_s")?.[2];
  assertEquals(await offline(), 0);
  cameras[0]!.status = "connecting";
  assertEquals(await offline(), 0.1, "away is more than nothing");
  await clock.advance(30_000);
  cameras[0]!.status = "offline";
  assertEquals(await offline(), 30);
  cameras[0]!.status = "disabled";
  assertEquals(await shown(), []);
  cameras[0]!.status = "offline";
  assertEquals(await offline(), 0.1);
  cameras[0]!.status = "online";
  assertEquals(await offline(), 0);
});

Deno.test("Measures: reports of motion in a minute, those of one event counted as they come, none twice", async () => {
  const { clock, measures, shown, motion } = withMeasures();
  const rate = async () => (await shown()).find(([metric]) => metric === "motion_per_min")?.[2];
  assertEquals(await rate(), 0);
  measures.note(motion(1, 1));
  measures.note(motion(1, 4));
  measures.note(motion(1, 4));
  assertEquals(await rate(), 4);
  await clock.advance(30_000);
  measures.note(motion(2, 2));
  measures.note({ ...motion(3, 9), kind: "person" });
  measures.note(motion(4, 9, "yard"));
  assertEquals(await rate(), 6);
  await clock.advance(30_001);
  assertEquals(await rate(), 2);
  await clock.advance(30_001);
  assertEquals(await rate(), 0);
});

Deno.test("Measures: what is not known is not listed; times of removed cameras are not either", async () => {
  const { shown } = withMeasures({
    connectTimes: () => [["door", 12.4], ["gone", 5]],
    temperature: () => Promise.resolve(48.5),
  });
  assertEquals((await shown()).slice(2), [["latency_ms", "door", 12], ["temperature_c", undefined, 48.5]]);
  assertEquals((await withMeasures().shown()).map(([metric]) => metric), ["offline_s", "motion_per_min"]);
});
