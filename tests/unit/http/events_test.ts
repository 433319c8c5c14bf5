// The journal over HTTP: pages, and followers who must miss nothing, see nothing twice and hold nobody up.
import { assert, assertEquals } from "@std/assert";
import { Hono } from "hono";
import { Logger } from "../../../src/base/log.ts";
import type { EventDraft } from "../../../src/events/event.ts";
import { Journal } from "../../../src/events/journal.ts";
import { eventRoutes, type EventSocket, type FollowOptions, serveEvents } from "../../../src/http/events.ts";
import type { GateEnv } from "../../../src/http/gate.ts";
import { OpenStreams } from "../../../src/http/open_streams.ts";
import { problemResponse } from "../../../src/http/problem.ts";
import type { EventMessage } from "../../../src/operations/event_views.ts";
import type { Hub } from "../../../src/operations/hub.ts";
import { Database } from "../../../src/store/database.ts";
import { EventsTable } from "../../../src/store/events_table.ts";
import { FakeClock, settle } from "../../tools/fake_clock.ts";
import { seededRandom } from "../tools/jpegs.ts";
import { until } from "../tools/processes.ts";

interface Desk {
  journal: Journal;
  table: EventsTable;
  clock: FakeClock;
  lines: string[];
  app: Hono<GateEnv>;
  openStreams: OpenStreams;
  draft(change?: Partial<EventDraft>): EventDraft;
  /** Notes so many events and waits until they are written. */
  fill(count: number, change?: Partial<EventDraft>): Promise<void>;
  /** A follower over a socket of the test, open at once. */
  follow(options?: Partial<FollowOptions>): TestSocket;
}

/** The hub's end of a socket, as the test sees it. */
class TestSocket implements EventSocket {
  readyState: EventSocket["readyState"] = WebSocket.OPEN;
  bufferedAmount = 0;
  onopen: WebSocket["onopen"] = null;
  onclose: WebSocket["onclose"] = null;
  onerror: WebSocket["onerror"] = null;
  readonly messages: EventMessage[] = [];
  closedWith: number | undefined;

  send(data: unknown): void {
    this.messages.push(JSON.parse(String(data)));
  }

  close(code?: number): void {
    this.closedWith = code;
    this.leave();
  }

  open(): void {
    this.onopen?.call(this as unknown as WebSocket, new Event("open"));
  }

  leave(): void {
    this.readyState = WebSocket.CLOSED;
    this.onclose?.call(this as unknown as WebSocket, new CloseEvent("close"));
  }

  get changes(): number[] {
    return this.messages.flatMap((message) => message.op === "event" ? [message.change] : []);
  }
}

async function withDesk(work: (desk: Desk) => Promise<void>): Promise<void> {
  const database = await Database.open(":memory:");
  const clock = new FakeClock();
  const lines: string[] = [];
  const log = new Logger((line) => lines.push(line), "debug");
  const table = new EventsTable(database);
  const journal = new Journal({ table, clock, log });
  const openStreams = new OpenStreams();
  const app = new Hono<GateEnv>();
  app.onError((error) => problemResponse(error));
  app.use(async (c, next) => {
    c.set("principal", { user: "ann", role: "admin" });
    c.set("session", "token");
    await next();
  });
  const parts: Pick<Hub, "journal" | "clock"> = { journal, clock };
  app.route("/", eventRoutes({ hub: parts as Hub, log, openStreams }));
  const draft: Desk["draft"] = (change) => ({
    camera: "door",
    kind: "doorbell",
    source: "test",
    startedAtMs: clock.now(),
    ...change,
  });
  const stop = new AbortController();
  const running = journal.run(stop.signal);
  const sockets: TestSocket[] = [];
  try {
    await work({
      journal,
      table,
      clock,
      lines,
      app,
      openStreams,
      draft,
      fill: async (count, change) => {
        const end = (await journal.position()).change + count;
        for (let n = 0; n < count; n++) journal.record(draft(change));
        await until(async () => (await journal.position()).change === end);
      },
      follow: (options = {}) => {
        const socket = new TestSocket();
        sockets.push(socket);
        serveEvents(socket, journal, { clock, log, onEnd: () => {}, ...options });
        socket.open();
        return socket;
      },
    });
  } finally {
    for (const socket of sockets) socket.leave();
    stop.abort();
    await running;
    await database.close();
  }
}

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

