// A hub as the relay sees it: /mcp in both eras, on a socket and on a port with a token. Tells on stdout what it did.
// Started as a process of its own, so that it can be killed. Arguments: path of the socket, port.
// deno-lint-ignore-file no-explicit-any -- messages of every shape

const [path = "", port = "0"] = Deno.args;
const encoder = new TextEncoder();
const sessions = new Map<string, Set<string>>();

const say = (line: unknown) => Deno.stdout.writeSync(encoder.encode(`${JSON.stringify(line)}\n`));

function sse(work: (send: (message: unknown) => void, ended: AbortSignal) => Promise<void>): Response {
  const ended = new AbortController();
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      let id = 0;
      const send = (message: unknown) =>
        controller.enqueue(encoder.encode(`id: ${++id}\ndata: ${JSON.stringify(message)}\n\n`));
      work(send, ended.signal).then(() => ended.signal.aborted || controller.close());
    },
    cancel: () => ended.abort(),
  });
  return new Response(body, { headers: { "content-type": "text/event-stream" } });
}

const tick = (ms = 30) => new Promise((resolve) => setTimeout(resolve, ms));

/** Sends updates until the client goes. */
async function updates(
  send: (message: unknown) => void,
  ended: AbortSignal,
  uris: () => string[],
  meta: unknown,
) {
  while (!ended.aborted) {
    for (const uri of uris()) {
      send({ jsonrpc: "2.0", method: "notifications/resources/updated", params: { uri, ...meta as object } });
    }
    await tick();
  }
}

function call(message: any, headers: Record<string, string>): Response {
  const { id, params } = message;
  say({ did: params.name });
  const result = { content: [{ type: "text", text: `${params.name} done` }] };
  if (params.name === "wait") {
    return sse(async (send, ended) => {
      for (let progress = 1; !ended.aborted; progress++) {
        send({ jsonrpc: "2.0", method: "notifications/progress", params: { progressToken: id, progress } });
        await tick();
      }
      say({ left: params.name });
    });
  }
  if (params.name === "json") return Response.json({ jsonrpc: "2.0", id, result }, { headers });
  return sse((send) => Promise.resolve(send({ jsonrpc: "2.0", id, result })));
}

function legacy(message: any, request: Request): Response {
  if (message.method === "initialize") {
    const session = crypto.randomUUID();
    sessions.set(session, new Set());
    say({ opened: message.params.clientInfo.name });
    const result = {
      protocolVersion: message.params.protocolVersion,
      capabilities: {},
      serverInfo: { name: "fake" },
    };
    return Response.json({ jsonrpc: "2.0", id: message.id, result }, {
      headers: { "mcp-session-id": session },
    });
  }
  const subscribed = sessions.get(request.headers.get("mcp-session-id") ?? "");
  if (!subscribed) {
    return Response.json(
      { jsonrpc: "2.0", id: null, error: { code: -32001, message: "Session not found" } },
      {
        status: 404,
      },
    );
  }
  if (request.method === "GET") return sse((send, ended) => updates(send, ended, () => [...subscribed], {}));
  if (request.method === "DELETE") {
    say({ closed: true });
    return new Response(null);
  }
  if (message.method === "tools/call") return call(message, {});
  if (message.method === "resources/subscribe") subscribed.add(message.params.uri);
  if (message.id === undefined) say({ told: message.method, of: message.params?.requestId });
  else say({ asked: message.method });
  if (message.id === undefined) return new Response(null, { status: 202 });
  return sse((send) => Promise.resolve(send({ jsonrpc: "2.0", id: message.id, result: {} })));
}

function modern(message: any, request: Request): Response {
  if (request.headers.get("mcp-method") !== message.method) {
    return Response.json({ jsonrpc: "2.0", id: null, error: { code: -32001, message: "HeaderMismatch" } }, {
      status: 400,
    });
  }
  if (message.method === "tools/call") {
    say({ name: request.headers.get("mcp-name") });
    return call(message, {});
  }
  if (message.method === "subscriptions/listen") {
    const uris = message.params.notifications.resourceSubscriptions;
    return sse((send, ended) => {
      send({ jsonrpc: "2.0", method: "notifications/subscriptions/acknowledged", params: {} });
      return updates(send, ended, () => uris, {
        _meta: { "io.modelcontextprotocol/subscriptionId": message.id },
      });
    });
  }
  return Response.json({ jsonrpc: "2.0", id: message.id, result: { tools: [] } });
}

async function answer(request: Request, isLocal: boolean): Promise<Response> {
  if (!isLocal && request.headers.get("authorization") !== "Bearer good") {
    const body = { error_code: "unauthenticated", message: "The hub does not know this token" };
    return new Response(JSON.stringify(body), {
      status: 401,
      headers: { "content-type": "application/problem+json" },
    });
  }
  if (new URL(request.url).pathname !== "/mcp") return new Response("nothing here", { status: 404 });
  const message = request.method === "POST" ? await request.json() : {};
  const isModern = message.params?._meta?.["io.modelcontextprotocol/protocolVersion"] !== undefined;
  return isModern ? modern(message, request) : legacy(message, request);
}

Deno.umask(0o177);
try {
  Deno.removeSync(path);
} catch (error) {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}
const server = Deno.serve(
  { hostname: "127.0.0.1", port: Number(port), onListen: () => {} },
  (request) => answer(request, false),
);
Deno.serve({ path, onListen: () => {} }, (request) => answer(request, true));
say({ port: server.addr.port });
