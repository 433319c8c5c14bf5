// The browser's side of live pictures: one socket for all cameras, frames acknowledged once drawn, patience in trouble.
import { assert, assertEquals } from "@std/assert";
import {
  LiveClient,
  type LiveConnection,
  type LiveFrame,
  type LiveListener,
  type LiveSocketEvents,
  parseMessage,
  retryDelayMs,
} from "../../../islands/live_client.ts";
import { settle } from "../../tools/fake_clock.ts";

/** The network of a page: sockets that the test opens, closes and speaks through, and timers it lets pass. */
function page() {
  const sockets: { events: LiveSocketEvents; sent: Record<string, unknown>[]; closed: boolean }[] = [];
  const timers = new Map<number, { delayMs: number; run: () => void }>();
  let lastTimer = 0;
  const client = new LiveClient((events) => {
    const socket = { events, sent: [] as Record<string, unknown>[], closed: false };
    sockets.push(socket);
    return { send: (text) => socket.sent.push(JSON.parse(text)), close: () => socket.closed = true };
  }, {
    after: (delayMs, run) => {
      const id = ++lastTimer;
      timers.set(id, { delayMs, run });
      return () => timers.delete(id);
    },
    random: () => 1,
  });
  const socket = () => sockets.at(-1)!;
  /** Lets the one waiting timer pass and returns how long it was. */
  const pass = () => {
    const [entry] = timers;
    assert(entry && timers.size === 1, `${timers.size} timers wait`);
    timers.delete(entry[0]);
    entry[1].run();
    return entry[1].delayMs;
  };
  const tell = (message: Record<string, unknown>) => socket().events.text(JSON.stringify(message));
  const frame = (camera: string, seq: number) => {
    tell({ op: "frame", camera, seq, captured_at_ms: 1000 + seq, age_ms: 7 });
    socket().events.binary(new Uint8Array([seq]).buffer);
  };
  return { client, sockets, socket, timers, pass, tell, frame };
}

function viewer() {
  const seen = {
    frames: [] as LiveFrame[],
    states: [] as LiveConnection[],
    told: [] as string[],
    drawing: [] as PromiseWithResolvers<void>[],
  };
  const listener: LiveListener = {
    frame: (frame) => {
      seen.frames.push(frame);
      const drawn = Promise.withResolvers<void>();
      seen.drawing.push(drawn);
      return drawn.promise;
    },
    status: (status, reason) => seen.told.push(`${status} ${reason ?? ""}`),
    error: (message) => seen.told.push(`error ${message}`),
    connection: (state) => seen.states.push(state),
  };
  return { ...seen, listener };
}

Deno.test("LiveClient: connects with the first picture and asks for all once the socket is open", () => {
  const { client, sockets, socket } = page();
  const [a, b] = [viewer(), viewer()];
  client.subscribe("a", a.listener, { fps: 5 });
  client.subscribe("b", b.listener);
  assertEquals([sockets.length, socket().sent, a.states, b.states], [1, [], ["connecting", "connecting"], [
    "connecting",
  ]]);
  socket().events.opened();
  assertEquals(socket().sent, [{ op: "subscribe", camera: "a", fps: 5 }, { op: "subscribe", camera: "b" }]);
  const late = viewer();
  client.subscribe("c", late.listener, { enoughWidth: 320 });
  assertEquals(socket().sent.at(-1), { op: "subscribe", camera: "c", enough_width: 320 });
  assertEquals([a.states.at(-1), late.states], ["open", ["open"]]);
});

Deno.test("LiveClient: two pictures of one camera share a subscription; the last to leave ends it", () => {
  const { client, socket } = page();
  const leaveFirst = client.subscribe("a", viewer().listener);
  const leaveSecond = client.subscribe("a", viewer().listener);
  socket().events.opened();
  assertEquals(socket().sent.length, 1);
  leaveFirst();
  leaveFirst();
  assertEquals(socket().sent.length, 1);
  leaveSecond();
  leaveSecond();
  assertEquals(socket().sent, [{ op: "subscribe", camera: "a" }, { op: "unsubscribe", camera: "a" }]);
});

