// What is asked of the hub: HTTP requests and calls of MCP tools.
import type { Metric } from "./metric.ts";

export const TRAFFIC = {
  tapocam_http_requests_total: {
    type: "counter",
    of: "http",
    labels: ["method", "route", "code"],
    help: "Requests that were answered; route is the pattern, not the address",
  },
  tapocam_http_request_duration_seconds: {
    type: "histogram",
    of: "http",
    unit: "seconds",
    labels: ["method", "route"],
    help: "Time to the answer's first byte; streams and WebSockets are left out",
  },
  tapocam_mcp_sessions: {
    type: "gauge",
    of: "mcp",
    labels: [],
    help: "MCP sessions of the 2025 era over HTTP",
  },
  tapocam_mcp_tool_calls_total: {
    type: "counter",
    of: "mcp",
    labels: ["tool", "result"],
    help: "Calls of MCP tools; result is ok, error or cancelled",
  },
  tapocam_mcp_tool_duration_seconds: {
    type: "histogram",
    of: "mcp",
    unit: "seconds",
    labels: ["tool"],
    help: "How long calls of MCP tools took",
  },
} as const satisfies Record<string, Metric>;
