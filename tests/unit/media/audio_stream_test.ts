// The sound of a camera with the real ffmpeg: encoded only while somebody listens, and told when there is none.
import { assert, assertEquals, assertRejects } from "@std/assert";
import { HubError, isAbort } from "../../../src/base/errors.ts";
import { AudioStream } from "../../../src/media/audio_stream.ts";
import { PacketStream } from "../../../src/media/packet_stream.ts";
import { settle } from "../../tools/fake_clock.ts";
import { ffmpeg, join } from "../tools/jpegs.ts";
import { assertNothingRuns, bench, until } from "../tools/processes.ts";
import { type Drawing, endlessArgs } from "../tools/videos.ts";

const never = new AbortController().signal;
const TUNING = {
  lingerMs: 5000,
  startTimeoutMs: 20_000,
  stallTimeoutMs: 20_000,
  backoff: { firstMs: 500, maxMs: 500 },
};

function setup(drawing: Drawing = { sound: "pcm_alaw" }) {
  const { launcher, clock } = bench();
  const context = { launcher, clock, tuning: TUNING };
  const packets = new PacketStream({ ...context, tuning: { ...TUNING, lingerMs: 0 } });
  const camera = { refusal: undefined as HubError | undefined, args: endlessArgs(drawing) };
  packets.setSource({
    spec: () =>
      camera.refusal
        ? Promise.reject(camera.refusal)
        : Promise.resolve({ name: "camera a", program: "ffmpeg", args: camera.args }),
    explain: () => new HubError("unavailable", "the camera broke off"),
  });
  const audio = new AudioStream("a", packets, context);
  const stop = new AbortController();
  const running = [packets.run(stop.signal), audio.run(stop.signal)];
  const names = () => launcher.living.map(({ name }) => name).sort();
  const quiet = () => until(() => launcher.living.length === 0, "all processes to end");
  const finish = async () => {
    stop.abort();
    await Promise.all(running);
    await quiet();
    await assertNothingRuns(launcher);
    await settle();
  };
  return { launcher, clock, packets, audio, camera, names, quiet, finish };
}

/** Takes so many frames from a body and lets go of it. */
async function take(body: ReadableStream<Uint8Array<ArrayBuffer>>, count: number) {
  const reader = body.getReader();
  const frames: Uint8Array[] = [];
  while (frames.length < count) {
    const { value, done } = await reader.read();
    if (done) break;
    frames.push(value);
  }
  await reader.cancel();
  return frames;
}

for (const sound of ["pcm_alaw", "aac"] as const) {
  Deno.test(`AudioStream: ${sound} becomes AAC in ADTS that a player takes, while somebody listens and no longer`, async () => {
    const { audio, packets, clock, names, quiet, finish } = setup({ sound });
    await settle();
    assertEquals([names(), audio.state.state], [[], "idle"]);
    const body = audio.listen(never);
    await audio.started(never);
    assertEquals(names(), ["camera a", "sound a"]);
    const frames = await take(body, 10);
    assert(frames.every(([one, two]) => one === 0xff && (two ?? 0) >> 4 === 0xf), "each begins a frame");
    const strict = ["-xerror", "-err_detect", "explode", "-f", "aac", "-i", "pipe:0"];
    const raw = await ffmpeg([...strict, "-f", "s16le", "pipe:1"], join(frames));
    assert(raw.length >= 9 * 1024 * 2, `${raw.length}`);
    assert(new Int16Array(raw.buffer).some((sample) => Math.abs(sample) > 1000), "it is no silence");
    assert(audio.framesTotal >= 10);
    await settle();
    await clock.advance(5000);
    await quiet();
    assertEquals([audio.state.state, packets.consumers], ["idle", 0]);
    await finish();
  });
}

