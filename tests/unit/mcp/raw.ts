// MCP requests without a client: JSON-RPC and headers by hand.
import { tokenOf } from "./stage.ts";

const META = {
  "io.modelcontextprotocol/protocolVersion": "2026-07-28",
  "io.modelcontextprotocol/clientInfo": { name: "raw", version: "1" },
  "io.modelcontextprotocol/clientCapabilities": {},
};

/** What every client sends. */
export const PLAIN: Readonly<Record<string, string>> = {
  "content-type": "application/json",
  accept: "application/json, text/event-stream",
};

/** Headers of a user's client, anna's if not another's. */
export function headersOf(user = "anna"): Record<string, string> {
  return { ...PLAIN, authorization: `Bearer ${tokenOf(user)}` };
}

export function initialize() {
  const params = {
    protocolVersion: "2025-11-25",
    capabilities: {},
    clientInfo: { name: "raw", version: "1" },
  };
  return { jsonrpc: "2.0", id: 0, method: "initialize", params };
}

export const list = () => ({ jsonrpc: "2.0", id: 1, method: "tools/list" });

export function call(name: string, input: object, meta: object = {}) {
  return { jsonrpc: "2.0", id: 7, method: "tools/call", params: { name, arguments: input, _meta: meta } };
}

/** Opens a session under any name of the hub; returns the status alone. */
export async function openAs(url: string, headers: Record<string, string>): Promise<number> {
  // Only such a client sends the Host that it is given.
  using client = Deno.createHttpClient({ allowHost: true });
  return await statusOf(fetch(url, { method: "POST", headers, body: JSON.stringify(initialize()), client }));
}

/** Opens a session of the 2025 era; returns the headers of its requests. */
export async function openSession(url: string, user = "anna"): Promise<Record<string, string>> {
  const headers = headersOf(user);
  const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(initialize()) });
  await response.text();
  const id = response.headers.get("mcp-session-id") ?? "";
  return { ...headers, "mcp-session-id": id, "mcp-protocol-version": "2025-11-25" };
}

/** A request of the 2026 era. */
export function modern(
  url: string,
  request: { method: string; params: Record<string, unknown>; signal?: AbortSignal | undefined },
): Promise<Response> {
  const { method, params, signal } = request;
  const headers = {
    ...headersOf(),
    "mcp-protocol-version": "2026-07-28",
    "mcp-method": method,
    ...(typeof params.name === "string" ? { "mcp-name": params.name } : {}),
  };
  const body = JSON.stringify({
    jsonrpc: "2.0",
    id: 1,
    method,
    params: { ...params, _meta: { ...META, ...params._meta as object } },
  });
  return fetch(url, { method: "POST", headers, body, signal: signal ?? null });
}

/** A call of a tool in the 2026 era. */
export function modernCall(
  url: string,
  name: string,
  options: { input: object; meta?: object; signal?: AbortSignal },
): Promise<Response> {
  const { input, meta = {}, signal } = options;
  return modern(url, { method: "tools/call", params: { name, arguments: input, _meta: meta }, signal });
}

/** The status alone. */
export async function statusOf(response: Promise<Response>): Promise<number> {
  const { status, body } = await response;
  await body?.cancel();
  return status;
}
