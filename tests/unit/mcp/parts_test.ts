// The parts of MCP by themselves: news, names of hosts, words of results, the page for clients that render it.
import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { Changes } from "../../../src/base/changes.ts";
import { HubError } from "../../../src/base/errors.ts";
import { appPage } from "../../../src/mcp/app_page.ts";
import { McpChanges } from "../../../src/mcp/changes.ts";
import { DOCS_PAGES, readDocsPage } from "../../../src/mcp/docs_pages.ts";
import { EventBudget, RecentEvents } from "../../../src/mcp/event_store.ts";
import { feedChanges } from "../../../src/mcp/feed.ts";
import { refuseForeignHost } from "../../../src/base/hosts.ts";
import { resultText } from "../../../src/mcp/result_text.ts";
import { LAYOUT } from "../tools/app.ts";

Deno.test("McpChanges: the first change is told at once, those of the next moment together", async () => {
  const changes = new McpChanges(() => {}, 30);
  const told: string[] = [];
  changes.bus.subscribe((event) => void told.push("uri" in event ? event.uri : event.kind));
  for (let times = 0; times < 100; times++) changes.resourceUpdated("hub://events");
  changes.resourceUpdated("hub://status");
  assertEquals(told, ["hub://events", "hub://status"]);
  await new Promise((resolve) => setTimeout(resolve, 100));
  assertEquals(told, ["hub://events", "hub://status", "hub://events"]);
  changes.resourceUpdated("hub://events");
  changes.resourceUpdated("hub://events");
  changes.close();
  await new Promise((resolve) => setTimeout(resolve, 60));
  assertEquals(told.length, 4);
});

Deno.test("feedChanges: cameras that come, go and change, and events, each tell those who follow them", () => {
  const changes = new McpChanges(() => {}, 0);
  let told: string[] = [];
  changes.bus.subscribe((event) => void told.push("uri" in event ? event.uri : event.kind));
  const camera = (id: string, status = "online") => ({ id, spec: { name: id }, status: { status } });
  const manager = { changes: new Changes(), cameras: [camera("a")] };
  const listeners: ((event: { camera?: string; kind: string }) => void)[] = [];
  const journal = {
    subscribe: (listener: typeof listeners[0]) => (listeners.push(listener), () => listeners.pop()),
  };
  const stop = feedChanges(changes, { manager, journal } as unknown as Parameters<typeof feedChanges>[1]);
  const after = (act: () => void) => {
    changes.close();
    told = [];
    act();
    return told;
  };
  const set = (...cameras: ReturnType<typeof camera>[]) => {
    manager.cameras = cameras;
    manager.changes.notify();
  };
  assertEquals(after(() => set(camera("a"))), []);
  assertEquals(after(() => set(camera("a", "offline"))), ["camera://a/status", "hub://status"]);
  assertEquals(after(() => set(camera("a", "offline"), camera("b"))), [
    "resources_list_changed",
    "camera://b/status",
    "hub://status",
  ]);
  assertEquals(after(() => set(camera("b"))), [
    "resources_list_changed",
    "camera://a/status",
    "hub://status",
  ]);
  assertEquals(after(() => listeners[0]?.({ camera: "b", kind: "motion" })), [
    "hub://events",
    "camera://b/snapshot",
  ]);
  for (const kind of ["camera_state", "recording", "alarm", "alert", "workflow", "config_change"]) {
    assertEquals(after(() => listeners[0]?.({ camera: "b", kind })), ["hub://events"], kind);
  }
  assertEquals(after(() => listeners[0]?.({ kind: "login" })), ["hub://events"]);
  stop();
  assertEquals([after(() => set()), listeners.length], [[], 0]);
  changes.close();
});

Deno.test("refuseForeignHost: addresses and local names pass, names of the public DNS do not", () => {
  const mine = [
    "127.0.0.1",
    "192.168.1.5:7777",
    "[::1]:7777",
    "[fe80::1]",
    "localhost:7777",
    "pi",
    "pi.local",
    "Pi.LAN:7777",
  ];
  for (const host of [...mine, "hub.example.org:8443"]) {
    refuseForeignHost({ host, origin: undefined }, ["hub.example.org"]);
  }
  for (
    const host of [
      "evil.com",
      "127.0.0.1.evil.com",
      "localhost.evil.com",
      "hub.example.org.evil.com",
      "",
      "a b",
      "pi.local@evil.com",
    ]
  ) {
    assertThrows(() => refuseForeignHost({ host, origin: undefined }, ["hub.example.org"]), HubError);
  }
  assertThrows(() => refuseForeignHost({ host: "pi", origin: "https://evil.com" }, []), HubError);
  assertThrows(() => refuseForeignHost({ host: "pi", origin: "null" }, []), HubError);
});

