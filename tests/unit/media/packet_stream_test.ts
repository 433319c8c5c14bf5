// PacketStream with the real ffmpeg: packets, key frames and figures; restarts; and the readers that feed on it.
import { assert, assertEquals, assertRejects } from "@std/assert";
import { HubError, isAbort } from "../../../src/base/errors.ts";
import { PacketStream } from "../../../src/media/packet_stream.ts";
import { feedPackets, packetsRunning, transcodedSource } from "../../../src/media/transcode.ts";
import { FrameStream } from "../../../src/media/stream.ts";
import type { ProcessSpec } from "../../../src/process/launcher.ts";
import { videoTrack } from "../../../src/protocols/fmp4/init_segment.ts";
import { settle } from "../../tools/fake_clock.ts";
import { ffmpeg, join } from "../tools/jpegs.ts";
import { assertNothingRuns, bench, until } from "../tools/processes.ts";
import { type Drawing, endlessArgs, splitVideo } from "../tools/videos.ts";

const never = new AbortController().signal;
const TUNING = {
  lingerMs: 5000,
  startTimeoutMs: 20_000,
  stallTimeoutMs: 20_000,
  backoff: { firstMs: 500, maxMs: 500 },
};

/** A camera that makes video, read while it is wanted. */
function setup(drawing: Drawing = { sound: "pcm_alaw" }) {
  const { launcher, clock } = bench();
  const context = { launcher, clock, tuning: TUNING };
  const packets = new PacketStream(context);
  const camera = { refusal: undefined as HubError | undefined, args: endlessArgs(drawing) };
  packets.setSource({
    spec: () =>
      camera.refusal
        ? Promise.reject(camera.refusal)
        : Promise.resolve({ name: "camera a", program: "ffmpeg", args: camera.args }),
    explain: (exit) => new HubError("unavailable", `camera ended by ${exit.signal ?? exit.code}`),
  });
  const stop = new AbortController();
  const running = [packets.run(stop.signal)];
  const finish = async () => {
    stop.abort();
    await Promise.all(running);
    await until(() => launcher.living.length === 0, "the processes to end");
    await assertNothingRuns(launcher);
    await settle();
  };
  const state = (wanted: string) => until(() => packets.state.state === wanted, wanted);
  const kill = () => Deno.kill(launcher.living.find(({ name }) => name === "camera a")!.pid, "SIGKILL");
  return { launcher, clock, context, packets, camera, stop, running, finish, state, kill };
}

Deno.test("PacketStream: begins at a key frame, counts packets, key frames and bytes, and ends with the last consumer", async () => {
  const { packets, clock, launcher, state, finish } = setup();
  assertEquals([packets.hub.init, packets.isFlowing], [undefined, false]);
  const release = packets.acquire();
  await until(() => packets.figures.keyFramesTotal >= 3, "three key frames");
  const { packetsTotal, bytesTotal, keyFramesTotal, restartsTotal } = packets.figures;
  assert(
    packetsTotal > 3 * keyFramesTotal && bytesTotal > 100 * packetsTotal,
    JSON.stringify(packets.figures),
  );
  assertEquals([restartsTotal, packets.isFlowing, packets.consumers], [0, true, 1]);
  const { init, packets: group } = await packets.hub.next(0, never);
  assertEquals(init.tracks.map(({ kind }) => kind), ["video", "audio"]);
  assertEquals([group[0]?.kind, group[0]?.isKey], ["video", true]);
  assertEquals(group.filter(({ isKey }) => isKey).length, 1);
  release();
  await clock.advance(5000);
  await state("idle");
  assertEquals([launcher.living.length, packets.isFlowing, packets.hub.init === init], [0, false, true]);
  await finish();
});

Deno.test("PacketStream: what a reader collects is a stream that decodes, from whenever it came", async () => {
  const { packets, finish } = setup();
  packets.acquire();
  await until(() => packets.figures.packetsTotal > 12, "packets");
  let seq = 0;
  const parts: Uint8Array[] = [];
  while (parts.length < 20) {
    const batch = await packets.hub.next(seq, never);
    if (seq === 0) parts.push(batch.init.bytes);
    parts.push(...batch.packets.map(({ bytes }) => bytes));
    seq = batch.packets.at(-1)?.seq ?? 0;
  }
  await finish();
  const stream = join(parts);
  const strict = ["-xerror", "-err_detect", "explode", "-f", "mp4", "-i", "pipe:0", "-map", "0:v"];
  const raw = await ffmpeg([
    ...strict,
    "-f",
    "rawvideo",
    "-pix_fmt",
    "gray",
    "-fps_mode",
    "passthrough",
    "pipe:1",
  ], stream);
  const video = videoTrack(splitVideo(stream).inits[0]!)?.id;
  const pictures = splitVideo(stream).fragments.filter(({ trackId }) => trackId === video).length;
  assertEquals(raw.length, pictures * 96 * 64);
});

Deno.test("PacketStream: a camera that breaks off is another generation, with numbers that go on", async () => {
  const { packets, clock, state, kill, finish } = setup();
  packets.acquire();
  await until(() => packets.figures.packetsTotal > 5, "packets");
  kill();
  await state("waiting");
  const { generation } = packets.hub;
  const before = packets.figures.packetsTotal;
  const next = packets.hub.next(0, never);
  await clock.advance(500);
  const { packets: [first] } = await next;
  assertEquals([first?.generation, first?.isKey, first?.seq], [generation + 1, true, before + 1]);
  assertEquals(packets.figures.restartsTotal, 1);
  await finish();
});

