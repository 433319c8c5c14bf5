// Failed requests as problem+json (RFC 9457).
import type { ErrorHandler } from "hono";
import { HubError, isAbort, toHubError } from "../base/errors.ts";
import type { Logger } from "../base/log.ts";
import { problemView } from "../operations/error_table.ts";

/** How programs log in (RFC 6750). */
export const CHALLENGE = 'Bearer realm="tapo-camera-mcp"';

/** Returns the response for an error. */
export function problemResponse(error: unknown): Response {
  const hubError = toHubError(error);
  const body = problemView(hubError);
  const headers = new Headers({ "content-type": "application/problem+json", "cache-control": "no-store" });
  if (body.status === 401) headers.set("www-authenticate", CHALLENGE);
  const wait = retryAfter(hubError);
  if (wait !== undefined) headers.set("retry-after", wait);
  return new Response(JSON.stringify(body), { status: body.status, headers });
}

function retryAfter(error: HubError): string | undefined {
  const seconds = error.details?.retry_after_s;
  if (typeof seconds === "number") return String(seconds);
  return error.kind === "unavailable" ? "2" : undefined;
}

/** What answers when a handler throws; faults of the hub itself are logged and not told outside. */
export function answerError(log: Logger): ErrorHandler {
  return (error, c) => {
    if (isAbort(error)) return new Response(null, { status: 499 });
    const isFault = !(error instanceof HubError) || error.kind === "internal";
    if (isFault) log.error("A request failed", { method: c.req.method, path: c.req.path, error });
    return problemResponse(error instanceof HubError ? error : hidden());
  };
}

/** What a fault in the hub itself looks like from outside: its text may hold more than a user should see. */
function hidden(): HubError {
  return new HubError("internal", "Something went wrong inside the hub", { hint: "The hub's log says what" });
}
