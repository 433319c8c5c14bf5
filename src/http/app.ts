// The HTTP application: gate, errors and headers around API, streams and what else is mounted.
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { secureHeaders } from "hono/secure-headers";
import type { PushDevices } from "../alerts/push_devices.ts";
import type { Access } from "../auth/access.ts";
import { HubError } from "../base/errors.ts";
import type { Logger } from "../base/log.ts";
import { apiRoutes } from "./api.ts";
import { authRoutes } from "./auth_routes.ts";
import { docsRoutes } from "./docs.ts";
import { eventRoutes } from "./events.ts";
import { externalAlertRoutes } from "./external_alerts.ts";
import { gate, type GateEnv } from "./gate.ts";
import { serveLive } from "./live.ts";
import { HAND_OVER_PATH, type HandOver } from "./hand_over.ts";
import { countRequests } from "./count_requests.ts";
import { type McpHandler, mcpRoute } from "./mcp_route.ts";
import { metricsCors, type MetricsDeps, metricsRoutes } from "./metrics.ts";
import { answerError, problemResponse } from "./problem.ts";
import { pushRoutes } from "./push.ts";
import { recordingRoutes } from "./recordings.ts";
import { type StreamDeps, streamRoutes } from "./streams.ts";
import { linkCors, shownElsewhere, viewLinkRoutes } from "./view_links.ts";

/** What the application is made of. */
export interface HttpDeps extends StreamDeps {
  access: Access;
  log: Logger;
  /** The browsers that are notified of alerts, where some may be. */
  push?: PushDevices | undefined;
  /** Pages, when they are served; mounted behind the gate. */
  pages?: Hono | undefined;
  /** MCP, when it is served; mounted behind the gate. */
  mcp?: McpHandler | undefined;
  /** The metrics; their routes are mounted behind the gate. */
  metrics?: MetricsDeps | undefined;
  /** Gives the data folder up to a hub that was started as a service, where this one does. */
  handOver?: Pick<HandOver, "route"> | undefined;
}

const MAX_BODY_BYTES = 1 << 20;
/** What strangers may send. */
const MAX_LOGIN_BYTES = 8 << 10;

function limitBody(maxSize: number) {
  return bodyLimit({
    maxSize,
    onError: () => {
      const response = problemResponse(
        new HubError("invalid_input", `A body may have at most ${maxSize} bytes`),
      );
      // The rest of the body is not read, so the connection cannot carry another request.
      response.headers.set("connection", "close");
      return response;
    },
  });
}

const SECURITY = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: ["'self'"],
    imgSrc: ["'self'", "blob:", "data:"],
    mediaSrc: ["'self'", "blob:"],
    styleSrc: ["'self'"],
    scriptSrc: ["'self'"],
    connectSrc: ["'self'"],
    objectSrc: ["'none'"],
    baseUri: ["'none'"],
    formAction: ["'self'"],
    frameAncestors: ["'none'"],
  },
  xFrameOptions: "DENY",
  // Not "no-referrer": a browser then sends forms with the origin "null", which the gate refuses.
  referrerPolicy: "same-origin",
  // Plain HTTP on a LAN: a promise of HTTPS would lock users out.
  strictTransportSecurity: false,
  crossOriginOpenerPolicy: false,
  originAgentCluster: false,
});

/** Builds the application. */
export function httpApp(deps: HttpDeps): Hono<GateEnv> {
  const app = new Hono<GateEnv>();
  app.onError(answerError(deps.log));
  app.notFound((c) => problemResponse(new HubError("not_found", `There is nothing at ${c.req.path}`)));
  if (deps.metrics) app.use(countRequests(deps.metrics.metrics));
  app.use(shownElsewhere());
  app.use(SECURITY);
  // Before the gate: a browser asks without a login whether it may ask at all.
  if (deps.metrics) app.use("/metrics/*", metricsCors(deps.metrics.grafana));
  app.use("/api/*", linkCors(() => deps.metrics?.grafana().origins ?? []));
  app.use(gate(deps.access));
  app.use("/login", limitBody(MAX_LOGIN_BYTES));
  // Before the limit, which answers in a way that no MCP client expects: MCP has one of its own.
  if (deps.mcp) app.all("/mcp", mcpRoute(deps.mcp, deps.openStreams));
  app.use(limitBody(MAX_BODY_BYTES));
  app.get("/healthz", (c) => c.text("ok"));
  if (deps.handOver) app.post(HAND_OVER_PATH, deps.handOver.route);
  app.get("/api/live", (c) => {
    if (c.req.header("upgrade")?.toLowerCase() !== "websocket") {
      throw new HubError("invalid_input", "This address speaks WebSocket only");
    }
    const { socket, response } = Deno.upgradeWebSocket(c.req.raw, { idleTimeout: 60 });
    const onEnd = deps.openStreams.add(c.get("session"), () => socket.close(4401, "The login has ended"));
    serveLive(socket, { hub: deps.hub, principal: c.get("principal"), onEnd });
    return response;
  });
  app.route("/", authRoutes(deps.access, deps.openStreams));
  app.route("/", apiRoutes(deps.hub));
  app.route("/", docsRoutes());
  app.route("/", eventRoutes(deps));
  app.route("/", externalAlertRoutes(deps.hub.alerts.external));
  app.route("/", streamRoutes(deps));
  app.route("/", viewLinkRoutes(deps.access, deps.hub));
  app.route("/", recordingRoutes(deps));
  if (deps.metrics) app.route("/", metricsRoutes(deps.metrics));
  if (deps.push) app.route("/", pushRoutes(deps.push, deps.hub.alerts));
  if (deps.pages) app.route("/", deps.pages);
  return app;
}