Deno.test("AudioStream: all who listen share one process, and each hears from when it came", async () => {
  const { audio, names, finish } = setup();
  const first = audio.listen(never).getReader();
  await first.read();
  const second = audio.listen(never).getReader();
  const [one, two] = await Promise.all([first.read(), second.read()]);
  assertEquals([one.done, two.done, names()], [false, false, ["camera a", "sound a"]]);
  await first.cancel();
  assertEquals((await second.read()).done, false);
  await second.cancel();
  await finish();
});

Deno.test("AudioStream: who is slow loses what is old, and keeps no more than four seconds", async () => {
  const { audio, finish } = setup({ sound: "pcm_alaw", speed: 8 });
  const slow = audio.listen(never).getReader();
  await slow.read();
  const from = audio.framesTotal;
  const fast = audio.listen(never).getReader();
  while (audio.framesTotal < from + 80) await fast.read();
  let kept = 0;
  const newest = (await fast.read()).value;
  while ((await slow.read()).value !== newest) kept++;
  assert(kept <= 64, `${kept}`);
  await Promise.all([fast.cancel(), slow.cancel()]);
  await finish();
});

Deno.test("AudioStream: a listener that is called off ends its body; one that was before it began holds nothing", async () => {
  const { audio, clock, packets, quiet, finish } = setup();
  const stop = new AbortController();
  const reader = audio.listen(stop.signal).getReader();
  await reader.read();
  const pending = reader.read();
  stop.abort();
  assertEquals([(await pending).done, (await reader.read()).done], [true, true]);
  assertEquals((await audio.listen(AbortSignal.abort()).getReader().read()).done, true);
  await settle();
  await clock.advance(5000);
  await quiet();
  assertEquals([audio.state.state, packets.consumers], ["idle", 0]);
  await finish();
});

Deno.test("AudioStream: a camera without sound is told so, and asked anew for the next listener", async () => {
  const { audio, camera, packets, clock, names, finish } = setup({});
  const stop = new AbortController();
  const body = audio.listen(stop.signal);
  const error = await assertRejects(() => audio.started(never), HubError);
  assertEquals([error.kind, error.message], ["unsupported", 'Camera "a" sends no sound']);
  assert(error.hint);
  assertEquals(names(), ["camera a"]);
  stop.abort();
  await body.cancel();
  // Its microphone is turned on, and somebody listens again before the linger is over.
  camera.args = endlessArgs({ sound: "pcm_alaw" });
  const again = audio.listen(never);
  const { generation } = packets.hub;
  Deno.kill(packets.state.state === "running" ? packets.state.pid : 0, "SIGKILL");
  await until(() => packets.state.state === "waiting", "the camera to break off");
  await until(async () => {
    await clock.advance(500);
    return packets.hub.generation > generation && audio.state.state === "running";
  }, "sound");
  assertEquals((await take(again, 1)).length, 1);
  await finish();
});

Deno.test("AudioStream: a camera that fails is told in its own words, and waiting for it can be called off", async () => {
  const { audio, camera, clock, finish } = setup();
  const stop = new AbortController();
  const called = assertRejects(() => audio.started(stop.signal), DOMException);
  await settle();
  stop.abort();
  assert(isAbort(await called));
  camera.refusal = new HubError("unauthenticated", "The camera refused the account", { retryAtMs: Infinity });
  const body = audio.listen(never);
  const error = await assertRejects(() => audio.started(never), HubError);
  assertEquals(error.message, "The camera refused the account");
  await body.cancel();
  await settle();
  await clock.advance(5000);
  await finish();
});

Deno.test("AudioStream: after a camera's failure that waited for a person, a retry brings the sound to who still listens", async () => {
  const { audio, camera, packets, finish } = setup();
  camera.refusal = new HubError("unauthenticated", "no", { retryAtMs: Infinity });
  const body = audio.listen(never);
  await until(() => audio.state.state === "waiting", "the refusal");
  camera.refusal = undefined;
  packets.retryNow();
  await until(() => packets.state.state === "running", "packets");
  audio.retryNow();
  assertEquals((await take(body, 2)).length, 2);
  await finish();
});
