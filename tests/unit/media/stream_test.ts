// FrameStream with real ffmpeg processes: it runs while somebody looks, lingers, restarts, rescales and gives snapshots.
import { assert, assertEquals, assertRejects } from "@std/assert";
import { HubError, isAbort } from "../../../src/base/errors.ts";
import { rescaledSource } from "../../../src/media/rescale.ts";
import { Turns } from "../../../src/base/turns.ts";
import { takeSnapshot } from "../../../src/media/snapshot.ts";
import { type FrameSource, FrameStream } from "../../../src/media/stream.ts";
import type { Program } from "../../../src/process/launcher.ts";
import { readJpegHeader } from "../../../src/protocols/mpjpeg/jpeg.ts";
import { settle } from "../../tools/fake_clock.ts";
import { assertNothingRuns, bench, drawingArgs, until } from "../tools/processes.ts";

const TUNING = {
  lingerMs: 5000,
  startTimeoutMs: 20_000,
  stallTimeoutMs: 20_000,
  backoff: { firstMs: 500, maxMs: 4000 },
};

function source(args = drawingArgs(), program: Program = "ffmpeg"): FrameSource {
  return {
    framing: "mpjpeg",
    spec: () => Promise.resolve({ name: "test", program, args }),
    explain: (exit) => new HubError("unavailable", `ended by ${exit.signal ?? exit.code}`),
  };
}

function setup(from: FrameSource | undefined = source()) {
  const { launcher, clock } = bench();
  const context = { launcher, clock, tuning: TUNING };
  const stream = new FrameStream(context);
  stream.setSource(from);
  const stop = new AbortController();
  const running = [stream.run(stop.signal)];
  const state = (wanted: string) => until(() => stream.state.state === wanted, wanted);
  const frames = (count: number, of = stream) =>
    until(() => of.figures.framesTotal >= count, `${count} frames`);
  const finish = async () => {
    stop.abort();
    await Promise.all(running);
    await until(() => launcher.living.length === 0, "the processes to end");
    await assertNothingRuns(launcher);
    await settle();
  };
  return { launcher, clock, context, stream, stop, running, state, frames, finish };
}

Deno.test("FrameStream: starts nothing without a consumer, and with the first one process", async () => {
  const { launcher, stream, frames, state, finish } = setup();
  await settle();
  assertEquals([launcher.living.length, stream.state.state], [0, "idle"]);
  const releases = [stream.acquire(), stream.acquire(), stream.acquire()];
  await frames(3);
  assertEquals([launcher.living.length, stream.consumers, stream.state.state], [1, 3, "running"]);
  assertEquals([stream.hub.latest?.width, stream.hub.latest?.height], [96, 64]);
  assert(stream.figures.bytesTotal > 3 * 500);
  for (const release of releases) release();
  releases[0]?.();
  assertEquals(stream.consumers, 0);
  await finish();
  await state("idle");
});

Deno.test("FrameStream: lingers after the last consumer, and then stops", async () => {
  const { launcher, clock, stream, frames, state, finish } = setup();
  const release = stream.acquire();
  await frames(1);
  release();
  await clock.advance(4999);
  assertEquals(launcher.living.length, 1);
  await clock.advance(1);
  await state("idle");
  await assertNothingRuns(launcher);
  await finish();
});

Deno.test("FrameStream: a consumer who comes back while it lingers finds it running", async () => {
  const { launcher, clock, stream, frames, finish } = setup();
  const release = stream.acquire();
  await frames(1);
  const [child] = launcher.living;
  release();
  await clock.advance(4000);
  stream.acquire();
  await clock.advance(4000);
  assertEquals(launcher.living.map(({ pid }) => pid), [child?.pid]);
  assertEquals(stream.figures.restartsTotal, 0);
  await finish();
});

Deno.test("FrameStream: stopped and wanted again, it starts anew and goes on counting", async () => {
  const { clock, stream, frames, state, finish } = setup();
  stream.acquire()();
  const release = stream.acquire();
  await frames(2);
  release();
  await settle();
  await clock.advance(5000);
  await state("idle");
  const before = stream.figures.framesTotal;
  const lastSeq = stream.hub.latest?.seq ?? 0;
  stream.acquire();
  await frames(before + 2);
  assert((stream.hub.latest?.seq ?? 0) > lastSeq);
  await finish();
});

