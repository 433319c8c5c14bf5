// The metrics over HTTP: three formats, chosen by what the client takes; on the hub's port and on one of their own.
import { type Context, Hono, type MiddlewareHandler } from "hono";
import { cors } from "hono/cors";
import type { Access } from "../auth/access.ts";
import { HubError } from "../base/errors.ts";
import type { Logger } from "../base/log.ts";
import { AddressList } from "../base/network.ts";
import type { GrafanaConfig } from "../config/metrics.ts";
import type { Metrics } from "../metrics/metrics.ts";
import { formatFor, formatNamed } from "../metrics/negotiate.ts";
import { CONTENT_TYPES, type TextFormat, toText } from "../metrics/text_format.ts";
import { countRequests } from "./count_requests.ts";
import { tokenGate } from "./gate.ts";
import { type HistoryDeps, historyRoutes } from "./metrics_history.ts";
import { answerError, problemResponse } from "./problem.ts";

/** What serving metrics needs. */
export interface MetricsDeps {
  metrics: Metrics;
  history: HistoryDeps;
  /** As it stands now. */
  grafana(): GrafanaConfig;
}

/** The routes; the gate stands before them. */
export function metricsRoutes({ metrics, history }: Pick<MetricsDeps, "metrics" | "history">): Hono {
  const routes = new Hono();
  routes.get("/metrics", (c) => {
    const named = c.req.query("format");
    const format = named === undefined ? formatFor(c.req.header("accept")) : formatNamed(named);
    return format === "json" ? json(c, metrics.view) : text(c, metrics, format);
  });
  routes.get("/metrics/prometheus", (c) => text(c, metrics, "prometheus"));
  routes.get("/metrics/cameras", (c) => json(c, Object.keys(metrics.view.cameras)));
  routes.get("/metrics/cameras/:id", (c) => {
    const { cameras } = metrics.view;
    const id = c.req.param("id");
    if (Object.hasOwn(cameras, id)) return json(c, cameras[id]);
    throw new HubError("not_found", `There is no camera "${id}"`, {
      hint: "GET /metrics/cameras lists the cameras",
      details: { camera_id: id, known: Object.keys(cameras) },
    });
  });
  routes.route("/", historyRoutes(history));
  return routes;
}

/** Lets pages of the origins that the configuration names read the metrics: Grafana in a browser. */
export function metricsCors(grafana: MetricsDeps["grafana"]): MiddlewareHandler {
  return cors({
    origin: (origin) => grafana().origins.includes(origin) ? origin : null,
    allowMethods: ["GET", "HEAD"],
    allowHeaders: ["authorization"],
  });
}

/** The application on the metrics port: a token, or one of the networks that need none. */
export function metricsApp(
  { metrics, history, grafana, access, log, hostnames }: MetricsDeps & {
    access: Access;
    log: Logger;
    /** Public names of the hub, as configured now. */
    hostnames(): readonly string[];
  },
): Hono {
  const app = new Hono();
  app.onError(answerError(log));
  app.notFound((c) => problemResponse(nothingAt(c.req.path)));
  app.use(countRequests(metrics));
  app.get("/", (c) => c.json({ status: "healthy", service: "tapo-camera-metrics" }));
  const isOpenTo = (address: string) => {
    const { anonymous, networks } = grafana();
    return anonymous && new AddressList(networks).has(address);
  };
  app.use("/metrics/*", metricsCors(grafana), tokenGate(access, { isOpenTo, hostnames }));
  app.route("/", metricsRoutes({ metrics, history }));
  return app;
}

function json(c: Context, body: unknown): Response {
  return send(c, JSON.stringify(body, null, 2) + "\n", "application/json");
}

function text(c: Context, metrics: Metrics, format: TextFormat): Response {
  return send(c, toText(metrics.samples, format), CONTENT_TYPES[format]);
}

function send(c: Context, body: string, type: string): Response {
  c.header("content-type", type);
  c.header("cache-control", "no-store");
  c.header("vary", "Accept", { append: true });
  return c.body(body);
}

function nothingAt(path: string): HubError {
  return new HubError("not_found", `There is nothing at ${path} of the metrics port`, {
    hint:
      "It serves /metrics, /metrics/cameras, /metrics/history and /metrics/patterns; all else is on the hub's own port",
  });
}
