// PictureMeter: how old the shown picture is and how many come, although hub and browser have different clocks.
import { assert, assertEquals } from "@std/assert";
import { PictureMeter } from "../../../islands/picture_meter.ts";

/** The hub's clock runs so far ahead of the browser's. */
const SKEW_MS = 1_700_000_000_000;

/** Draws a picture that was `ageMs` old when sent, and took `networkMs` to come and `drawMs` to draw. */
function draw(meter: PictureMeter, sentMs: number, ageMs: number, networkMs: number, drawMs = 0): number {
  const receivedMs = sentMs + networkMs;
  meter.drawn({ capturedAtMs: SKEW_MS + sentMs - ageMs, ageMs }, receivedMs, receivedMs + drawMs);
  return receivedMs + drawMs;
}

Deno.test("PictureMeter: knows nothing before the first picture, and no rate before the second", () => {
  const meter = new PictureMeter();
  assertEquals(meter.figures(0), undefined);
  const atMs = draw(meter, 1000, 30, 5);
  assertEquals(meter.figures(atMs), { ageMs: 30 });
});

Deno.test("PictureMeter: the age is the hub's, plus drawing, plus the time since", () => {
  const meter = new PictureMeter();
  const atMs = draw(meter, 1000, 30, 5, 12);
  assertEquals([meter.figures(atMs)?.ageMs, meter.figures(atMs + 500)?.ageMs], [42, 542]);
});

Deno.test("PictureMeter: what the network adds beyond its quickest frame counts, whatever the clocks say", () => {
  const meter = new PictureMeter();
  draw(meter, 1000, 30, 20);
  assertEquals(meter.figures(draw(meter, 1100, 30, 300))?.ageMs, 310);
  assertEquals(meter.figures(draw(meter, 2000, 30, 20))?.ageMs, 30);
  assertEquals(meter.figures(draw(meter, 2100, 30, 10))?.ageMs, 30);
  assertEquals(meter.figures(draw(meter, 2200, 30, 20))?.ageMs, 40);
});

Deno.test("PictureMeter: a clock that drifts is followed: the quickest frame of long ago is forgotten", () => {
  const meter = new PictureMeter();
  draw(meter, 0, 30, 5);
  for (let ms = 100; ms <= 95_000; ms += 100) draw(meter, ms, 30, 105);
  assertEquals(meter.figures(draw(meter, 95_100, 30, 105))?.ageMs, 30);
});

Deno.test("PictureMeter: within the half minute the quickest frame stays the measure", () => {
  const meter = new PictureMeter();
  draw(meter, 0, 30, 5);
  for (let ms = 100; ms <= 25_000; ms += 100) draw(meter, ms, 30, 105);
  assertEquals(meter.figures(draw(meter, 25_100, 30, 105))?.ageMs, 130);
});

for (const fps of [0.2, 1, 5, 15, 30, 60]) {
  Deno.test(`PictureMeter: ${fps} pictures per second are told as such`, () => {
    const meter = new PictureMeter();
    let atMs = 0;
    for (let i = 0; i < 20 * Math.max(1, fps); i++) atMs = draw(meter, i * 1000 / fps, 30, 5);
    const figures = meter.figures(atMs + 500 / fps);
    assert(Math.abs((figures?.fps ?? 0) - fps) < 0.001 * fps + 1e-6, `${figures?.fps}`);
  });
}

Deno.test("PictureMeter: when pictures stop the rate falls towards nothing and the age grows", () => {
  const meter = new PictureMeter();
  let atMs = 0;
  for (let i = 0; i < 100; i++) atMs = draw(meter, i * 100, 30, 5);
  const rates = [0, 1000, 5000, 60_000].map((ms) => meter.figures(atMs + ms)?.fps ?? NaN);
  assert(rates[0]! > 9.9 && rates[1]! < 8 && rates[2]! < 3 && rates[3]! < 0.4, rates.join());
  assertEquals(meter.figures(atMs + 60_000)?.ageMs, 60_030);
});

Deno.test("PictureMeter: what has waited and comes at once gives no rate before a second is over", () => {
  const meter = new PictureMeter();
  draw(meter, 1000, 30, 5);
  draw(meter, 1000, 30, 5);
  assertEquals(meter.figures(1005)?.fps, undefined);
  draw(meter, 1006, 30, 5);
  draw(meter, 1950, 30, 5);
  assertEquals(meter.figures(1955)?.fps, undefined);
  draw(meter, 2000, 30, 5);
  assertEquals(meter.figures(2005)?.fps, 4);
});