Deno.test("PacketStream: what is no MP4 is told so, and tried again", async () => {
  const { packets, camera, clock, state, finish } = setup();
  camera.args = [
    "-loglevel",
    "error",
    "-f",
    "lavfi",
    "-i",
    "testsrc2=size=96x64",
    "-t",
    "1",
    "-f",
    "mpegts",
    "pipe:1",
  ];
  packets.acquire();
  await state("waiting");
  assert(packets.state.state === "waiting");
  assertEquals(packets.state.error.message, "The stream is not the MP4 it should be");
  camera.args = endlessArgs();
  await clock.advance(500);
  await state("running");
  await finish();
});

Deno.test("packetsRunning: waits until packets flow, tells why they do not, and can be called off", async () => {
  const { packets, camera, state, finish } = setup();
  const stop = new AbortController();
  const called = assertRejects(() => packetsRunning(packets, stop.signal), DOMException);
  await settle();
  stop.abort();
  packets.changes.notify();
  assert(isAbort(await called));
  const refusal = new HubError("unauthenticated", "no", { retryAtMs: Infinity });
  camera.refusal = refusal;
  packets.acquire();
  await state("waiting");
  assert(await assertRejects(() => packetsRunning(packets, never), HubError) === refusal);
  camera.refusal = undefined;
  packets.retryNow();
  await until(() => packets.state.state !== "waiting");
  await packetsRunning(packets, never);
  assert(packets.isFlowing);
  await finish();
});

Deno.test("feedPackets: gives the beginning and what is wanted, and ends with its reader, its source or its caller", async () => {
  const { launcher, packets, kill, finish } = setup();
  packets.acquire();
  await packetsRunning(packets, never);
  const CAT: ProcessSpec = { name: "reader", program: "cat", args: [], stdin: "piped" };
  for (const ending of ["reader", "caller", "source"] as const) {
    const reader = launcher.spawn(CAT);
    const stop = new AbortController();
    const seen: Uint8Array[] = [];
    const reading = (async () => {
      for await (const chunk of reader.stdout) seen.push(chunk.slice());
    })();
    const feeding = feedPackets(reader, packets, stop.signal, ({ kind }) => kind === "audio");
    await until(() => splitVideo(join(seen)).fragments.length > 3, "what was fed");
    const { inits, fragments } = splitVideo(join(seen));
    const sound = inits[0]?.tracks[1]?.id;
    assert(fragments.every(({ trackId }) => trackId === sound));
    if (ending === "reader") await reader.stop();
    else if (ending === "caller") stop.abort();
    else kill();
    await feeding;
    await reader.stop();
    await reading;
  }
  await finish();
});

Deno.test("transcodedSource: each picture comes back as a frame with the time at which its packet came", async () => {
  const { context, packets, clock, running, stop, finish } = setup({ gop: 10, sound: "aac" });
  const frames = new FrameStream(context);
  frames.setSource(transcodedSource("a", packets));
  running.push(frames.run(stop.signal));
  frames.acquire();
  await until(() => frames.figures.framesTotal > 3, "frames");
  const before = clock.now();
  await clock.advance(1000);
  const pictures = packets.figures.packetsTotal;
  await until(() => (frames.hub.latest?.capturedAtMs ?? 0) > before, "a picture of the new time");
  assertEquals(frames.hub.latest?.capturedAtMs, before + 1000);
  assert(packets.figures.packetsTotal >= pictures);
  assertEquals([frames.hub.latest?.width, frames.figures.damagedTotal], [96, 0]);
  await finish();
});

Deno.test("transcodedSource: a decoder that dies is told as that, a camera that dies as the camera", async () => {
  const { context, packets, camera, launcher, clock, running, stop, finish, kill } = setup({});
  const frames = new FrameStream(context);
  frames.setSource(transcodedSource("a", packets));
  running.push(frames.run(stop.signal));
  const release = frames.acquire();
  await until(() => frames.figures.framesTotal > 1, "frames");
  Deno.kill(launcher.living.find(({ name }) => name === "transcode a")!.pid, "SIGKILL");
  await until(() => frames.state.state === "waiting", "the fault");
  assert(frames.state.state === "waiting");
  assertEquals([frames.state.error.message, packets.state.state], [
    "The video could not be decoded",
    "running",
  ]);
  await clock.advance(500);
  await until(() => frames.state.state === "running", "frames again");
  camera.refusal = new HubError("unavailable", "away");
  kill();
  await until(
    () => packets.state.state === "waiting" && frames.state.state === "waiting",
    "the camera's fault",
  );
  assert(frames.state.state === "waiting");
  assertEquals(frames.state.error.message, "camera ended by SIGKILL");
  release();
  await settle();
  await clock.advance(5000);
  await until(() => frames.state.state === "idle", "the frames to rest");
  assertEquals(packets.consumers, 0);
  await clock.advance(5000);
  await until(() => packets.state.state === "idle", "the camera to rest");
  await finish();
});
