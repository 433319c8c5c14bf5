// How samples are written.
import { assertEquals, assertStringIncludes } from "@std/assert";
import { CATALOGUE, METRIC_NAMES } from "../../../src/metrics/catalogue/catalogue.ts";
import { Counter, Histogram } from "../../../src/metrics/counters.ts";
import { sampleOf } from "../../../src/metrics/sample.ts";
import { toText } from "../../../src/metrics/text_format.ts";

Deno.test("toText: the two formats, with what each calls a family, its unit and its end [METRICS-FORMATS]", () => {
  const samples = [
    ...sampleOf("process_cpu_seconds_total", {}, 1.5),
    ...sampleOf("tapocam_camera_info", { camera: "a", name: 'Front "door"\\\n', address: "" }, 1),
    ...sampleOf("tapocam_camera_up", { camera: "a" }, true),
  ];
  assertEquals(
    toText(samples, "prometheus"),
    [
      "# HELP tapocam_camera_info Who a camera is; to be joined to the other series by its label camera",
      "# TYPE tapocam_camera_info gauge",
      'tapocam_camera_info{camera="a",name="Front \\"door\\"\\\\\\n"} 1',
      "# HELP tapocam_camera_up 1 while the camera is online",
      "# TYPE tapocam_camera_up gauge",
      'tapocam_camera_up{camera="a"} 1',
      "# HELP process_cpu_seconds_total Processor time of the hub alone",
      "# TYPE process_cpu_seconds_total counter",
      "process_cpu_seconds_total 1.5",
      "",
    ].join("\n"),
  );
  const open = toText(samples, "openmetrics").split("\n");
  assertEquals(open.slice(0, 3), [
    "# TYPE tapocam_camera info",
    "# HELP tapocam_camera Who a camera is; to be joined to the other series by its label camera",
    'tapocam_camera_info{camera="a",name="Front \\"door\\"\\\\\\n"} 1',
  ]);
  assertEquals(open.slice(-6), [
    "# TYPE process_cpu_seconds counter",
    "# UNIT process_cpu_seconds seconds",
    "# HELP process_cpu_seconds Processor time of the hub alone",
    "process_cpu_seconds_total 1.5",
    "# EOF",
    "",
  ]);
});

Deno.test("Histogram: buckets count all below, and end with all [METRICS-FORMATS]", () => {
  const times = new Histogram("tapocam_mcp_tool_duration_seconds", [0.5, 1]);
  for (const took of [0.5, 0.7, 9]) times.observe({ tool: "t" }, took);
  const text = toText(times.samples, "openmetrics");
  for (
    const line of [
      'bucket{tool="t",le="0.5"} 1',
      'bucket{tool="t",le="1.0"} 2',
      'bucket{tool="t",le="+Inf"} 3',
      'count{tool="t"} 3',
    ]
  ) assertStringIncludes(text, `tapocam_mcp_tool_duration_seconds_${line}\n`);
  assertStringIncludes(toText(times.samples, "prometheus"), 'le="1"} 2');
});

Deno.test("Counter: a fault that makes ever new labels does not fill the memory", () => {
  const counter = new Counter("tapocam_http_requests_total");
  for (let at = 0; at < 5000; at++) counter.add({ method: "GET", route: `/${at}`, code: "200" });
  assertEquals(counter.samples.length, 2000);
});

Deno.test("sampleOf: what is not known, or no number, is absent [METRICS-UNKNOWN]", () => {
  for (const value of [undefined, NaN, Infinity]) assertEquals(sampleOf("tapocam_camera_up", {}, value), []);
  assertEquals(sampleOf("tapocam_camera_up", {}, false).map((each) => each.value), [0]);
});

Deno.test("CATALOGUE: names, units and endings follow Prometheus's rules [METRICS-CATALOGUE]", () => {
  for (const name of METRIC_NAMES) {
    const { type, unit, help, labels } = CATALOGUE[name];
    assertEquals(/^(?:tapocam|process)_[a-z0-9_]+$/.test(name), true, name);
    assertEquals(type === "counter", /_total$/.test(name), name);
    assertEquals(type === "info", /_info$/.test(name), name);
    if (unit) assertEquals(name.replace(/_total$/, "").endsWith(`_${unit}`), true, name);
    assertEquals(
      [help.includes("\n"), help.length > 10, new Set(labels).size],
      [false, true, labels.length],
      name,
    );
  }
});
