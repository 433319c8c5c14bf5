// The slot with the newest frame, one consumer's tap on it, and the rate meter: who is slow skips, and it is counted.
import { assert, assertEquals, assertRejects } from "@std/assert";
import { isAbort } from "../../../src/base/errors.ts";
import { type Frame, FrameHub } from "../../../src/media/frame_hub.ts";
import { FrameTap } from "../../../src/media/frame_tap.ts";
import { RateMeter } from "../../../src/media/rate_meter.ts";
import { FakeClock, settle } from "../../tools/fake_clock.ts";

const picture = (size = 10) => ({ bytes: new Uint8Array(size).fill(7), width: 4, height: 3 });

Deno.test("FrameHub: numbers frames from 1, keeps the newest, and frames each once as a part", () => {
  const hub = new FrameHub();
  assertEquals(hub.latest, undefined);
  const first = hub.publish(picture(), 1000);
  const second = hub.publish(picture(20), 2000);
  assertEquals([first.seq, second.seq, hub.latest === second], [1, 2, true]);
  assertEquals([second.capturedAtMs, second.width, second.height, second.bytes.length], [2000, 4, 3, 20]);
  const part = new TextDecoder("latin1").decode(second.part);
  assert(part.includes("Content-Length: 20\r\n") && part.includes("X-Sequence: 2\r\n"));
});

Deno.test("FrameHub: next gives at once what is newer, else waits for it", async () => {
  const hub = new FrameHub();
  const { signal } = new AbortController();
  const waiting = hub.next(0, signal);
  const first = hub.publish(picture(), 1);
  assertEquals(await waiting, first);
  assertEquals(await hub.next(0, signal), first);
  let got: Frame | undefined;
  const second = hub.next(1, signal).then((frame) => got = frame);
  await settle();
  assertEquals(got, undefined);
  hub.publish(picture(), 2);
  await second;
  assertEquals(got?.seq, 2);
});

Deno.test("FrameHub: an abort ends a wait, before or during it", async () => {
  const hub = new FrameHub();
  const stop = new AbortController();
  const waiting = assertRejects(() => hub.next(0, stop.signal), DOMException);
  stop.abort();
  assert(isAbort(await waiting));
  hub.publish(picture(), 1);
  assert(isAbort(await assertRejects(() => hub.next(0, stop.signal), DOMException)));
});

Deno.test("FrameHub: all who wait get the same frame; onNext calls once, and not after it was cancelled", () => {
  const hub = new FrameHub();
  const got: string[] = [];
  hub.onNext((frame) => got.push(`a${frame.seq}`));
  hub.onNext((frame) => got.push(`b${frame.seq}`));
  const cancel = hub.onNext(() => got.push("cancelled"));
  cancel();
  hub.publish(picture(), 1);
  hub.publish(picture(), 2);
  assertEquals(got, ["a1", "b1"]);
});

Deno.test("FrameHub: who asks again while being served gets the next frame, not the same", () => {
  const hub = new FrameHub();
  const got: number[] = [];
  const again = (frame: Frame) => {
    got.push(frame.seq);
    hub.onNext(again);
  };
  hub.onNext(again);
  for (let i = 1; i <= 3; i++) hub.publish(picture(), i);
  assertEquals(got, [1, 2, 3]);
});

function tapped(fps?: number) {
  const clock = new FakeClock();
  const hub = new FrameHub();
  const publish = (size = 10) => hub.publish(picture(size), clock.now());
  const got: number[] = [];
  const tap = () => new FrameTap(hub, { clock, fps });
  const take = (frame: Frame) => got.push(frame.seq);
  return { clock, hub, publish, got, tap, take };
}

Deno.test("FrameTap: gives one frame for each request, the newest, and counts what was skipped", () => {
  const { publish, got, tap, take } = tapped();
  const one = tap();
  one.request(take);
  assertEquals(one.isWaiting, true);
  publish(100);
  assertEquals([one.isWaiting, one.figures.dropped], [false, 0]);
  for (let i = 0; i < 4; i++) publish();
  assertEquals(got, [1]);
  one.request(take);
  assertEquals(got, [1, 5]);
  assertEquals([one.figures.frames, one.figures.bytes, one.figures.dropped], [2, 110, 3]);
  one.request(take);
  publish();
  assertEquals([got.at(-1), one.figures.dropped], [6, 3]);
});

