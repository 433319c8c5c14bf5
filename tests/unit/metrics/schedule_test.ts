// When collectors run, and what one that hangs or fails does to the others: nothing.
import { assertEquals } from "@std/assert";
import { HubError } from "../../../src/base/errors.ts";
import { Logger } from "../../../src/base/log.ts";
import { type Sample, sampleOf } from "../../../src/metrics/sample.ts";
import { type Collector, Schedule } from "../../../src/metrics/schedule.ts";
import { FakeClock } from "../../tools/fake_clock.ts";

const log = new Logger(() => {}, "error");

/** Runs a schedule on a clock that the test moves. */
async function withSchedule(
  collectors: Collector[],
  work: (schedule: Schedule, clock: FakeClock) => Promise<void>,
): Promise<void> {
  const clock = new FakeClock();
  const schedule = new Schedule({
    clock,
    log,
    collectors: () => collectors,
    intervalMs: () => 30_000,
    random: () => 0.5,
  });
  const stop = new AbortController();
  const running = schedule.run(stop.signal);
  try {
    await work(schedule, clock);
  } finally {
    stop.abort();
    await running;
  }
}

function counting(name: string, camera = ""): Collector & { runs: number } {
  const collector = {
    name,
    camera,
    runs: 0,
    collect: () => Promise.resolve(sampleOf("tapocam_host_load1", {}, ++collector.runs)),
  };
  return collector;
}

function valueOf(samples: readonly Sample[], metric: string, camera = ""): number | undefined {
  return samples.find((each) => each.metric === metric && (each.labels["camera"] ?? "") === camera)?.value;
}

Deno.test("Schedule: each collector runs at the interval; its duration and success are told [METRICS-SCHEDULE]", async () => {
  const host = counting("host");
  await withSchedule([host], async (schedule, clock) => {
    assertEquals(schedule.samples, []);
    await clock.advance(2000);
    assertEquals([host.runs, valueOf(schedule.samples, "tapocam_host_load1")], [1, 1]);
    assertEquals(valueOf(schedule.samples, "tapocam_collector_success"), 1);
    assertEquals(valueOf(schedule.samples, "tapocam_collector_duration_seconds"), 0);
    await clock.advance(60_000);
    assertEquals(host.runs, 3);
  });
});

Deno.test("Schedule: a camera that hangs delays no other and is given up after 10 s [METRICS-SLOW-CAMERA]", async () => {
  const quick = counting("camera", "quick");
  let asked = 0;
  const hanging: Collector = {
    name: "camera",
    camera: "slow",
    collect: () => (asked++, new Promise(() => {})),
  };
  await withSchedule([hanging, quick], async (schedule, clock) => {
    await clock.advance(5000);
    assertEquals([asked, quick.runs], [1, 1]);
    assertEquals(valueOf(schedule.samples, "tapocam_collector_success", "slow"), undefined);
    await clock.advance(10_000);
    assertEquals(valueOf(schedule.samples, "tapocam_collector_success", "slow"), 0);
    assertEquals(valueOf(schedule.samples, "tapocam_collector_duration_seconds", "slow"), 10);
    await clock.advance(47_000);
    assertEquals([asked, quick.runs], [3, 3]);
  });
});

Deno.test("Schedule: what fails is absent afterwards, and told as failed [METRICS-UNKNOWN]", async () => {
  const flaky = counting("host");
  const { collect } = flaky;
  flaky.collect = (signal) =>
    flaky.runs === 1 ? Promise.reject(new HubError("unavailable", "gone")) : collect(signal);
  await withSchedule([flaky], async (schedule, clock) => {
    await clock.advance(2000);
    assertEquals(valueOf(schedule.samples, "tapocam_host_load1"), 1);
    await clock.advance(31_000);
    assertEquals(valueOf(schedule.samples, "tapocam_host_load1"), undefined);
    assertEquals(valueOf(schedule.samples, "tapocam_collector_success"), 0);
  });
});

Deno.test("Schedule: a camera that goes takes its series along at once; another device begins anew [METRICS-REMOVED]", async () => {
  const collectors: Collector[] = [{ ...counting("camera", "a"), subject: {} }];
  await withSchedule(collectors, async (schedule, clock) => {
    await clock.advance(2000);
    assertEquals(valueOf(schedule.samples, "tapocam_collector_success", "a"), 1);
    const [before] = collectors.splice(0);
    assertEquals(schedule.samples, []);
    collectors.push({ ...before!, subject: {} });
    assertEquals(schedule.samples, []);
    await clock.advance(4000);
    assertEquals(valueOf(schedule.samples, "tapocam_collector_success", "a"), 1);
  });
});
