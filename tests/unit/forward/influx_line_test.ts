// Line protocol as the reference writes it.
import { assertEquals } from "@std/assert";
import { influxLines } from "../../../src/forward/influx_line.ts";
import type { Labels, Sample } from "../../../src/metrics/sample.ts";

const sending = { job: "tapocam", instance: "pi" };

function lines(...samples: Sample[]): string[] {
  const { text } = influxLines({ atMs: 1_700_000_000_123, startedAtMs: 0, samples }, sending);
  return text.split("\n").slice(0, -1);
}

const info = (labels: Labels, value = 1): Sample => ({ metric: "tapocam_camera_info", labels, value });

Deno.test("influxLines: what has a meaning in the format is escaped [PUSH-OUT-INFLUX]", () => {
  const cases: [name: string, expected: string][] = [
    ["plain", "plain"],
    ["Front door", "Front\\ door"],
    ["a,b", "a\\,b"],
    ["a=b", "a\\=b"],
    ['"q"', '"q"'],
    ["Tür 門 😀", "Tür\\ 門\\ 😀"],
    ["two\nlines\r\n", "two\\ lines\\ \\ "],
    ["end\\", "end/"],
    ["a\\,b", "a/\\,b"],
    ["#1", "#1"],
  ];
  for (const [name, expected] of cases) {
    assertEquals(lines(info({ name })), [
      `tapocam,instance=pi,job=tapocam,name=${expected} camera_info=1 1700000000123000000`,
    ]);
  }
});

Deno.test("influxLines: values are floats of every size; what is no number is absent [PUSH-OUT-INFLUX]", () => {
  const cases: [value: number, expected: string][] = [
    [0, "0"],
    [-1.5, "-1.5"],
    [1e21, "1e+21"],
    [1.5e-7, "1.5e-7"],
    [9007199254740991, "9007199254740991"],
  ];
  for (const [value, expected] of cases) {
    assertEquals(lines(info({}, value))[0]?.split(" ")[1], `camera_info=${expected}`);
  }
  for (const value of [NaN, Infinity, -Infinity]) assertEquals(lines(info({}, value)), []);
});

Deno.test("influxLines: a line for each set of labels, an empty label is none, buckets by their bound [PUSH-OUT-INFLUX]", () => {
  const camera = { camera: "a" };
  assertEquals(
    lines(
      { metric: "tapocam_camera_up", labels: camera, value: 1 },
      { metric: "tapocam_stream_frames_total", labels: { ...camera, address: "" }, value: 7 },
      { metric: "process_open_fds", labels: {}, value: 3 },
      {
        metric: "tapocam_mcp_tool_duration_seconds",
        part: "bucket",
        labels: { tool: "x", le: "+Inf" },
        value: 2,
      },
    ),
    [
      "tapocam,camera=a,instance=pi,job=tapocam camera_up=1,stream_frames_total=7 1700000000123000000",
      "process,instance=pi,job=tapocam open_fds=3 1700000000123000000",
      "tapocam,instance=pi,job=tapocam,le=+Inf,tool=x mcp_tool_duration_seconds_bucket=2 1700000000123000000",
    ],
  );
});