Deno.test("FrameStream: another source ends the present process and is read instead; none ends the reading", async () => {
  const { launcher, stream, frames, state, finish } = setup();
  stream.acquire();
  await frames(1);
  const [first] = launcher.living;
  stream.setSource(source(drawingArgs(20)));
  await until(
    () => launcher.living.length === 1 && launcher.living[0]?.pid !== first?.pid,
    "the other process",
  );
  await frames(stream.figures.framesTotal + 1);
  stream.setSource(undefined);
  await state("idle");
  await assertNothingRuns(launcher, [first?.pid ?? 0]);
  await finish();
});

Deno.test("FrameStream: a process that dies is told with its reason, counted and started again", async () => {
  const { launcher, clock, stream, frames, state, finish } = setup();
  stream.acquire();
  await frames(1);
  Deno.kill(launcher.living[0]!.pid, "SIGKILL");
  await state("waiting");
  assert(stream.state.state === "waiting");
  assertEquals(stream.state.error.message, "ended by SIGKILL");
  await clock.advance(500);
  await frames(stream.figures.framesTotal + 1);
  assertEquals(stream.figures.restartsTotal, 1);
  await finish();
});

Deno.test("FrameStream: retryNow ends a wait", async () => {
  const { clock, stream, launcher, frames, state, finish } = setup();
  stream.acquire();
  await frames(1);
  Deno.kill(launcher.living[0]!.pid, "SIGKILL");
  await state("waiting");
  const atMs = clock.monotonic();
  stream.retryNow();
  await frames(stream.figures.framesTotal + 1);
  assertEquals(clock.monotonic(), atMs);
  await finish();
});

Deno.test("FrameStream: bare JPEGs are read as such", async () => {
  const bare = drawingArgs().map((arg) => arg === "mpjpeg" ? "mjpeg" : arg);
  const { stream, frames, finish } = setup({ ...source(bare), framing: "jpeg" });
  stream.acquire();
  await frames(3);
  assertEquals([stream.hub.latest?.width, stream.figures.damagedTotal], [96, 0]);
  await finish();
});

Deno.test("rescaledSource: makes a smaller stream of the camera's, and lets go of it when nobody looks", async () => {
  const { launcher, clock, context, stream, running, stop, frames, finish } = setup();
  const small = new FrameStream(context);
  small.setSource(rescaledSource("cam", stream, { width: 48, quality: 50 }));
  running.push(small.run(stop.signal));
  const release = small.acquire();
  await frames(3, small);
  assertEquals([small.hub.latest?.width, small.hub.latest?.height], [48, 32]);
  assertEquals([stream.hub.latest?.width, stream.consumers], [96, 1]);
  assertEquals(launcher.living.map(({ name }) => name).sort(), ["rescale cam", "test"]);
  release();
  await settle();
  await clock.advance(5000);
  await until(() => stream.consumers === 0, "the camera's stream to be let go");
  await clock.advance(5000);
  await until(() => launcher.living.length === 0, "both processes to end");
  await finish();
});

Deno.test("rescaledSource: never enlarges", async () => {
  const { context, stream, running, stop, frames, finish } = setup();
  const large = new FrameStream(context);
  large.setSource(rescaledSource("cam", stream, { width: 1920 }));
  running.push(large.run(stop.signal));
  large.acquire();
  await frames(1, large);
  assertEquals(large.hub.latest?.width, 96);
  await finish();
});

Deno.test("takeSnapshot: starts an idle stream, takes a picture, and lets the stream stop again", async () => {
  const { launcher, clock, stream, finish } = setup();
  const { signal } = new AbortController();
  const { bytes, capturedAtMs } = await takeSnapshot(stream, {}, {
    launcher,
    clock,
    rescaling: new Turns(2),
    signal,
  });
  assertEquals([readJpegHeader(bytes)?.width, capturedAtMs, stream.consumers], [96, clock.now(), 0]);
  await finish();
});

