// The journal over HTTP: pages, and followers who must miss nothing and see nothing twice.
import { assert, assertEquals } from "@std/assert";
import type { Journal } from "../../../src/events/journal.ts";
import type { EventMessage } from "../../../src/operations/event_views.ts";
import { settle } from "../../tools/fake_clock.ts";
import { range, type TestSocket, withDesk } from "../events/followers.ts";
import { seededRandom } from "../tools/jpegs.ts";
import { until } from "../tools/processes.ts";

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

Deno.test("[EVENT-GAPS] serveEvents: while many write, every follower gets each state once and in order, whenever it came", async () => {
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
