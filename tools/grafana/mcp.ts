// MCP: what assistants ask of the hub, how long it takes, what fails.
import { dashboard } from "./parts/frame.ts";
import { bars, graph, stat } from "./parts/kinds.ts";
import { heat } from "./parts/heat.ts";
import type { Placed } from "./parts/panels.ts";
import { HUB, quantile, rate, share } from "./parts/promql.ts";

const CALLS = "tapocam_mcp_tool_calls_total";
const TIME = "tapocam_mcp_tool_duration_seconds";

export const mcp = dashboard({
  uid: "tapocam-mcp",
  title: "Tapo Cameras: MCP",
  description: "What assistants ask of the hub over MCP, how long it takes, what fails",
  from: "now-6h",
  hasCameras: false,
  sections: [
    { title: "Now", panels: now() },
    { title: "Calls", panels: calls() },
    { title: "How long they take", panels: times() },
    { title: "HTTP", isFolded: true, panels: http() },
  ],
});

function now(): Placed[] {
  return [
    stat({
      title: "Sessions",
      description:
        "MCP sessions over HTTP that are open. Clients of the 2026 protocol need none, and stdio has none.",
      unit: "none",
      size: [6, 4],
      noValue: "Not told",
      queries: [{ expr: `sum(tapocam_mcp_sessions{${HUB}})`, legend: "sessions" }],
    }),
    stat({
      title: "Calls in the time shown",
      description: "Calls of tools in the time that the dashboard shows.",
      unit: "short",
      size: [6, 4],
      decimals: 0,
      noValue: "No tool was called",
      queries: [{ expr: `sum(increase(${CALLS}{${HUB}}[$__range]))`, legend: "calls" }],
    }),
    stat({
      title: "Calls that failed",
      description:
        "Share of calls that ended with an error in the time that is shown. Cancelled ones do not count.",
      unit: "percentunit",
      size: [6, 4],
      noValue: "No tool was called",
      queries: [{
        expr: share(
          `sum(increase(${CALLS}{${HUB},result="error"}[$__range])) or vector(0)`,
          `sum(increase(${CALLS}{${HUB}}[$__range]))`,
        ),
        legend: "failed",
      }],
      steps: [["green"], ["yellow", 0.05], ["red", 0.2]],
    }),
    stat({
      title: "95 of 100 calls take at most",
      description: "Over the time that is shown.",
      unit: "s",
      size: [6, 4],
      noValue: "No tool was called",
      queries: [{
        expr: quantile(0.95, TIME, { window: "$__range" }),
        legend: "95 %",
      }],
      steps: [["green"], ["yellow", 1], ["red", 5]],
    }),
  ];
}

function calls(): Placed[] {
  return [
    graph({
      title: "Calls by tool",
      description: "Calls of each tool per minute.",
      unit: "cpm",
      size: [12, 9],
      noValue: "No tool was called",
      min: 0,
      isStacked: true,
      queries: [{ expr: `sum by (tool) (${rate(CALLS, HUB)}) * 60`, legend: "{{tool}}" }],
    }),
    graph({
      title: "Calls by result",
      description: "ok, error, or cancelled by the client, per minute.",
      unit: "cpm",
      size: [6, 9],
      noValue: "No tool was called",
      min: 0,
      isStacked: true,
      queries: [{ expr: `sum by (result) (${rate(CALLS, HUB)}) * 60`, legend: "{{result}}" }],
    }),
    bars({
      title: "Tools with errors",
      description:
        "Calls that ended with an error in the time that is shown, by tool, the ten with the most.",
      unit: "short",
      size: [6, 9],
      noValue: "None failed",
      min: 0,
      decimals: 0,
      queries: [{
        expr: `topk(10, sum by (tool) (increase(${CALLS}{${HUB},result="error"}[$__range])) > 0)`,
        legend: "{{tool}}",
      }],
      steps: [["orange"]],
    }),
  ];
}

function times(): Placed[] {
  return [
    graph({
      title: "Time of calls",
      description: "Half of all calls, and 95 of 100, are quicker than this.",
      unit: "s",
      size: [8, 9],
      noValue: "No tool was called",
      min: 0,
      queries: [
        { expr: quantile(0.5, TIME), legend: "half" },
        { expr: quantile(0.95, TIME), legend: "95 %" },
      ],
    }),
    heat({
      title: "How the times are spread",
      description: "How many calls took how long. The colour says how many.",
      unit: "s",
      size: [8, 9],
      noValue: "No tool was called",
      queries: [{
        expr: `sum by (le) (increase(${TIME}_bucket{${HUB}}[$__rate_interval]))`,
        legend: "{{le}}",
      }],
    }),
    bars({
      title: "Slowest tools",
      description: "Mean time of each tool in the time that is shown, the ten slowest.",
      unit: "s",
      size: [8, 9],
      noValue: "No tool was called",
      min: 0,
      queries: [{
        expr: `topk(10, ${
          share(
            `sum by (tool) (increase(${TIME}_sum{${HUB}}[$__range]))`,
            `sum by (tool) (increase(${TIME}_count{${HUB}}[$__range]))`,
          )
        })`,
        legend: "{{tool}}",
      }],
      steps: [["green"], ["yellow", 1], ["red", 5]],
    }),
  ];
}

function http(): Placed[] {
  return [
    graph({
      title: "Requests to /mcp by code",
      description:
        "Requests of MCP over HTTP per minute, by the code of the answer: 401 is a wrong token. How long they take is told by tool above.",
      unit: "reqpm",
      size: [24, 8],
      noValue: "Nobody asked",
      min: 0,
      isStacked: true,
      queries: [{
        expr: `sum by (code) (${rate("tapocam_http_requests_total", `${HUB},route=~"/mcp.*"`)}) * 60`,
        legend: "{{code}}",
      }],
    }),
  ];
}
