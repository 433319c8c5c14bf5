// Makes a server for a connection or a request: one factory for both eras of the protocol and every transport.
import { createRequestStateCodec, type McpRequestContext, McpServer } from "@modelcontextprotocol/server";
import type { Principal } from "../auth/roles.ts";
import type { Layout } from "../base/layout.ts";
import type { Logger } from "../base/log.ts";
import { VERSION } from "../base/version.ts";
import type { Hub } from "../operations/hub.ts";
import type { Operation } from "../operations/operation.ts";
import { registerAppPage } from "./app_page.ts";
import { forward, keepSubscriptions, type McpChanges } from "./changes.ts";
import { INSTRUCTIONS } from "./instructions.ts";
import { isReadOnlyHere, type Narrowing, narrowingOf, offered } from "./narrowing.ts";
import { principalOf } from "./principal.ts";
import { registerPrompts } from "./prompts.ts";
import { registerResources, type ResourceDeps } from "./resources.ts";
import { registerOperation, type ToolDeps } from "./tools.ts";

/** What every server shares. */
export interface McpDeps {
  hub: Hub;
  operations: ReadonlyMap<string, Operation>;
  changes: McpChanges;
  log: Logger;
  layout: Pick<Layout, "staticDir" | "docsDir">;
  snapshot: ResourceDeps["snapshot"];
  /** Who asks where requests carry nobody: the user of a process on stdio. */
  local?: Principal | undefined;
  /** For all clients; each may narrow further in its address. */
  narrowing?: Narrowing | undefined;
  /** Told of each call of a tool. */
  onCall?: ToolDeps["onCall"];
  /** Registers more, for the conformance suites. */
  extend?: ((server: McpServer) => void) | undefined;
}

/** Makes servers. */
export type McpFactory = (connection: McpRequestContext) => McpServer;

/** Signs what a client keeps for the server between two rounds of a call. */
export const requestStates = createRequestStateCodec<Record<string, unknown>>({
  key: crypto.getRandomValues(new Uint8Array(32)),
  ttlSeconds: 600,
  bind: ({ mcpReq, http }) => `${mcpReq.method}\0${http?.authInfo?.clientId ?? ""}`,
});

/** A tool's list and its schemas stay the same while the hub runs. */
const LIST_HINT = { ttlMs: 60_000, cacheScope: "private" as const };
/** Arguments beyond so many elements are refused before anybody looks at them. */
const MAX_INPUT_ELEMENTS = 10_000;
/** A person is given so long to answer a question. */
const ANSWER_DEADLINE_MS = 120_000;

/** Returns the factory. */
export function mcpFactory(deps: McpDeps): McpFactory {
  return (connection) => {
    const server = emptyServer();
    const { hub, log, local } = deps;
    const wanted = wantedOf(connection);
    if (wanted.has("tools")) {
      const isReadOnly = isReadOnlyHere(deps.narrowing, connection.requestInfo?.url);
      for (const operation of offeredTo(connection, deps)) {
        registerOperation(server, operation, {
          hub,
          log,
          connection,
          local,
          isReadOnly,
          onCall: deps.onCall,
        });
      }
    }
    if (wanted.has("resources")) {
      const { role } = principalOf(undefined, connection, deps.local);
      registerResources(server, { ...deps, role, docsDir: deps.layout.docsDir });
    }
    if (wanted.has("prompts")) registerPrompts(server, hub);
    if (wanted.has("resources")) registerAppPage(server, deps.layout.staticDir);
    deps.extend?.(server);
    followChanges(server, connection, deps);
    return server;
  };
}

function emptyServer(): McpServer {
  return new McpServer({ name: "tapo-camera-mcp", title: "Tapo Camera MCP", version: VERSION }, {
    capabilities: {
      tools: { listChanged: true },
      resources: { subscribe: true, listChanged: true },
      prompts: {},
      logging: {},
      completions: {},
    },
    instructions: INSTRUCTIONS,
    requestState: { verify: requestStates.verify },
    inputRequired: { maxRounds: 8, roundTimeoutMs: ANSWER_DEADLINE_MS },
    maxToolInputElements: MAX_INPUT_ELEMENTS,
    cacheHints: { "tools/list": LIST_HINT },
  });
}

const PARTS: ReadonlySet<string> = new Set(["tools", "resources", "prompts"]);

/**
 * A server of one request needs only what that asks for: `tools` for `tools/call`. Which method it is stands in a
 * header that the SDK holds against the body. Whatever is not known gets all.
 */
function wantedOf(connection: McpRequestContext): ReadonlySet<string> {
  const part = isOfOneRequest(connection) ? methodOf(connection)?.split("/")[0] ?? "" : "";
  return PARTS.has(part) ? new Set([part]) : PARTS;
}

function methodOf({ requestInfo }: McpRequestContext): string | undefined {
  return requestInfo?.headers.get("mcp-method") ?? undefined;
}

/** Over HTTP the 2026 era has a server for each request. */
function isOfOneRequest({ era, requestInfo }: McpRequestContext): boolean {
  return era === "modern" && requestInfo !== undefined;
}

function offeredTo(connection: McpRequestContext, { operations, local, narrowing }: McpDeps): Operation[] {
  const { role } = principalOf(undefined, connection, local);
  const all = offered(operations.values(), role, narrowing ?? {});
  const { requestInfo } = connection;
  if (!requestInfo) return all;
  const narrowed = offered(all, role, narrowingOf(new URL(requestInfo.url)));
  const called = isOfOneRequest(connection) && methodOf(connection) === "tools/call"
    ? narrowed.filter(({ name }) => name === requestInfo.headers.get("mcp-name"))
    : [];
  return called.length > 0 ? called : narrowed;
}

/** Clients of the 2026 era over HTTP are told by the handler itself. */
function followChanges(server: McpServer, connection: McpRequestContext, deps: McpDeps): void {
  if (isOfOneRequest(connection)) return;
  const wants = connection.era === "legacy" ? keepSubscriptions(server) : () => true;
  const onError = (error: unknown) =>
    deps.log.debug("An MCP client could not be told of a change", { error });
  server.server.onclose = forward(deps.changes.bus, server, { wants, onError });
}