Deno.test("resultText: reads like a list, with yes, no and none, and is cut where it is long", () => {
  const text = resultText({
    success: true,
    unknown: undefined,
    cameras: [{ id: "a", tags: ["x", "y"], stream: { fps: 5 } }, { id: "b", tags: [] }],
    empty: {},
    rows: [[1, 2]],
  });
  assertEquals(
    text,
    [
      "success: yes",
      "cameras: 2",
      "  - id: a",
      "    tags: x, y",
      "    stream:",
      "      fps: 5",
      "  - id: b",
      "    tags: none",
      "empty: none",
      "rows: 1",
      "  - -: 1, 2",
    ].join("\n").replace("- -:", "- -"),
  );
  assertMatch(resultText({ long: "x".repeat(30_000) }), /… 6006 characters more; ask for less at once$/);
});

Deno.test("RecentEvents: replays what came after an event of its stream, and forgets the oldest", async () => {
  const store = new RecentEvents({ events: 3, bytes: 10_000 });
  const message = (id: number) => ({ jsonrpc: "2.0" as const, id, result: {} });
  const ids = [];
  for (const [id, stream] of [[1, "x"], [2, "y"], [3, "x"], [4, "x"]] as const) {
    ids.push(await store.storeEvent(stream, message(id)));
  }
  const replay = async (after: string) => {
    const sent: unknown[] = [];
    const stream = await store.replayEventsAfter(after, {
      send: (_, each) => Promise.resolve(void sent.push("id" in each && each.id)),
    });
    return [stream, sent];
  };
  assertEquals(await replay(ids[2] ?? ""), ["x", [4]]);
  assertEquals(await replay(ids[0] ?? ""), ["", []]);
  assertEquals(await store.getStreamIdForEventId(ids[1] ?? ""), "y");
  const small = new RecentEvents({ events: 100, bytes: 100 });
  const first = await small.storeEvent("x", message(1));
  await small.storeEvent("x", { jsonrpc: "2.0", id: 2, result: { data: "x".repeat(500) } });
  assertEquals(await small.getStreamIdForEventId(first), undefined);
});

Deno.test("EventBudget: all sessions together; the oldest of finished streams goes first, then the oldest", async () => {
  const budget = new EventBudget(1000);
  const [one, two] = [new RecentEvents(undefined, budget), new RecentEvents(undefined, budget)];
  const data = "x".repeat(200);
  const news = { jsonrpc: "2.0" as const, method: "notifications/message", params: { data } };
  const answer = { jsonrpc: "2.0" as const, id: 1, result: { data } };
  const open = await one.storeEvent("open", news);
  const done = [await two.storeEvent("done", news), await two.storeEvent("done", answer)];
  const kept = async () => [
    await one.getStreamIdForEventId(open),
    ...await Promise.all(done.map((id) => two.getStreamIdForEventId(id))),
  ];
  assertEquals(await kept(), ["open", "done", "done"]);
  await one.storeEvent("open", news);
  assertEquals(await kept(), ["open", undefined, "done"]);
  await one.storeEvent("open", news);
  assertEquals(await kept(), ["open", undefined, undefined]);
  await one.storeEvent("open", news);
  assertEquals(await kept(), [undefined, undefined, undefined]);
  assert(budget.sizeBytes > 500 && budget.sizeBytes <= 1000, `${budget.sizeBytes} bytes`);
  one.close();
  await one.storeEvent("open", news);
  assertEquals(budget.sizeBytes, 0, "an ended session keeps nothing");
});

Deno.test("readDocsPage: every page is there, and nothing beside them", async () => {
  for (const page of Object.keys(DOCS_PAGES)) assertMatch(await readDocsPage(LAYOUT.docsDir, page), /^# /);
  for (const page of ["../README", "toString", "decisions.md", ""]) {
    await readDocsPage(LAYOUT.docsDir, page).then(
      () => assert(false, page),
      ({ kind }) => assertEquals(kind, "not_found"),
    );
  }
});

Deno.test("[MCP-APP] the page is one document below 20 KB that needs no network", async () => {
  const page = await appPage(LAYOUT.staticDir);
  const { length } = new TextEncoder().encode(page);
  assert(length < 20_000, `${length} bytes`);
  assertMatch(page, /<style>[\s\S]+<\/style>[\s\S]+<script type="module">[\s\S]+<\/script>/);
  assert(!/https?:\/\/|src="|href="|@import/.test(page), "it fetches something");
  assertEquals(page.match(/<\/script>/g)?.length, 1);
});
