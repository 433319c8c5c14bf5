// Counts requests by the pattern of their path, and how long their answers took to begin.
import type { Context, MiddlewareHandler } from "hono";
import { routePath } from "hono/route";
import type { RequestNote } from "../metrics/metrics.ts";

const METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);
/** Answers that go on: when they begin depends on a camera, and when they end on the viewer. */
const ENDLESS = /^(?:multipart\/|text\/event-stream)/;

/** Middleware before all others. */
export function countRequests(metrics: { noteRequest(note: RequestNote): void }): MiddlewareHandler {
  return async (c, next) => {
    const startMs = performance.now();
    await next();
    const { status, headers } = c.res;
    const isEndless = status === 101 || ENDLESS.test(headers.get("content-type") ?? "");
    metrics.noteRequest({
      method: METHODS.has(c.req.method) ? c.req.method : "other",
      route: routeOf(c),
      code: status,
      tookMs: isEndless ? undefined : performance.now() - startMs,
    });
  };
}

/** The pattern whose handler was reached last: it answered. Where a middleware did, and of what is not there: `other`. */
function routeOf(c: Context): string {
  const path = routePath(c);
  return path.includes("*") ? "other" : path;
}
