// MCP over Streamable HTTP: the 2026 era request by request, the 2025 era by sessions.
import { createMcpHandler, isLegacyRequest } from "@modelcontextprotocol/server";
import type { Principal } from "../auth/roles.ts";
import { MAX_BODY_BYTES, readBody } from "./body.ts";
import { refuseForeignHost } from "../base/hosts.ts";
import { narrowingOf } from "./narrowing.ts";
import { authInfoOf } from "./principal.ts";
import { rpcError } from "./rpc_error.ts";
import { type McpDeps, mcpFactory } from "./server.ts";
import { type SessionOptions, Sessions } from "./sessions.ts";

/** What serving over HTTP needs. */
export interface McpHttpDeps extends McpDeps {
  /** Names beside those of the local network by which clients may call the hub. */
  hostnames: () => readonly string[];
  sessions?: Pick<SessionOptions, "idleMs" | "abandonMs" | "max" | "now"> | undefined;
}

/** MCP behind the gate. */
export interface McpHttp {
  /** Answers a request of somebody who has logged in. @throws HubError `forbidden`, `invalid_input`. */
  handle(request: Request, principal: Principal): Promise<Response>;
  readonly sessionCount: number;
  /** What sessions keep for clients that come back. */
  readonly keptBytes: number;
  /** Ends every session and stream. */
  close(): Promise<void>;
}

/** Builds it. */
export function mcpHttp(deps: McpHttpDeps): McpHttp {
  const make = mcpFactory(deps);
  const onError = (error: unknown) => deps.log.debug("An MCP request failed", { error });
  const modern = createMcpHandler(make, {
    legacy: "reject",
    bus: deps.changes.bus,
    onerror: onError,
    maxRequestBodySize: MAX_BODY_BYTES,
  });
  const sessions = new Sessions({ make, onError, ...deps.sessions });

  const handle = async (request: Request, principal: Principal): Promise<Response> => {
    const { headers, url } = request;
    const host = headers.get("host") ?? new URL(url).host;
    refuseForeignHost({ host, origin: headers.get("origin") ?? undefined }, deps.hostnames());
    // Told here in the hub's words; the factory reads it again for each server.
    narrowingOf(new URL(url));
    const read = await readBody(request);
    if (read.kind === "too_large") {
      const response = rpcError(413, -32000, `A request may have at most ${MAX_BODY_BYTES} bytes`);
      // The rest of the body is not read, so the connection cannot carry another request.
      response.headers.set("connection", "close");
      return response;
    }
    if (read.kind === "malformed") return rpcError(400, -32700, "The body is not valid JSON");
    const body = read.kind === "json" ? read.json : undefined;
    if (await isLegacyRequest(request, body)) return await sessions.handle({ request, principal, body });
    return await modern.fetch(request, { authInfo: authInfoOf(principal), parsedBody: body });
  };

  return {
    handle,
    get sessionCount() {
      return sessions.size;
    },
    get keptBytes() {
      return sessions.keptBytes;
    },
    close: async () => {
      deps.changes.close();
      await Promise.allSettled([sessions.close(), modern.close()]);
    },
  };
}
