// Zones as masks of the small picture.
import { assertEquals } from "@std/assert";
import type { Zone } from "../../../src/config/camera_rules.ts";
import { HEIGHT, PIXELS, WIDTH } from "../../../src/motion/picture.ts";
import { ZoneMask } from "../../../src/motion/zone_mask.ts";

const box = (left: number, top: number, right: number, bottom: number, name?: string): Zone => ({
  ...(name === undefined ? {} : { name }),
  points: [{ x: left, y: top }, { x: right, y: top }, { x: right, y: bottom }, { x: left, y: bottom }],
});
const count = (mask: ZoneMask, value: number) => mask.of.filter((each) => each === value).length;

Deno.test("[MOTION-POLYGONS] ZoneMask: without zones the whole picture counts, and has no name", () => {
  const mask = new ZoneMask({ zones: [], ignore: [] });
  assertEquals([count(mask, 1), mask.nameOf(1)], [PIXELS, undefined]);
});

Deno.test("[MOTION-POLYGONS] ZoneMask: a rectangle covers its share of the pixels, up to the edges", () => {
  const mask = new ZoneMask({ zones: [box(0, 0, 0.5, 1)], ignore: [] });
  assertEquals(count(mask, 1), PIXELS / 2);
  assertEquals([mask.of[0], mask.of[WIDTH / 2 - 1], mask.of[WIDTH / 2]], [1, 1, 0]);
  assertEquals(count(new ZoneMask({ zones: [box(0, 0, 1, 1)], ignore: [] }), 1), PIXELS);
});

Deno.test("[MOTION-POLYGONS] ZoneMask: a triangle covers half of its rectangle", () => {
  const triangle = { points: [{ x: 0, y: 0 }, { x: 1, y: 0 }, { x: 0, y: 1 }] };
  const share = count(new ZoneMask({ zones: [triangle], ignore: [] }), 1) / PIXELS;
  assertEquals(Math.round(share * 100), 50);
});

Deno.test("[MOTION-POLYGONS] ZoneMask: the first of two zones is named where they overlap; unnamed ones are counted", () => {
  const mask = new ZoneMask({ zones: [box(0, 0, 0.6, 1, "path"), box(0.4, 0, 1, 1)], ignore: [] });
  assertEquals([mask.of[WIDTH / 2], mask.of[WIDTH - 1]], [1, 2]);
  assertEquals([mask.nameOf(1), mask.nameOf(2), mask.nameOf(0)], ["path", "zone 2", undefined]);
});

Deno.test("[MOTION-POLYGONS] ZoneMask: what is ignored counts in no zone, also without zones", () => {
  const ignore = [box(0, 0.5, 1, 1)];
  assertEquals(count(new ZoneMask({ zones: [], ignore }), 0), PIXELS / 2);
  const mask = new ZoneMask({ zones: [box(0, 0, 0.5, 1)], ignore });
  assertEquals(count(mask, 1), PIXELS / 4);
  assertEquals(mask.of[(HEIGHT - 1) * WIDTH], 0);
});

Deno.test("[MOTION-POLYGONS] ZoneMask: a polygon that crosses itself and one without area are taken as they are", () => {
  const bow = { points: [{ x: 0, y: 0 }, { x: 1, y: 1 }, { x: 1, y: 0 }, { x: 0, y: 1 }] };
  const share = count(new ZoneMask({ zones: [bow], ignore: [] }), 1) / PIXELS;
  assertEquals(Math.round(share * 10), 5);
  const line = { points: [{ x: 0, y: 0.5 }, { x: 1, y: 0.5 }, { x: 0.5, y: 0.5 }] };
  assertEquals(count(new ZoneMask({ zones: [line], ignore: [] }), 1), 0);
});