Deno.test("GET /api/events: asks list_events, with the words of the address", async () => {
  await withDesk(async ({ app, clock, fill }) => {
    await fill(2, { camera: "yard", kind: "motion" });
    await fill(3);
    const ask = async (query: string) => {
      const response = await app.request(`/api/events${query}`);
      const body = await response.json();
      return [response.status, body.events?.map(({ seq }: { seq: number }) => seq) ?? body.error_code];
    };
    assertEquals(await ask(""), [200, [5, 4, 3, 2, 1]]);
    assertEquals(await ask("?camera=yard&kind=motion"), [200, [2, 1]]);
    assertEquals(await ask("?limit=2&before=3"), [200, [2, 1]]);
    assertEquals(await ask("?after=3"), [200, [4, 5]]);
    assertEquals(await ask(`?from=${clock.now() + 1}`), [200, []]);
    assertEquals(await ask(`?to=${encodeURIComponent(new Date(clock.now() + 1).toISOString())}`), [200, [
      5,
      4,
      3,
      2,
      1,
    ]]);
    for (const wrong of ["?kind=x", "?limit=many", "?colour=red", "?from=soon", "?after=1&before=2"]) {
      assertEquals(await ask(wrong), [400, "invalid_input"], wrong);
    }
    const whole = await (await app.request("/api/events?limit=1")).json();
    assertEquals([whole.success, whole.change, whole.oldest, whole.more], [true, 5, 0, true]);
    assertEquals([whole.events[0].camera_id, whole.events[0].active], ["door", false]);
  });
});

Deno.test("GET /api/events/live: without an upgrade, or with a wish that is none, is refused in words", async () => {
  await withDesk(async ({ app }) => {
    const upgrade = { headers: { upgrade: "websocket" } };
    for (
      const [path, init] of [["", {}], ["?after=x", upgrade], ["?kind=x", upgrade], [
        "?x=1",
        upgrade,
      ]] as const
    ) {
      const response = await app.request(`/api/events/live${path}`, init);
      assertEquals([response.status, (await response.json()).error_code], [400, "invalid_input"], path);
    }
  });
});

Deno.test("serveEvents: without a wish it tells what is written from now on", async () => {
  await withDesk(async ({ journal, clock, draft, fill, follow }) => {
    await fill(3);
    const socket = follow();
    await until(() => socket.messages.length === 1);
    assertEquals(socket.messages[0], { op: "hello", change: 3, oldest: 0 });
    const event = journal.open(draft({ kind: "motion" }));
    await until(() => socket.changes.length === 1);
    event.close(clock.now() + 2000);
    await until(() => socket.changes.length === 2);
    const last = socket.messages.at(-1);
    assert(last?.op === "event");
    assertEquals([socket.changes, last.event.seq, last.event.duration_s], [[4, 5], 4, 2]);
  });
});

Deno.test("serveEvents: catches up over many pages, then goes on live", async () => {
  await withDesk(async ({ fill, follow }) => {
    await fill(450);
    const socket = follow({ after: 20 });
    await until(() => socket.changes.length === 430);
    await fill(5);
    await until(() => socket.changes.length === 435);
    assertEquals(socket.changes, range(21, 455));
  });
});

Deno.test("serveEvents: tells only of the camera and kind that are wanted", async () => {
  await withDesk(async ({ fill, follow }) => {
    await fill(250);
    await fill(1, { camera: "yard", kind: "motion" });
    const camera = follow({ after: 0, camera: "yard" });
    const kind = follow({ after: 0, kind: "motion" });
    await fill(1, { camera: "yard" });
    await fill(1, { kind: "motion" });
    await fill(10);
    await until(() => camera.changes.length === 2 && kind.changes.length === 2);
    await settle();
    assertEquals([camera.changes, kind.changes], [[251, 252], [251, 253]]);
  });
});