Deno.test("LiveClient: a frame goes to its camera's viewers and is acknowledged only when all have drawn it", async () => {
  const { client, socket, frame } = page();
  const [one, two, other] = [viewer(), viewer(), viewer()];
  client.subscribe("a", one.listener);
  client.subscribe("a", two.listener);
  client.subscribe("b", other.listener);
  socket().events.opened();
  frame("a", 3);
  assertEquals([one.frames.length, two.frames.length, other.frames.length], [1, 1, 0]);
  const { jpeg, ...facts } = one.frames[0]!;
  assertEquals([facts, [...new Uint8Array(jpeg)]], [{ camera: "a", seq: 3, capturedAtMs: 1003, ageMs: 7 }, [
    3,
  ]]);
  one.drawing[0]!.resolve();
  await settle();
  assertEquals(socket().sent.length, 2);
  two.drawing[0]!.reject(new Error("damaged picture"));
  await settle();
  assertEquals(socket().sent.at(-1), { op: "ack", camera: "a", seq: 3 });
});

Deno.test("LiveClient: what was drawn for a camera that was left, or on a lost socket, is not acknowledged", async () => {
  const { client, socket, sockets, frame, pass } = page();
  const [a, b] = [viewer(), viewer()];
  const leave = client.subscribe("a", a.listener);
  client.subscribe("b", b.listener);
  socket().events.opened();
  frame("a", 1);
  frame("b", 1);
  leave();
  socket().events.closed();
  pass();
  socket().events.opened();
  a.drawing[0]!.resolve();
  b.drawing[0]!.resolve();
  await settle();
  assertEquals(sockets.flatMap(({ sent }) => sent).filter(({ op }) => op === "ack"), []);
});

Deno.test("LiveClient: a picture without its announcement, and one for a camera nobody watches, is dropped", () => {
  const { client, socket, frame } = page();
  const a = viewer();
  client.subscribe("a", a.listener);
  socket().events.opened();
  socket().events.binary(new ArrayBuffer(1));
  frame("b", 1);
  assertEquals(a.frames.length, 0);
  frame("a", 1);
  socket().events.binary(new ArrayBuffer(1));
  assertEquals(a.frames.length, 1);
});

Deno.test("LiveClient: status and errors reach the viewers of their camera only", () => {
  const { client, socket, tell, pass } = page();
  const [a, b] = [viewer(), viewer()];
  client.subscribe("a", a.listener);
  client.subscribe("b", b.listener);
  socket().events.opened();
  tell({ op: "status", camera: "a", status: "offline", reason: "unplugged" });
  tell({ op: "status", camera: "a", status: "online" });
  tell({ op: "error", camera: "a", message: "too many sizes" });
  assertEquals([a.told, b.told], [["offline unplugged", "online ", "error too many sizes"], []]);
  assertEquals(pass(), 3000);
  assertEquals(socket().sent.filter(({ camera }) => camera === "a").length, 2);
});

Deno.test("LiveClient: refused again and again it asks less and less often, and a frame ends that", () => {
  const { client, socket, tell, pass, frame } = page();
  client.subscribe("a", viewer().listener);
  socket().events.opened();
  const waits: number[] = [];
  for (let i = 0; i < 5; i++) {
    tell({ op: "error", camera: "a", message: "no" });
    waits.push(pass());
  }
  assertEquals(waits, [3000, 6000, 12_000, 15_000, 15_000]);
  frame("a", 1);
  tell({ op: "error", camera: "a", message: "no" });
  assertEquals(pass(), 3000);
});

Deno.test("LiveClient: a lost connection is tried again, later each time; a message proves that it serves", () => {
  const { client, socket, tell, pass } = page();
  const a = viewer();
  client.subscribe("a", a.listener);
  socket().events.opened();
  const waits: number[] = [];
  for (let i = 0; i < 7; i++) {
    socket().events.closed();
    waits.push(pass());
    socket().events.opened();
  }
  assertEquals(waits, [500, 1000, 2000, 4000, 8000, 15_000, 15_000]);
  assertEquals(socket().sent, [{ op: "subscribe", camera: "a" }]);
  tell({ op: "status", camera: "a", status: "online" });
  socket().events.closed();
  assertEquals([a.states.at(-1), pass()], ["waiting", 500]);
});

