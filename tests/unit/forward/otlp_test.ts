// OTLP as a receiver gets it, beside what another implementation sends: Deno's own exporter, which is written in Rust.
import { assert, assertEquals } from "@std/assert";
import { systemClock } from "../../../src/base/clock.ts";
import { pushSection } from "../../../src/config/push.ts";
import { buildTargets } from "../../../src/forward/targets.ts";
import type { Sample } from "../../../src/metrics/sample.ts";

// deno-lint-ignore no-explicit-any -- JSON from the wire, whose shape is what is tested
type Json = any;

/** Takes what is posted to it. */
async function withReceiver(
  work: (url: string, posts: { path: string; headers: Headers; body: Json }[]) => Promise<void>,
) {
  const posts: { path: string; headers: Headers; body: Json }[] = [];
  await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    posts.push({ path: new URL(request.url).pathname, headers: request.headers, body: await request.json() });
    return Response.json({});
  });
  await work(`http://127.0.0.1:${server.addr.port}`, posts);
}

const camera = { camera: "front" };
const tool = { tool: "x" };
const bucket = (le: string, value: number): Sample => ({
  metric: "tapocam_mcp_tool_duration_seconds",
  part: "bucket",
  labels: { ...tool, le },
  value,
});
const SAMPLES: Sample[] = [
  { metric: "tapocam_camera_up", labels: camera, value: 1 },
  { metric: "tapocam_camera_temperature_celsius", labels: camera, value: NaN },
  { metric: "tapocam_stream_sent_bytes_total", labels: camera, value: 4096 },
  bucket("0.1", 1),
  bucket("5", 4),
  bucket("+Inf", 6),
  { metric: "tapocam_mcp_tool_duration_seconds", part: "sum", labels: tool, value: 30.5 },
  { metric: "tapocam_mcp_tool_duration_seconds", part: "count", labels: tool, value: 6 },
];

const TESTS = new URL("../../", import.meta.url).pathname;

/** Looks at what has come from one run: counted, as a machine that stands still has a clock that does not. */
const LOOKS = 1000;

/**
 * Runs it until something has come; where nothing comes, again. It is not what is tested here.
 * @throws Error with what it said last.
 */
async function byDenosExporter(url: string, hasCome: () => boolean): Promise<void> {
  let said = "";
  for (let tries = 0; tries < 3 && !hasCome(); tries++) said = await runExporter(url, hasCome);
  assert(hasCome(), `Deno's exporter sent nothing: ${said}`);
}

/** @returns what it said on stderr. */
async function runExporter(url: string, hasCome: () => boolean): Promise<string> {
  const env = {
    OTEL_DENO: "true",
    OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
    OTEL_EXPORTER_OTLP_ENDPOINT: url,
    OTEL_METRIC_EXPORT_INTERVAL: "200",
  };
  const program = `${TESTS}tools/deno_exporter.ts`;
  const args = ["run", "--config", `${TESTS}deno.json`, "--allow-all", program];
  const quiet = { stdin: "null", stdout: "null", stderr: "piped" } as const;
  const child = new Deno.Command(Deno.execPath(), { args, env, ...quiet }).spawn();
  const said = new Response(child.stderr).text();
  let hasEnded = false;
  const ended = child.status.then(() => hasEnded = true);
  for (let look = 0; look < LOOKS && !hasEnded && !hasCome(); look++) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  if (!hasEnded) child.kill("SIGKILL");
  await ended;
  return await said;
}

/** The hub's metrics in a request, without times, words, and fields that stand for "none". */
function metricsOf(body: Json): Record<string, Json> {
  const metrics: Json[] = body.resourceMetrics.flatMap((each: Json) =>
    each.scopeMetrics.flatMap(({ metrics }: Json) => metrics)
  ).filter(({ name }: Json) => name.startsWith("tapocam_"));
  return Object.fromEntries(metrics.map((metric) => {
    const [[kind, data]] = Object.entries(metric).filter(([key]) =>
      ["gauge", "sum", "histogram"].includes(key)
    ) as [[string, Json]];
    const points = data.dataPoints.map((point: Json) => ({
      attributes: point.attributes,
      asDouble: point.asDouble,
      ...(kind === "histogram"
        ? {
          count: Number(point.count),
          sum: Math.round(point.sum * 100) / 100,
          bucketCounts: point.bucketCounts.map(Number),
          explicitBounds: point.explicitBounds,
        }
        : {}),
      areTimesTexts: [point.startTimeUnixNano, point.timeUnixNano].filter((each) => each !== undefined)
        .every((time) => /^\d{19}$/.test(time)),
    }));
    const { aggregationTemporality, isMonotonic } = data;
    return [metric.name, { kind, unit: metric.unit, aggregationTemporality, isMonotonic, points }];
  }));
}

Deno.test("otlp: what is sent has the shape that another exporter gives the same values [PUSH-OUT-OTLP]", async () => {
  await withReceiver(async (url, posts) => {
    const found = () =>
      posts.find(({ path, body }) => path === "/v1/metrics" && "tapocam_camera_up" in metricsOf(body));
    await byDenosExporter(url, () => found() !== undefined);
    const theirs = found();
    assert(theirs);
    const push = pushSection.parse({
      allow: ["127.0.0.0/8"],
      hub: "attic",
      otlp: [{ url, headers: { "X-Api-Key": "k3y" } }],
    });
    const [{ target }] = buildTargets(push, { hostname: "unnamed", clock: systemClock }).values as [Json];
    const atMs = Date.now();
    const parcel = target.encode({ atMs, startedAtMs: atMs - 5000, samples: SAMPLES });
    await target.send([parcel], new AbortController().signal);
    const ours = posts.at(-1);
    assertEquals([ours?.path, ours?.headers.get("x-api-key"), ours?.headers.get("content-type")], [
      "/v1/metrics",
      "k3y",
      "application/json",
    ]);
    assertEquals(metricsOf(ours?.body), metricsOf(theirs.body));
    const attributes = ours?.body.resourceMetrics[0].resource.attributes.map((
      { key, value }: Json,
    ) => [key, value.stringValue]);
    assertEquals(attributes.slice(0, 2), [["service.name", "tapocam"], ["service.instance.id", "attic"]]);
  });
});
