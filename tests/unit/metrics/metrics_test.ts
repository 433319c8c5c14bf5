// What is told of cameras: in three formats as recorded, and what is left out of it.
import { assert, assertEquals } from "@std/assert";
import { CATALOGUE, METRIC_NAMES } from "../../../src/metrics/catalogue/catalogue.ts";
import { metricsView } from "../../../src/metrics/json_view.ts";
import type { Metrics } from "../../../src/metrics/metrics.ts";
import { toText } from "../../../src/metrics/text_format.ts";
import { cameraFacts, metricsOf } from "./metrics_facts.ts";

const GOLDEN = new URL("../../golden/", import.meta.url);

/** The series of a metric at a camera, by their other labels. */
function at(metrics: Metrics, metric: string, camera = "door"): [string, number][] {
  return metrics.samples.filter((each) => each.metric === metric && each.labels["camera"] === camera)
    .map(({ labels: { camera: _, ...labels }, value }) => [Object.values(labels).join(), value]);
}

/** Compares with the recorded text; `-- --update` records it. */
async function assertGolden(name: string, text: string): Promise<void> {
  const file = new URL(name, GOLDEN);
  if (Deno.args.includes("--update")) await Deno.writeTextFile(file, text);
  assertEquals(text, await Deno.readTextFile(file), `${name} differs; if that is meant, update it`);
}

/** What depends on the machine is not compared. */
function steady(text: string): string {
  return text.replace(/^((?:process|tapocam_host)_\w+) [\d.e+-]+$/gm, "$1 0");
}

/** Two cameras, one of them away, after some traffic. */
function busyHouse(): Metrics {
  const away = cameraFacts({
    id: "yard",
    name: "Yard",
    status: "offline",
    info: {},
    isMotionActive: undefined,
    isWatchedByHub: false,
    isRecording: false,
    stream: undefined,
  });
  const { metrics } = metricsOf([cameraFacts(), away]);
  metrics.noteRequest({ method: "GET", route: "/api/cameras/:id", code: 200, tookMs: 4 });
  metrics.noteRequest({ method: "GET", route: "/api/cameras/:id/stream", code: 200, tookMs: undefined });
  metrics.noteToolCall({ tool: "list_cameras", result: "ok", tookMs: 12 });
  metrics.noteStatuses([{ id: "door", status: "online" }, { id: "yard", status: "offline" }]);
  metrics.noteFirstFrame("door", 640);
  metrics.noteMotion("door", 4);
  metrics.noteEvent("door", "motion");
  return metrics;
}

Deno.test("Metrics: what is exposed stays as recorded, in three formats [METRICS-FORMATS]", async () => {
  const metrics = busyHouse();
  await assertGolden("metrics.json", JSON.stringify(metrics.view, null, 2) + "\n");
  await assertGolden("metrics.prom", steady(toText(metrics.samples, "prometheus")));
  await assertGolden("metrics.openmetrics", steady(toText(metrics.samples, "openmetrics")));
});

Deno.test("Metrics: every sample is in the catalogue with its labels; nothing is told that waits [METRICS-CATALOGUE]", () => {
  const { samples } = busyHouse();
  assert(samples.length > 50);
  for (const { metric, labels, part } of samples) {
    const { labels: names, type, waitsFor } = CATALOGUE[metric];
    const expected = part === "bucket" ? [...names, "le"] : names;
    assertEquals([Object.keys(labels), type === "histogram"], [[...expected], part !== undefined], metric);
    assertEquals(waitsFor, undefined, metric);
  }
  const waiting = METRIC_NAMES.filter((name) => CATALOGUE[name].waitsFor !== undefined);
  assert(waiting.includes("tapocam_plug_power_watts"));
});

