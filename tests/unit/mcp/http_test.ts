// MCP over HTTP as raw requests: who is let in, what is refused and how, sessions, and clients that go away.
import { assert, assertEquals, assertMatch } from "@std/assert";
import { until } from "../tools/processes.ts";
import { toyDriver } from "../tools/devices.ts";
import { withSite } from "../tools/app.ts";
import {
  call,
  headersOf,
  initialize,
  list,
  modernCall,
  openAs,
  openSession,
  PLAIN,
  statusOf,
} from "./raw.ts";
import { tokenOf, withStage } from "./stage.ts";

Deno.test("[MCP-REFUSALS] /mcp: a stranger gets 401, and one who has logged in is served", async () => {
  await withSite([toyDriver().driver], async ({ ask, as }) => {
    for (const method of ["GET", "POST", "DELETE"]) {
      const refused = await ask("/mcp", { method, headers: PLAIN });
      assertEquals([method, refused.status, (await refused.json()).error_code], [
        method,
        401,
        "unauthenticated",
      ]);
    }
    const served = await as("/mcp", {
      method: "POST",
      headers: PLAIN,
      body: JSON.stringify(initialize()),
    });
    assertEquals(served.status, 200);
    assertMatch(await served.text(), /"protocolVersion":"2025-11-25"/);
    const foreign = { ...PLAIN, origin: "http://evil.example" };
    assertEquals(await statusOf(as("/mcp", { method: "POST", headers: foreign, body: "{}" })), 403);
  });
});

Deno.test("[MCP-REFUSALS] /mcp: its streams end with the login", async () => {
  await withSite([toyDriver().driver], async ({ as, mcp }) => {
    const opened = await as("/mcp", {
      method: "POST",
      headers: PLAIN,
      body: JSON.stringify(initialize()),
    });
    await opened.text();
    const session = { ...PLAIN, "mcp-session-id": opened.headers.get("mcp-session-id") ?? "" };
    const stream = await as("/mcp", { headers: session });
    assertEquals([stream.status, mcp.sessionCount], [200, 1]);
    const ended = stream.text();
    assertEquals(await statusOf(as("/logout", { method: "POST" })), 303);
    await ended;
  });
});

const HOSTS: [string, Record<string, string>, number][] = [
  ["its address", {}, 200],
  ["a name of the local network", { host: "pi.local:7777" }, 200],
  ["a name that the configuration has", { host: "cameras.example.org" }, 200],
  ["a name of the public DNS", { host: "evil.example.com" }, 403],
  ["a page of its own", { origin: "http://127.0.0.1:7777" }, 200],
  ["a page of another site", { origin: "https://evil.example.com" }, 403],
  ["a page without an origin of its own", { origin: "null" }, 403],
];
for (const [name, headers, status] of HOSTS) {
  Deno.test(`[MCP-REFUSALS] Host and Origin: a request by ${name} is ${status}`, async () => {
    await withStage(async ({ url }) => {
      assertEquals(await openAs(url, { ...headersOf(), ...headers }), status);
    });
  });
}

Deno.test("[MCP-REFUSALS] malformed requests get an answer that says what is wrong", async () => {
  await withStage(async ({ url }) => {
    const session = await openSession(url);
    const cases: [string, RequestInit, number][] = [
      ["no JSON", { body: "{" }, 400],
      ["no JSON-RPC", { body: "[1]" }, 400],
      ["another type", { headers: { ...session, "content-type": "text/plain" }, body: "{}" }, 415],
      [
        "accepts nothing",
        { headers: { ...session, accept: "text/html" }, body: JSON.stringify(list()) },
        406,
      ],
      ["no such version", {
        headers: { ...session, "mcp-protocol-version": "1999-01-01" },
        body: JSON.stringify(list()),
      }, 400],
      ["no such method", { method: "PUT", body: "{}" }, 405],
      ["no session", { headers: headersOf(), body: JSON.stringify(list()) }, 400],
      ["an unknown session", {
        headers: { ...session, "mcp-session-id": "nobody" },
        body: JSON.stringify(list()),
      }, 404],
    ];
    for (const [name, init, status] of cases) {
      const got = await statusOf(fetch(url, { method: "POST", headers: session, ...init }));
      assertEquals([name, got], [name, status]);
    }
    // Also a list that names no group: it must not mean all of them.
    for (const query of ["?tools=nothing", "?tools=", "?tools=,"]) {
      const got = await statusOf(fetch(url + query, { method: "POST", headers: headersOf(), body: "{}" }));
      assertEquals([query, got], [query, 400]);
    }
  });
});

Deno.test("[MCP-REFUSALS] a body that is too large is 413, announced or in pieces", async () => {
  await withStage(async ({ url }) => {
    const large = JSON.stringify({ ...list(), params: { junk: "x".repeat(1 << 20) } });
    assertEquals(await statusOf(fetch(url, { method: "POST", headers: headersOf(), body: large })), 413);
    let sent = 0;
    const pieces = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        sent += 65_536;
        if (sent > 8 << 20) controller.close();
        else controller.enqueue(new Uint8Array(65_536).fill(0x20));
      },
    });
    assertEquals(await statusOf(fetch(url, { method: "POST", headers: headersOf(), body: pieces })), 413);
    assert(sent < 8 << 20, `all ${sent} bytes were taken`);
  });
});

