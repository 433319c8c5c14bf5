// Passes MCP requests of those who have logged in to whoever speaks MCP, and ends their streams with the login.
import type { Handler } from "hono";
import type { Principal } from "../auth/roles.ts";
import { followStream } from "../base/followed_stream.ts";
import type { GateEnv } from "./gate.ts";
import type { OpenStreams } from "./open_streams.ts";

/** Answers MCP requests of a principal. */
export type McpHandler = (request: Request, principal: Principal) => Promise<Response>;

/** The route behind the gate. */
export function mcpRoute(handler: McpHandler, openStreams: OpenStreams): Handler<GateEnv> {
  return async (c) => {
    const response = await handler(c.req.raw, c.get("principal"));
    const session: string | undefined = c.get("session");
    const isStream = response.headers.get("content-type")?.startsWith("text/event-stream");
    if (!response.body || !isStream || session === undefined) return response;
    let forget = () => {};
    const followed = followStream(response.body, () => forget());
    forget = openStreams.add(session, followed.cut);
    return new Response(followed.stream, response);
  };
}
