// MCP, and the client on stdin and stdout.
import { LOCAL } from "../auth/roles.ts";
import { McpChanges } from "../mcp/changes.ts";
import { feedChanges } from "../mcp/feed.ts";
import { mcpHttp } from "../mcp/http.ts";
import type { Ends } from "../mcp/relay/relay.ts";
import { type McpDeps, mcpFactory } from "../mcp/server.ts";
import { fittingSnapshot } from "../mcp/snapshot.ts";
import { mcpOnStdio } from "../mcp/stdio.ts";
import type { Hub } from "../operations/hub.ts";
import { OPERATIONS } from "../operations/index.ts";
import type { Launcher } from "../process/launcher.ts";
import type { House } from "./house.ts";
import type { HubOptions } from "./options.ts";

/** MCP, told of what happens in the hub. */
export function buildMcp(
  { layout, log, mcp: { narrowing, isOnHttp, stdio } }: HubOptions,
  parts: { hub: Hub; launcher: Launcher; hostnames: () => string[]; onCall: McpDeps["onCall"] },
) {
  const onError = (error: unknown) => log.debug("An MCP client could not be told", { error });
  const changes = new McpChanges(onError);
  feedChanges(changes, parts.hub);
  const snapshot = fittingSnapshot(parts);
  const deps = { ...parts, layout, log, narrowing, operations: OPERATIONS, changes, snapshot };
  const http = mcpHttp(deps);
  const onStdio = (ends: Ends, signal: AbortSignal) =>
    mcpOnStdio(mcpFactory({ ...deps, narrowing: stdio?.narrowing ?? narrowing, local: LOCAL }), ends, {
      onError,
      signal,
    });
  return {
    onHttp: isOnHttp ? http.handle : undefined,
    sessions: () => http.sessionCount,
    onStdio,
    close: http.close,
  };
}

/** Serves the client on stdin; the hub that it started, or that was started for it, ends when it leaves. */
export async function serveStdioClient(
  { mcp }: House,
  { stdio }: HubOptions["mcp"],
  { signal, onLeft }: { signal: AbortSignal; onLeft: () => void },
): Promise<void> {
  const ends = await stdio?.client(signal);
  if (!ends) return;
  await mcp.onStdio(ends, signal);
  onLeft();
}