Deno.test("[MCP-SESSIONS] a session belongs to who opened it, and ends when that one says so", async () => {
  await withStage(async ({ url, mcp }) => {
    const anna = await openSession(url);
    const ask = (headers: Record<string, string>, method = "POST") =>
      statusOf(
        fetch(url, { method, headers, ...(method === "POST" ? { body: JSON.stringify(list()) } : {}) }),
      );
    const bert = { ...anna, authorization: `Bearer ${tokenOf("bert")}` };
    assertEquals([await ask(anna), await ask(bert), await ask(bert, "DELETE"), await ask(bert, "GET")], [
      200,
      404,
      404,
      404,
    ]);
    assert(mcp.keptBytes > 0);
    assertEquals([await ask(anna, "DELETE"), await ask(anna), mcp.sessionCount], [200, 404, 0]);
    assertEquals(mcp.keptBytes, 0);
  });
});

Deno.test("[MCP-SESSIONS] a client whose connection broke goes on where it was", async () => {
  await withStage(async ({ url, toyWork }) => {
    const session = await openSession(url);
    const first = await fetch(url, {
      method: "POST",
      headers: session,
      body: JSON.stringify(call("toy_slow", { steps: 30 }, { progressToken: "t" })),
    });
    const got = await readUntil(first, /"progress":2/);
    const last = [...got.matchAll(/^id: (\d+)/gm)].at(-1)?.[1] ?? "";
    await new Promise((resolve) => setTimeout(resolve, 100));
    const again = await fetch(url, { headers: { ...session, "last-event-id": last } });
    const rest = await readUntil(again, /"result"/);
    assertMatch(rest, /"progress":30/);
    assertEquals([...rest.matchAll(/"progress":(\d+)/g)].map(([, step]) => Number(step))[0], 3);
    assertEquals([toyWork.ended, toyWork.aborted], [1, 0]);
  });
});

Deno.test("[MCP-CLIENT-GONE] 2025: the work stops when its client goes and does not come back", async () => {
  await withStage(async ({ url, toyWork }) => {
    const session = await openSession(url);
    const response = await fetch(url, {
      method: "POST",
      headers: session,
      body: JSON.stringify(call("toy_slow", { steps: 1000 }, { progressToken: "t" })),
    });
    await readUntil(response, /"progress":2/);
    await until(() => toyWork.aborted === 1, "the work to stop");
  }, { deps: { sessions: { abandonMs: 50 } } });
});

Deno.test("[MCP-CLIENT-GONE] 2026: the work stops when its client goes", async () => {
  await withStage(async ({ url, toyWork }) => {
    const response = await modernCall(url, "toy_slow", {
      input: { steps: 1000 },
      meta: { progressToken: "t" },
    });
    await readUntil(response, /"progress":2/);
    await until(() => toyWork.aborted === 1, "the work to stop");
  });
});

Deno.test("[MCP-CLIENT-GONE] both: the work stops when its client goes before it has heard anything", async () => {
  await withStage(async ({ url, toyWork }) => {
    const session = await openSession(url);
    const body = JSON.stringify(call("toy_slow", { steps: 1000 }));
    for (
      const [begun, ask] of [
        (signal: AbortSignal) => fetch(url, { method: "POST", headers: session, body, signal }),
        (signal: AbortSignal) => modernCall(url, "toy_slow", { input: { steps: 1000 }, signal }),
      ].entries()
    ) {
      const leave = new AbortController();
      const asked = ask(leave.signal).then((response) => response.text()).catch(() => "gone");
      await until(() => toyWork.begun === begun + 1, "the work to begin");
      leave.abort();
      assertEquals(await asked, "gone");
      await until(() => toyWork.aborted === begun + 1, "the work to stop");
    }
  }, { deps: { sessions: { abandonMs: 50 } } });
});

Deno.test("[MCP-SESSIONS] fifty sessions at once; those unused for long make room", async () => {
  let now = 0;
  await withStage(async ({ url, mcp }) => {
    const sessions = await Promise.all(Array.from({ length: 50 }, () => openSession(url)));
    assertEquals(mcp.sessionCount, 50);
    const answers = await Promise.all(
      sessions.map((headers) =>
        fetch(url, { method: "POST", headers, body: JSON.stringify(list()) }).then((response) =>
          response.text()
        )
      ),
    );
    assert(answers.every((text) => text.includes('"move_ptz"')));
    now = 1000;
    await openSession(url);
    assertEquals(mcp.sessionCount, 50);
  }, { deps: { sessions: { max: 50, now: () => now } } });
});

/** Reads a stream until its text matches, then leaves it. */
async function readUntil(response: Response, pattern: RegExp): Promise<string> {
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (!pattern.test(text)) {
    const { done, value } = await reader.read();
    if (done) throw new Error(`The stream ended without ${pattern}: ${text}`);
    text += value;
  }
  await reader.cancel();
  return text;
}
