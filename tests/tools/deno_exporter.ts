// Sends some metrics of the hub by Deno's own exporter of OTLP, where OTEL_DENO and its like are set.
import { metrics } from "@opentelemetry/api";

const meter = metrics.getMeter("m");
meter.createObservableGauge("tapocam_camera_up").addCallback((result) =>
  result.observe(1, { camera: "front" })
);
meter.createObservableCounter("tapocam_stream_sent_bytes_total", { unit: "By" })
  .addCallback((result) => result.observe(4096, { camera: "front" }));
const times = meter.createHistogram("tapocam_mcp_tool_duration_seconds", {
  unit: "s",
  advice: { explicitBucketBoundaries: [0.1, 5] },
});
for (const value of [0.05, 1, 2, 3, 12, 12.45]) times.record(value, { tool: "x" });
// Until somebody ends it.
setInterval(() => {}, 60_000);