Deno.test("takeSnapshot: takes a running stream's fresh frame as it is, but not one that is over a second old", async () => {
  const { launcher, clock, stream, frames, finish } = setup();
  const context = { launcher, clock, rescaling: new Turns(2), signal: new AbortController().signal };
  const release = stream.acquire();
  await frames(1);
  const latest = stream.hub.latest;
  const fresh = await takeSnapshot(stream, {}, context);
  assert(fresh.bytes === latest?.bytes || fresh.capturedAtMs === latest?.capturedAtMs);
  Deno.kill(launcher.living[0]!.pid, "SIGSTOP");
  const old = stream.hub.latest?.seq ?? 0;
  await clock.advance(1001);
  const waiting = takeSnapshot(stream, {}, context);
  await settle();
  Deno.kill(launcher.living[0]!.pid, "SIGCONT");
  const later = await waiting;
  assert((stream.hub.latest?.seq ?? 0) > old && later.capturedAtMs === clock.now());
  release();
  await finish();
});

Deno.test("takeSnapshot: rescales to the wish", async () => {
  const { launcher, clock, stream, finish } = setup();
  const { signal } = new AbortController();
  const { bytes } = await takeSnapshot(stream, { width: 32 }, {
    launcher,
    clock,
    rescaling: new Turns(2),
    signal,
  });
  assertEquals([readJpegHeader(bytes)?.width, readJpegHeader(bytes)?.height], [32, 22]);
  await finish();
});

Deno.test("takeSnapshot: fails with the stream's own reason, without waiting for the deadline", async () => {
  const { launcher, clock, stream, finish } = setup(source(["/not/there"], "cat"));
  const { signal } = new AbortController();
  const error = await assertRejects(
    () => takeSnapshot(stream, {}, { launcher, clock, rescaling: new Turns(2), signal }),
    HubError,
  );
  assertEquals([error.kind, error.message, stream.consumers], ["unavailable", "ended by 1", 0]);
  await finish();
});

Deno.test("takeSnapshot: gives up after fifteen seconds, or when the caller goes away", async () => {
  const { launcher, clock, stream, finish } = setup({ ...source(), spec: (signal) => hang(signal) });
  const stop = new AbortController();
  const late = assertRejects(
    () => takeSnapshot(stream, {}, { launcher, clock, rescaling: new Turns(2), signal: stop.signal }),
    HubError,
  );
  await clock.advance(15_000);
  assertEquals((await late).kind, "timeout");
  const left = assertRejects(
    () => takeSnapshot(stream, {}, { launcher, clock, rescaling: new Turns(2), signal: stop.signal }),
    DOMException,
  );
  await settle();
  stop.abort();
  assert(isAbort(await left));
  assertEquals(stream.consumers, 0);
  await finish();
});

function hang(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
}

Deno.test("FrameStream: tells how long the first consumer waited, once, and not those who come later [METRICS-FIRST-FRAME]", async () => {
  const { launcher, clock } = bench();
  const told: number[] = [];
  const stream = new FrameStream({ launcher, clock, tuning: TUNING }, (tookMs) => told.push(tookMs));
  let gate = Promise.withResolvers<void>();
  const gated = { ...source(), spec: async () => (await gate.promise, await source().spec(signal)) };
  const stop = new AbortController();
  const { signal } = stop;
  stream.setSource(gated);
  const running = stream.run(signal);
  const open = async (afterMs: number) => {
    await clock.advance(afterMs);
    const { framesTotal } = stream.figures;
    gate.resolve();
    await until(() => stream.figures.framesTotal > framesTotal, "a picture");
  };
  const first = stream.acquire();
  await open(700);
  assertEquals(told, [700]);
  // A second one, and one who comes while the stream lingers, has a picture at once.
  const second = stream.acquire();
  first();
  second();
  const third = stream.acquire();
  await until(() => stream.figures.framesTotal > 3, "more pictures");
  assertEquals(told, [700]);
  third();
  await clock.advance(TUNING.lingerMs);
  await until(() => stream.state.state === "idle", "the stream to rest");
  // One who leaves before the first picture says nothing of how long it takes.
  gate = Promise.withResolvers();
  stream.acquire()();
  await clock.advance(1000);
  // Nor does the time count in which there is no camera.
  stream.setSource(undefined);
  const fourth = stream.acquire();
  await clock.advance(60_000);
  stream.setSource(gated);
  await open(300);
  assertEquals(told, [700, 300]);
  fourth();
  stop.abort();
  await running;
  await assertNothingRuns(launcher);
});
