// A hub gives way: only by its socket, after the calls that run, and within bounds.
import { assertEquals } from "@std/assert";
import { Hono } from "hono";
import { problemResponse } from "../../../src/http/problem.ts";
import type { GateEnv } from "../../../src/http/gate.ts";
import { HandOver } from "../../../src/http/hand_over.ts";
import type { HubError } from "../../../src/base/errors.ts";
import type { Handler } from "../../../src/http/listener.ts";

const INFO = {} as Deno.ServeHandlerInfo<Deno.Addr>;

/** A hub with a call that answers when told to, and events that go on. */
function stage(options: { lastCallsMs?: number } = {}) {
  const did: string[] = [];
  const handOver = new HandOver({
    reserve: () => Promise.resolve(void did.push("reserved")),
    stop: () => void did.push("stopped"),
    ...options,
  });
  const app = new Hono<GateEnv>();
  app.onError((error) => problemResponse(error as HubError));
  app.use(async (c, next) => {
    c.set("way", (c.req.header("way") ?? "socket") as GateEnv["Variables"]["way"]);
    await next();
  });
  app.post("/hand-over", handOver.route);
  const call = Promise.withResolvers<void>();
  app.post("/call", () => {
    const body = new ReadableStream({
      start: (controller) => void call.promise.then(() => (did.push("answered"), controller.close())),
    });
    return new Response(body);
  });
  app.all("/events", () => new Response(new ReadableStream()));
  const handler = handOver.counted(app.fetch as Handler);
  const ask = async (path: string, headers: Record<string, string> = {}, method = "POST") =>
    await handler(new Request(`http://localhost${path}`, { method, headers }), INFO);
  const socket = {
    path: "/hub.sock",
    hide: () => void did.push("hidden"),
    close: () => Promise.resolve(),
  };
  const stop = new AbortController();
  return { did, ask, call, stop, running: handOver.run([socket], stop.signal) };
}

Deno.test("[MCP-STDIO-HAND-OVER] HandOver: hides, lets a call finish, then stops; events are not waited for", async () => {
  const { did, ask, call, running } = stage();
  const answer = (await ask("/call")).text();
  const events = [
    await ask("/events", {}, "GET"),
    await ask("/events", { "mcp-method": "subscriptions/listen" }),
  ];
  const begun = await ask("/hand-over");
  assertEquals(begun.status, 202);
  // The last call ends only after the socket was hidden.
  while (!did.includes("hidden")) await new Promise((resolve) => setTimeout(resolve, 1));
  call.resolve();
  await answer;
  await running;
  assertEquals(did, ["reserved", "hidden", "answered", "stopped"]);
  for (const each of events) await each.body?.cancel();
});

Deno.test("[MCP-STDIO-HAND-OVER] HandOver: a call that does not end is not waited for without end", async () => {
  const { did, ask, call, running } = stage({ lastCallsMs: 1 });
  const answer = (await ask("/call")).text();
  await ask("/hand-over");
  await running;
  assertEquals(did, ["reserved", "hidden", "stopped"]);
  call.resolve();
  await answer;
});

Deno.test("[MCP-STDIO-HAND-OVER] HandOver: refused to all but the socket, and nothing happens unasked", async () => {
  const { did, ask, stop, running } = stage();
  for (const way of ["browser", "token"]) assertEquals((await ask("/hand-over", { way })).status, 403);
  stop.abort();
  await running;
  assertEquals(did, []);
});
