// What is waited for at the end of stdin: answers that are due, not subscriptions, and not for ever.
import { assert, assertEquals } from "@std/assert";
import { OpenRequests } from "../../../../src/mcp/relay/open_requests.ts";

const jsonrpc = "2.0" as const;
const never = new AbortController().signal;

async function tookMs(work: Promise<void>): Promise<number> {
  const begin = performance.now();
  await work;
  return performance.now() - begin;
}

Deno.test("OpenRequests: what is answered, cancelled, a notification or a subscription is not waited for", async () => {
  const requests = new OpenRequests();
  requests.received({ jsonrpc, id: 0, method: "initialize" });
  requests.received({ jsonrpc, id: "a", method: "tools/call" });
  requests.received({ jsonrpc, id: 2, method: "subscriptions/listen" });
  requests.received({ jsonrpc, method: "notifications/initialized" });
  requests.received({ jsonrpc, id: 7, result: {} });
  requests.sent({ jsonrpc, id: 7, method: "elicitation/create" });
  requests.sent({ jsonrpc, id: 0, result: {} });
  requests.received({ jsonrpc, method: "notifications/cancelled", params: { requestId: "a" } });
  assert(await tookMs(requests.settled(never)) < 100);
});

Deno.test("OpenRequests: ends with the last answer, at the end of the grace, or with the signal", async () => {
  const requests = new OpenRequests();
  for (const id of [1, 2]) requests.received({ jsonrpc, id, method: "tools/list" });
  let isOver = false;
  const waiting = requests.settled(never).then(() => void (isOver = true));
  requests.sent({ jsonrpc, id: 1, result: {} });
  await new Promise((resolve) => setTimeout(resolve, 50));
  assertEquals(isOver, false);
  requests.sent({ jsonrpc, id: 2, error: { code: 1, message: "no" } });
  await waiting;

  requests.received({ jsonrpc, id: 3, method: "tools/list" });
  const ms = await tookMs(requests.settled(never));
  assert(ms > 1400 && ms < 3000, `${ms} ms`);

  requests.received({ jsonrpc, id: 4, method: "tools/call" });
  const stop = new AbortController();
  const stopping = tookMs(requests.settled(stop.signal));
  stop.abort();
  assert(await stopping < 100);
});