Deno.test("FrameTap: a frame is never given twice, and a withdrawn request gets none", () => {
  const { publish, got, tap, take } = tapped();
  const one = tap();
  publish();
  one.request(take);
  one.request(take);
  assertEquals([got, one.isWaiting], [[1], true]);
  one.cancel();
  publish();
  assertEquals([got, one.isWaiting], [[1], false]);
});

Deno.test("FrameTap: who joins gets a fresh picture at once, but not one of an earlier run", async () => {
  const { clock, publish, got, tap, take } = tapped();
  publish();
  await clock.advance(1000);
  tap().request(take);
  assertEquals(got, [1]);
  await clock.advance(1);
  const late = tap();
  late.request(take);
  assertEquals([got, late.isWaiting], [[1], true]);
  publish();
  assertEquals([got, late.figures.dropped], [[1, 2], 0]);
});

Deno.test("FrameTap: tells the age of a frame when it is handed over", async () => {
  const { clock, publish, tap, take } = tapped();
  const one = tap();
  assertEquals(one.figures.ageMs, undefined);
  publish();
  await clock.advance(120);
  one.request(take);
  assertEquals(one.figures.ageMs, 120);
});

for (
  const [fps, cameraFps, expected] of [[5, 30, 5], [10, 30, 10], [15, 15, 15], [1, 30, 1], [
    0.5,
    10,
    0.5,
  ]] as const
) {
  Deno.test(`FrameTap: at most ${fps} fps of a camera's ${cameraFps}, and what is left out is no drop`, async () => {
    const { clock, publish, tap } = tapped(fps);
    const one = tap();
    let count = 0;
    const ask = () =>
      one.request(() => {
        count++;
        queueMicrotask(ask);
      });
    ask();
    const seconds = 20;
    for (let i = 0; i < seconds * cameraFps; i++) {
      publish();
      await clock.advance(1000 / cameraFps);
    }
    const rate = count / seconds;
    assert(rate >= 0.9 * expected && rate <= 1.12 * expected + 1 / seconds, `${rate} fps`);
    assertEquals(one.figures.dropped, 0);
    one.cancel();
  });
}

Deno.test("RateMeter: knows no rate in the first second, then tells rate and size per second", () => {
  const meter = new RateMeter();
  assertEquals(meter.rates(5000), undefined);
  for (let ms = 5300; ms < 6300; ms += 100) meter.add(1000, ms);
  assertEquals(meter.rates(6299), undefined);
  for (let ms = 6300; ms <= 9300; ms += 100) meter.add(1000, ms);
  const rates = meter.rates(9300)!;
  assert(Math.abs(rates.count - 10) < 0.5 && Math.abs(rates.sum - 10_000) < 500, JSON.stringify(rates));
});

for (const fps of [1, 5, 30, 240]) {
  Deno.test(`RateMeter: ${fps} per second for a minute are told as such at any moment`, () => {
    const meter = new RateMeter();
    for (let i = 0; i < 60 * fps; i++) {
      const nowMs = 123_456.7 + i * 1000 / fps;
      meter.add(50, nowMs);
      const rates = meter.rates(nowMs);
      if (i < 6 * fps) continue;
      assert(Math.abs(rates!.count - fps) <= Math.max(0.35, fps * 0.01), `${rates!.count} at ${i}`);
      assert(Math.abs(rates!.sum / rates!.count - 50) < 1e-9);
    }
  });
}

Deno.test("RateMeter: falls to nothing when nothing comes, and after a reset knows nothing", () => {
  const meter = new RateMeter();
  for (let ms = 0; ms < 10_000; ms += 100) meter.add(1, ms);
  assertEquals(meter.rates(20_000), { count: 0, sum: 0 });
  meter.add(1, 1_000_000);
  assertEquals(meter.rates(1_000_500)!.count <= 1, true);
  meter.reset();
  assertEquals(meter.rates(1_000_600), undefined);
});