Deno.test("LiveClient: a socket that never opened is called unavailable at the third try, and tried on", () => {
  const { client, socket, sockets, pass } = page();
  const a = viewer();
  client.subscribe("a", a.listener);
  for (let i = 0; i < 4; i++) {
    socket().events.closed();
    pass();
  }
  assertEquals([a.states, sockets.length], [["connecting", "connecting", "unavailable"], 5]);
  socket().events.opened();
  assertEquals([a.states.at(-1), socket().sent.length], ["open", 1]);
});

Deno.test("LiveClient: retryNow ends a wait, and does nothing without one", () => {
  const { client, socket, sockets, timers } = page();
  client.retryNow();
  assertEquals(sockets.length, 0);
  client.subscribe("a", viewer().listener);
  socket().events.opened();
  client.retryNow();
  assertEquals(sockets.length, 1);
  socket().events.closed();
  client.retryNow();
  assertEquals([sockets.length, timers.size], [2, 0]);
});

Deno.test("LiveClient: ten seconds after the last picture it closes; one that comes earlier keeps it", () => {
  const { client, socket, sockets, timers, pass } = page();
  client.subscribe("a", viewer().listener)();
  assertEquals([...timers.values()].map(({ delayMs }) => delayMs), [10_000]);
  socket().events.opened();
  const leave = client.subscribe("b", viewer().listener);
  assertEquals([timers.size, sockets.length, socket().closed], [0, 1, false]);
  leave();
  assertEquals([pass(), socket().closed], [10_000, true]);
  socket().events.closed();
  assertEquals(timers.size, 0);
  client.subscribe("c", viewer().listener);
  assertEquals(sockets.length, 2);
});

Deno.test("LiveClient: a connection lost after everybody has left is not tried again", () => {
  const { client, socket, sockets, timers } = page();
  const leave = client.subscribe("a", viewer().listener);
  socket().events.opened();
  leave();
  socket().events.closed();
  for (const { run } of [...timers.values()]) run();
  assertEquals(sockets.length, 1);
});

Deno.test("LiveClient: an old socket's late events change nothing", () => {
  const { client, sockets, pass } = page();
  const a = viewer();
  client.subscribe("a", a.listener);
  sockets[0]!.events.opened();
  sockets[0]!.events.closed();
  pass();
  sockets[1]!.events.opened();
  sockets[0]!.events.closed();
  sockets[0]!.events.text(JSON.stringify({ op: "status", camera: "a", status: "old" }));
  assertEquals([a.told, a.states.at(-1), sockets.length], [[], "open", 2]);
});

Deno.test("retryDelayMs: doubles up to fifteen seconds; the upper half is chance", () => {
  assertEquals([1, 2, 3, 6, 60].map((failures) => retryDelayMs(failures, 500, 1)), [
    500,
    1000,
    2000,
    15_000,
    15_000,
  ]);
  assertEquals([retryDelayMs(1, 500, 0), retryDelayMs(60, 500, 0), retryDelayMs(0, 500, 1)], [
    250,
    7500,
    500,
  ]);
});

const MESSAGES: [string, ReturnType<typeof parseMessage>][] = [
  ['{"op":"frame","camera":"a","seq":1,"captured_at_ms":2,"age_ms":3}', {
    op: "frame",
    header: { camera: "a", seq: 1, capturedAtMs: 2, ageMs: 3 },
  }],
  ['{"op":"status","camera":"a","status":"online"}', { op: "status", camera: "a", status: "online" }],
  ['{"op":"error","camera":"a","message":"m","x":1}', { op: "error", camera: "a", message: "m" }],
  ['{"op":"frame","camera":"a","seq":"1","captured_at_ms":2,"age_ms":3}', undefined],
  ['{"op":"error","message":"without a camera"}', undefined],
  ['{"op":"other","camera":"a"}', undefined],
  ["null", undefined],
  ["[]", undefined],
  ["no json", undefined],
];
for (const [text, expected] of MESSAGES) {
  Deno.test(`parseMessage: ${text}`, () => assertEquals(parseMessage(text), expected));
}
