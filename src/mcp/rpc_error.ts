// Refusals that have no JSON-RPC request to answer to.

/** A response with a JSON-RPC error. */
export function rpcError(status: number, code: number, message: string): Response {
  const body = { jsonrpc: "2.0", error: { code, message }, id: null };
  return Response.json(body, { status, headers: { "cache-control": "no-store" } });
}