Deno.test("Metrics: of a camera that is away, latency, motion and lens are absent, not what they were [METRICS-UNKNOWN]", () => {
  const cameras = [cameraFacts()];
  const { metrics } = metricsOf(cameras);
  const names = ["probe_duration_seconds", "motion_active", "privacy_mode"].map((each) =>
    `tapocam_camera_${each}`
  );
  assertEquals(names.map((name) => at(metrics, name).map(([, value]) => value)), [[0.01234], [1], [0]]);
  cameras[0] = cameraFacts({ status: "offline" });
  assertEquals(names.map((name) => at(metrics, name)), [[], [], []]);
  assertEquals(at(metrics, "tapocam_camera_up"), [["", 0]]);
  const { network_latency_ms, motion_detected, status } = metrics.view.cameras["door"]!;
  assertEquals([network_latency_ms, motion_detected, status], [undefined, undefined, "offline"]);
});

Deno.test("Metrics: motion is that something moves, not that it is looked for [METRICS-MOTION]", () => {
  const { metrics } = metricsOf([cameraFacts({ isMotionActive: false, isWatchedByHub: true })]);
  assertEquals(at(metrics, "tapocam_camera_motion_active"), [["", 0]]);
  assertEquals(at(metrics, "tapocam_camera_motion_detection_enabled"), [["", 1]]);
  const { motion_detected, motion_detection_enabled } = metrics.view.cameras["door"]!;
  assertEquals([motion_detected, motion_detection_enabled], [false, true]);
});

Deno.test("Metrics: a removed camera's series disappear; one of the same id counts anew [METRICS-REMOVED]", () => {
  const cameras = [cameraFacts()];
  const { metrics } = metricsOf(cameras);
  assertEquals(at(metrics, "tapocam_camera_motion_events_total"), [["", 0]]);
  metrics.noteMotion("door", 7);
  metrics.noteFirstFrame("door", 300);
  metrics.noteEvent("door", "person");
  assertEquals(at(metrics, "tapocam_camera_motion_events_total"), [["", 7]]);
  cameras.pop();
  assertEquals(metrics.samples.filter(({ labels }) => labels["camera"] === "door"), []);
  assertEquals(metrics.view.summary.total_cameras, 0);
  cameras.push(cameraFacts());
  assertEquals(at(metrics, "tapocam_camera_motion_events_total"), [["", 0]]);
});

Deno.test("Metrics: a camera that somebody stopped is not away, and counts in no mean [METRICS-UNKNOWN]", () => {
  const slow = cameraFacts({ id: "b", probe: { tookMs: 30, ok: 1, failed: 0 } });
  const away = cameraFacts({ id: "c", status: "offline", probe: { tookMs: 900, ok: 1, failed: 0 } });
  const { metrics } = metricsOf([cameraFacts({ status: "disabled" }), slow, away]);
  assertEquals(at(metrics, "tapocam_camera_up"), []);
  assertEquals(at(metrics, "tapocam_camera_enabled"), [["", 0]]);
  const { online_cameras, offline_cameras, total_cameras, average_latency_ms } = metrics.view.summary;
  assertEquals([online_cameras, offline_cameras, total_cameras, average_latency_ms], [1, 1, 3, 30]);
});

Deno.test("Metrics: a camera was last seen when it went away, not when somebody asks [METRICS-SEEN]", async () => {
  const cameras = [cameraFacts()];
  const { metrics, clock } = metricsOf(cameras);
  metrics.noteStatuses([{ id: "door", status: "online" }]);
  await clock.advance(5000);
  const goneMs = clock.now();
  cameras[0] = cameraFacts({ status: "offline" });
  metrics.noteStatuses([{ id: "door", status: "offline" }]);
  await clock.advance(60_000);
  assertEquals(at(metrics, "tapocam_camera_last_seen_timestamp_seconds"), [["", goneMs / 1000]]);
  assertEquals(metrics.view.cameras["door"]?.last_seen, new Date(goneMs).toISOString());
});

Deno.test("metricsView: the strength of the Wi-Fi, absent of a camera that is away [METRICS-SIGNAL]", () => {
  const strengths = (["online", "offline"] as const).map((status) =>
    metricsView([{ facts: cameraFacts({ status }), signalDbm: -61 }], 0).cameras["door"]?.signal_strength
  );
  assertEquals(strengths, [-61, undefined]);
});
