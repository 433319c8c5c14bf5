// The browser's side of the journal: follows over one socket, goes on after a loss, and keeps its list right.
import { assert, assertEquals } from "@std/assert";
import {
  EventFeed,
  type EventFilter,
  eventsPath,
  MAX_SHOWN,
  parseEventMessage,
  withEvent,
  withLive,
} from "../../../islands/event_feed.ts";
import type { LiveSocketEvents } from "../../../islands/live_client.ts";
import type { EventPageView, EventView } from "../../../src/operations/event_views.ts";

const event = (seq: number, change = seq, more: Partial<EventView> = {}): EventView => ({
  seq,
  change,
  camera_id: "door",
  kind: "motion",
  source: "onvif",
  started_at: "2026-01-01T00:00:00.000Z",
  count: 1,
  active: false,
  duration_s: 1,
  ...more,
});

/** A feed whose sockets and waits the test plays. */
function desk(filter: EventFilter = {}) {
  const sockets: { path: string; events: LiveSocketEvents; isClosed: boolean }[] = [];
  const waits: { delayMs: number; run: () => void }[] = [];
  const seen: string[] = [];
  const feed = new EventFeed({
    filter,
    after: 10,
    openSocket: (path, events) => {
      const socket = { path, events, isClosed: false };
      sockets.push(socket);
      return { send: () => {}, close: () => socket.isClosed = true };
    },
    timers: {
      after: (delayMs, run) => {
        const wait = { delayMs, run };
        waits.push(wait);
        return () => waits.splice(waits.indexOf(wait), 1);
      },
      random: () => 1,
    },
  }, {
    event: ({ seq, change }) => seen.push(`event ${seq}/${change}`),
    gap: () => seen.push("gap"),
    state: (state) => seen.push(state),
  });
  const socket = () => sockets.at(-1)!;
  const tell = (message: object) => socket().events.text(JSON.stringify(message));
  const hello = () => tell({ op: "hello", change: 10, oldest: 0 });
  /** Lets the one waiting attempt begin and returns how long it waited. */
  const pass = () => {
    const [wait] = waits.splice(0);
    assert(wait);
    wait.run();
    return wait.delayMs;
  };
  return { feed, sockets, socket, waits, seen, tell, hello, pass };
}

Deno.test("EventFeed: follows from where the page was loaded, and tells what comes", () => {
  const { feed, socket, seen, tell, hello } = desk({ camera: "door", kind: "motion" });
  feed.start();
  assertEquals(socket().path, "/api/events/live?camera=door&kind=motion&after=10");
  socket().events.opened();
  hello();
  tell({ op: "event", change: 12, event: event(7, 12) });
  assertEquals(seen, ["connecting", "open", "event 7/12"]);
});

Deno.test("EventFeed: after a loss it waits longer each time, and goes on where it was", () => {
  const { feed, socket, sockets, seen, tell, hello, pass } = desk();
  feed.start();
  hello();
  tell({ op: "event", change: 12, event: event(7, 12) });
  socket().events.closed();
  assertEquals(pass(), 500);
  assertEquals(socket().path, "/api/events/live?after=12");
  socket().events.opened();
  socket().events.closed();
  assertEquals([pass(), sockets.length], [1000, 3]);
  hello();
  socket().events.closed();
  assertEquals(pass(), 500);
  assertEquals(seen, ["connecting", "open", "event 7/12", "waiting", "waiting", "open", "waiting"]);
});

Deno.test("EventFeed: a gap is told, and following goes on behind it", () => {
  for (const [reason, after] of [["slow", 40], ["reset", 40], ["pruned", 10]] as const) {
    const { feed, socket, seen, tell, hello, pass } = desk();
    feed.start();
    hello();
    tell({ op: "gap", from: 10, to: 40, reason });
    socket().events.closed();
    pass();
    assertEquals([socket().path, seen[2]], [`/api/events/live?after=${after}`, "gap"]);
  }
});

Deno.test("EventFeed: stopped, it closes its socket, hears nothing more and tries nothing more", () => {
  const { feed, socket, sockets, waits, seen, tell, hello } = desk();
  feed.start();
  hello();
  const last = socket();
  feed.stop();
  tell({ op: "event", change: 12, event: event(7, 12) });
  last.events.closed();
  feed.retryNow();
  assertEquals([last.isClosed, sockets.length, waits.length, seen], [true, 1, 0, ["connecting", "open"]]);
  feed.start();
  socket().events.closed();
  feed.stop();
  assertEquals(waits.length, 0);
});

Deno.test("EventFeed: retryNow ends a wait, and does nothing else", () => {
  const { feed, socket, sockets, waits } = desk();
  feed.start();
  feed.retryNow();
  assertEquals(sockets.length, 1);
  socket().events.closed();
  feed.retryNow();
  assertEquals([sockets.length, waits.length], [2, 0]);
});

const STRANGE = ["", "{", "null", "[]", '"x"', '{"op":"dance"}', '{"op":"event","change":1}', '{"op":"gap"}'];
for (const text of STRANGE) {
  Deno.test(`parseEventMessage: ${JSON.stringify(text)} is nothing`, () => {
    assertEquals(parseEventMessage(text), undefined);
  });
}

Deno.test("eventsPath: says only what was chosen", () => {
  assertEquals(eventsPath("/events", {}), "/events");
  assertEquals(
    eventsPath("/api/events", { camera: "a b", kind: "pet", before: 3 }),
    "/api/events?camera=a+b&kind=pet&before=3",
  );
});

const page = (events: EventView[], more = false): EventPageView => ({ events, change: 5, oldest: 0, more });
const seqs = ({ events }: EventPageView) => events.map(({ seq, change }) => `${seq}/${change}`);

Deno.test("withEvent: a new event stands first, one that changed in its place, an older state nowhere", () => {
  const list = page([event(3), event(2), event(1)]);
  assertEquals(seqs(withEvent(list, event(4))), ["4/4", "3/3", "2/2", "1/1"]);
  assertEquals(seqs(withEvent(list, event(2, 9))), ["3/3", "2/9", "1/1"]);
  assertEquals(withEvent(list, event(2, 2)), list);
  assertEquals(withEvent(list, event(2, 1)), list);
});

Deno.test("withEvent: what lies beyond the loaded page stays there; the list is bounded", () => {
  const some = page([event(30), event(20)], true);
  assertEquals(withEvent(some, event(7, 40)), some);
  assertEquals(seqs(withEvent(page([event(30), event(20)]), event(7, 40))), ["30/30", "20/20", "7/40"]);
  const full = page(Array.from({ length: MAX_SHOWN }, (_, i) => event(2000 - i)));
  const next = withEvent(full, event(2001));
  assertEquals([next.events.length, next.events[0]?.seq, next.more], [MAX_SHOWN, 2001, true]);
});

Deno.test("withLive: keeps what came live after the page was read", () => {
  const loaded = page([event(4, 5), event(3)]);
  const shown = page([event(6), event(4, 7), event(3, 3), event(1, 4)]);
  assertEquals(seqs(withLive(loaded, shown)), ["6/6", "4/7", "3/3"]);
});
