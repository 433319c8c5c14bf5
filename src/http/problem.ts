// Failed requests as problem+json (RFC 9457).
import { type HubError, toHubError } from "../base/errors.ts";
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