Deno.test("serveEvents: while many write, every follower gets each state once and in order, whenever it came", async () => {
  await withDesk(async ({ journal, clock, draft, fill, follow }) => {
    const random = seededRandom(7);
    const followers: { socket: TestSocket; after: number }[] = [];
    const open: ReturnType<Journal["open"]>[] = [];
    for (let turn = 0; turn < 400; turn++) {
      const what = random();
      if (what < 0.5) open.push(journal.open(draft({ kind: "motion" })));
      else if (what < 0.8) open[Math.floor(random() * open.length)]?.close(clock.now() + turn);
      else if (what < 0.84) {
        const after = Math.floor(random() * (await journal.position()).change);
        followers.push({ socket: follow({ after }), after });
      } else if (what < 0.9) await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await until(async () => (await journal.list({ limit: 1000 })).events.length === open.length);
    await fill(1);
    const { change } = await journal.position();
    await until(() => followers.every(({ socket }) => socket.changes.at(-1) === change));
    assert(followers.length > 5);
    const rows = (await journal.list({ limit: 1000 })).events;
    for (const { socket, after } of followers) {
      const seen = socket.changes;
      assertEquals(seen, [...new Set(seen)].sort((a, b) => a - b));
      assert(seen.every((each) => each > after));
      const missing = rows.filter((row) => row.change > after && !seen.includes(row.change));
      assertEquals(missing, []);
      assert(socket.messages.every(({ op }) => op !== "gap"));
    }
  });
});

Deno.test("serveEvents: a follower who comes too late is told of the gap, once, and goes on with what is kept", async () => {
  await withDesk(async ({ journal, table, draft, fill, follow }) => {
    const [lasting] = range(1, 250).map((n) =>
      journal.open(draft({ camera: `c${n}`, kind: "camera_state" }))
    );
    await until(async () => (await journal.position()).change === 250);
    await fill(60);
    assertEquals(await table.prune({ maxRows: 260, endedBeforeMs: 0, batch: 1000 }), 50);
    const [late, timely] = [follow({ after: 0 }), follow({ after: 300 })];
    await until(() => late.changes.length === 260 && timely.changes.length === 10);
    assertEquals(late.messages.slice(0, 2), [
      { op: "hello", change: 310, oldest: 300 },
      { op: "gap", from: 0, to: 300, reason: "pruned" },
    ]);
    assertEquals(late.changes, [...range(1, 250), ...range(301, 310)]);
    lasting?.close(1e13);
    await until(() => late.changes.length === 261 && timely.changes.length === 11);
    const gaps = [late, timely].map(({ messages }) => messages.filter(({ op }) => op === "gap").length);
    assertEquals(gaps, [1, 0]);
  });
});

Deno.test("serveEvents: a follower of another journal is told so, and gets what is new here", async () => {
  await withDesk(async ({ fill, follow }) => {
    await fill(3);
    const socket = follow({ after: 900 });
    await until(() => socket.messages.length === 2);
    assertEquals(socket.messages[1], { op: "gap", from: 900, to: 3, reason: "reset" });
    await fill(2);
    await until(() => socket.changes.length === 2);
    assertEquals(socket.changes, [4, 5]);
  });
});

Deno.test("serveEvents: a full socket is given time; nothing is lost when it takes less than some seconds", async () => {
  await withDesk(async ({ clock, fill, follow }) => {
    const socket = follow();
    await until(() => socket.messages.length === 1);
    socket.bufferedAmount = (1 << 20) + 1;
    await fill(30);
    await settle();
    await clock.advance(4000);
    assertEquals(socket.changes, []);
    socket.bufferedAmount = 1 << 20;
    await clock.advance(500);
    await until(() => socket.changes.length === 30);
    assertEquals(socket.changes, range(1, 30));
  });
});

Deno.test("serveEvents: a socket that stays full jumps to what is new, and others do not wait for it", async () => {
  await withDesk(async ({ clock, fill, follow }) => {
    const [slow, quick] = [follow(), follow()];
    await until(() => slow.messages.length === 1 && quick.messages.length === 1);
    await fill(2);
    await until(() => slow.changes.length === 2);
    slow.bufferedAmount = 2 << 20;
    await fill(300);
    await until(() => quick.changes.length === 302);
    await clock.advance(60_000);
    assertEquals(slow.messages.length, 3);
    slow.bufferedAmount = 0;
    await clock.advance(1000);
    await until(() => slow.messages.length === 4);
    assertEquals(slow.messages[3], { op: "gap", from: 2, to: 302, reason: "slow" });
    await fill(1);
    await until(() => slow.messages.length === 5);
    assertEquals(slow.changes, [1, 2, 303]);
  });
});

Deno.test("serveEvents: a follower who leaves is forgotten, wherever it stands; the end is told once", async () => {
  await withDesk(async ({ clock, lines, fill, follow }) => {
    let ended = 0;
    const onEnd = () => ended++;
    const [waiting, full, early] = [follow({ onEnd }), follow({ onEnd }), follow({ onEnd })];
    early.leave();
    await until(() => waiting.messages.length === 1 && full.messages.length === 1);
    full.bufferedAmount = 2 << 20;
    await fill(1);
    await until(() => waiting.changes.length === 1 && clock.sleeping > 1);
    waiting.leave();
    full.leave();
    await fill(3);
    await settle();
    assertEquals([ended, waiting.changes, full.changes, early.messages], [3, [1], [], []]);
    assertEquals(lines, []);
  });
});

Deno.test("serveEvents: when the journal cannot be read the socket is closed, and the log says why", async () => {
  const database = await Database.open(":memory:");
  const lines: string[] = [];
  const log = new Logger((line) => lines.push(line), "debug");
  const clock = new FakeClock();
  const journal = new Journal({ table: new EventsTable(database), clock, log });
  await database.close();
  const socket = new TestSocket();
  serveEvents(socket, journal, { clock, log, onEnd: () => {} });
  socket.open();
  await until(() => socket.closedWith !== undefined);
  assertEquals([socket.closedWith, lines.length], [1011, 1]);
});

Deno.test("eventRoutes: over a real WebSocket, a follower catches up, goes on live, and is cut when the login ends", async () => {
  await withDesk(async ({ app, openStreams, fill }) => {
    await fill(3);
    const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, app.fetch);
    const socket = new WebSocket(`ws://127.0.0.1:${server.addr.port}/api/events/live?after=1&camera=door`);
    const messages: EventMessage[] = [];
    const closed = Promise.withResolvers<number>();
    socket.onmessage = ({ data }) => messages.push(JSON.parse(data));
    socket.onclose = ({ code }) => closed.resolve(code);
    try {
      await until(() => messages.length === 3);
      await fill(2);
      await until(() => messages.length === 5);
      assertEquals(messages.map((each) => each.op === "event" ? each.change : each.op), [
        "hello",
        2,
        3,
        4,
        5,
      ]);
      openStreams.close("token");
      assertEquals(await closed.promise, 4401);
    } finally {
      socket.close();
      await server.shutdown();
    }
  });
});
