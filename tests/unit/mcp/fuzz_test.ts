// Ten thousand messages that no client would send: none may crash the hub, hang, or act.
import { assert, assertEquals } from "@std/assert";
import { InMemoryTransport } from "@modelcontextprotocol/client";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import type { Principal } from "../../../src/auth/roles.ts";
import { HubError } from "../../../src/base/errors.ts";
import type { McpHttp } from "../../../src/mcp/http.ts";
import { mcpFactory } from "../../../src/mcp/server.ts";
import { call, headersOf, initialize, list, openSession } from "./raw.ts";
import { withStage } from "./stage.ts";

const MESSAGES_HTTP = 8000;
const MESSAGES_STDIO = 2000;
const SEED = 20_261_126;
/** One message may take so long on a busy machine; nearly all take a millisecond. */
const PATIENCE_MS = 5000;
const ANNA: Principal = { user: "anna", role: "viewer" };

/** Numbers from 0 to 1, the same in every run (mulberry32). */
function seeded(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const VALUES: unknown[] = [
  null,
  true,
  0,
  -1,
  1e308,
  "",
  "a",
  "__proto__",
  "constructor",
  "../../etc/passwd",
  "camera://a/status",
  "camera://%00/%zz",
  "hub://docs/../../main",
  "\u0000\ud800",
  "x".repeat(5000),
  [],
  {},
  [[[[]]]],
  { __proto__: null, a: 1 },
  { toString: 1, then: 2 },
];
const METHODS = [
  "initialize",
  "ping",
  "tools/list",
  "tools/call",
  "resources/list",
  "resources/read",
  "resources/templates/list",
  "resources/subscribe",
  "resources/unsubscribe",
  "prompts/list",
  "prompts/get",
  "completion/complete",
  "logging/setLevel",
  "server/discover",
  "notifications/initialized",
  "notifications/cancelled",
  "notifications/progress",
  "no/such",
  "",
];
const TOOLS = [
  "move_ptz",
  "list_cameras",
  "toString",
  "__proto__",
  "get_camera_info",
  "reboot_camera",
  "toy_leaky",
];

/** Makes messages that are wrong in one way or another. */
class Fuzzer {
  readonly #random = seeded(SEED);

  pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.#random() * list.length)] as T;
  }

  message(): unknown {
    const start = this.pick([
      initialize(),
      list(),
      call(this.pick(TOOLS), {}),
      this.#invented(),
      this.#invented(),
    ]);
    const message: unknown = structuredClone(start);
    for (let times = Math.floor(this.#random() * 4); times > 0; times--) this.#spoil(message);
    return this.#random() < 0.05 ? [message, this.#invented()] : message;
  }

  /** JSON, and now and then something that is none. */
  text(): string {
    const text = JSON.stringify(this.message());
    if (this.#random() > 0.1) return text;
    const at = Math.floor(this.#random() * text.length);
    return this.pick([
      text.slice(0, at),
      text.slice(0, at) + "\u0000" + text.slice(at),
      `${text}${text}`,
      '{"a":'.repeat(3000),
    ]);
  }

  #invented(): Record<string, unknown> {
    const params = Object.fromEntries(
      [
        "name",
        "uri",
        "arguments",
        "ref",
        "argument",
        "level",
        "_meta",
        "cursor",
        "requestId",
        "protocolVersion",
      ]
        .filter(() => this.#random() < 0.4).map((key) => [key, this.pick<unknown>([...VALUES, ...TOOLS])]),
    );
    return {
      jsonrpc: "2.0",
      id: this.pick<unknown>([1, "x", null, {}, 1.5, undefined]),
      method: this.pick(METHODS),
      params,
    };
  }

  /** Puts another value somewhere. */
  #spoil(node: unknown): void {
    if (node === null || typeof node !== "object") return;
    const target = node as Record<string, unknown>;
    const key = this.pick([...Object.keys(target), "extra", "params", "id", "jsonrpc"]);
    if (typeof target[key] === "object" && this.#random() < 0.6) return this.#spoil(target[key]);
    target[key] = structuredClone(this.pick(VALUES));
  }
}

async function inTime<T>(what: string, work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`No answer in time to ${what.slice(0, 300)}`)), PATIENCE_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** The status of the answer; a subscription's stream is left, every other is read to its end. */
async function send(mcp: McpHttp, headers: Record<string, string>, body: string): Promise<number> {
  const request = new Request("http://127.0.0.1/mcp", { method: "POST", headers, body });
  try {
    const response = await mcp.handle(request, ANNA);
    await (/subscriptions/.test(body) ? response.body?.cancel() : response.text());
    return response.status;
  } catch (error) {
    if (error instanceof HubError && error.kind !== "internal") return 400;
    throw error;
  }
}

Deno.test("[MCP-FUZZ] 8000 wrong messages over HTTP: no crash, no hang, nothing done", async () => {
  await withStage(async ({ mcp, url, client, state }) => {
    const fuzzer = new Fuzzer();
    const session = await openSession(url, "bert");
    const statuses = new Map<number, number>();
    for (let sent = 0; sent < MESSAGES_HTTP; sent++) {
      const body = fuzzer.text();
      const headers = fuzzer.pick<Record<string, string>>([
        session,
        headersOf(),
        { ...headersOf(), "mcp-protocol-version": "2026-07-28", "mcp-method": fuzzer.pick(METHODS) || "x" },
        { ...session, "mcp-protocol-version": fuzzer.pick(["2024-11-05", "x", "2026-07-28"]) },
      ]);
      const status = await inTime(body, send(mcp, headers, body));
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
    const worst = [...statuses].filter(([status]) => status >= 500 && status !== 503);
    assertEquals(worst, [], JSON.stringify([...statuses]));
    assertEquals(state.done, []);
    for (const era of ["2025-11-25", "2026-07-28"] as const) {
      assert((await (await client({ era })).listTools()).tools.length > 20);
    }
  });
});

Deno.test("[MCP-FUZZ] 2000 wrong messages on stdio: the connection goes on", async () => {
  await withStage(async (stage) => {
    const fuzzer = new Fuzzer();
    const errors: unknown[] = [];
    const [near, far] = InMemoryTransport.createLinkedPair();
    const waiting = new Map<unknown, () => void>();
    near.onmessage = (message) => "id" in message && waiting.get(message.id)?.();
    await near.start();
    const handle = serveStdio(mcpFactory({ ...stage.deps, local: ANNA }), {
      transport: far,
      onerror: (error) => errors.push(error),
    });
    const answered = (id: string, message: unknown) =>
      inTime(
        JSON.stringify(message),
        new Promise<void>((resolve) => {
          waiting.set(id, resolve);
          near.send(message as Parameters<typeof near.send>[0]);
        }),
      );
    await answered("first", { ...initialize(), id: "first" });
    for (let sent = 0; sent < MESSAGES_STDIO; sent++) {
      await near.send(fuzzer.message() as Parameters<typeof near.send>[0]);
      if (sent % 100 === 0) {
        await answered(`ping${sent}`, { jsonrpc: "2.0", id: `ping${sent}`, method: "ping" });
      }
    }
    await answered("last", { jsonrpc: "2.0", id: "last", method: "tools/list" });
    assertEquals(stage.state.done, []);
    await handle.close();
  });
});
