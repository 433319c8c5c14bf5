// The parts of the detector that look at a picture: medians, things, light, the camera's own turning, output of ffmpeg.
import { assert, assertEquals } from "@std/assert";
import { BlobFinder } from "../../../src/motion/blobs.ts";
import { CameraShift } from "../../../src/motion/camera_shift.ts";
import { grayIntake } from "../../../src/motion/gray_source.ts";
import { isLight } from "../../../src/motion/light.ts";
import { MedianOfDifferences } from "../../../src/motion/median.ts";
import { despeckle, HEIGHT, PIXELS, WIDTH } from "../../../src/motion/picture.ts";
import { WholePicture } from "../../../src/motion/whole_picture.ts";
import { grayFromJpegArgs, grayFromVideoArgs } from "../../../src/process/motion_args.ts";
import { seededRandom } from "../tools/jpegs.ts";

/** A picture of blocks of random shades, `shift` pixels further on. */
function blocks(shift = 0): Float32Array {
  const picture = new Float32Array(PIXELS);
  for (let at = 0; at < PIXELS; at++) {
    const x = Math.floor((at % WIDTH + shift) / 9), y = Math.floor(Math.floor(at / WIDTH) / 11);
    picture[at] = 40 + seededRandom(x * 131 + y * 7919)() * 160;
  }
  return picture;
}

/** 1 inside of a rectangle. */
function maskOf(left: number, top: number, width: number, height: number): Uint8Array {
  const mask = new Uint8Array(PIXELS);
  for (let y = top; y < top + height; y++) mask.fill(1, y * WIDTH + left, y * WIDTH + left + width);
  return mask;
}

function blobsOf(mask: Uint8Array, moving = mask): [number, number][] {
  const found: [number, number][] = [];
  const contrast = new Float32Array(PIXELS).fill(1);
  new BlobFinder().find(mask, moving, contrast, (blob) => found.push([blob.area, blob.moving]));
  return found;
}

Deno.test("[MOTION-HUB] MedianOfDifferences: of negative, fractional and too large ones", () => {
  const median = new MedianOfDifferences();
  assertEquals(median.value, 0);
  for (const each of [-300, -2.5, 1000, -2.5, 7]) median.add(each);
  assertEquals(median.value, -2.5);
  median.clear();
  for (const each of [4, 4.25, 5]) median.add(each);
  assertEquals(median.value, 4.25);
});

Deno.test("[MOTION-HUB] BlobFinder: apart, at a corner, and over the edge of a row", () => {
  const mask = maskOf(0, 0, 3, 3);
  maskOf(3, 3, 2, 2).forEach((each, at) => mask[at] ||= each);
  maskOf(WIDTH - 2, 0, 2, 2).forEach((each, at) => mask[at] ||= each);
  assertEquals(blobsOf(mask), [[13, 13], [4, 4]]);
  assertEquals(blobsOf(maskOf(0, 0, WIDTH, HEIGHT)), [[PIXELS, PIXELS]]);
  assertEquals(blobsOf(maskOf(5, 5, 10, 10), maskOf(5, 5, 2, 10)), [[100, 20]]);
});

Deno.test("[MOTION-HUB] despeckle: specks go, things stay", () => {
  const mask = maskOf(20, 20, 10, 10);
  mask[5 * WIDTH + 5] = 1;
  const into = new Uint8Array(PIXELS);
  despeckle(mask, into, 5);
  assertEquals([into[5 * WIDTH + 5], into[25 * WIDTH + 25]], [0, 1]);
});

Deno.test("[MOTION-PTZ] CameraShift: a picture that has shifted as a whole, not one in which a thing moved", () => {
  const shift = new CameraShift();
  assertEquals(shift.hasTurned(blocks(), blocks()), false);
  for (const by of [2, 5, -7]) assert(shift.hasTurned(blocks(by), blocks()), `by ${by}`);
  const thing = blocks();
  maskOf(30, 20, 40, 60).forEach((inside, at) => inside && (thing[at] = 250));
  assertEquals(shift.hasTurned(thing, blocks()), false);
  assertEquals(
    shift.hasTurned(new Float32Array(PIXELS), new Float32Array(PIXELS).fill(200)),
    false,
    "nothing to see",
  );
});

Deno.test("[MOTION-PTZ] WholePicture: half of the picture, or changes in most of what shows something", () => {
  const whole = new WholePicture();
  assertEquals(whole.hasChanged(maskOf(0, 0, WIDTH, HEIGHT / 2), blocks()), true);
  assertEquals(whole.hasChanged(maskOf(20, 20, 60, 60), blocks()), false);
  const everywhere = new Uint8Array(PIXELS).map((_, at) => at % 4 === 0 ? 1 : 0);
  assertEquals(whole.hasChanged(everywhere, blocks()), true);
  assertEquals(
    whole.hasChanged(everywhere, new Float32Array(PIXELS).fill(80)),
    false,
    "a blank wall tells nothing",
  );
});

Deno.test("[MOTION-LIGHT] isLight: a glow has no edges, a thing has", () => {
  const background = blocks();
  const judge = (mask: Uint8Array, picture: Float32Array) => {
    let verdict: boolean | undefined;
    const contrast = new Float32Array(PIXELS);
    new BlobFinder().find(mask, mask, contrast, (blob) => verdict = isLight(blob, mask, picture, background));
    return verdict;
  };
  const glow = background.map((value, at) => {
    const x = at % WIDTH - 80, y = Math.floor(at / WIDTH) - 45;
    return (value + 16) * (1 + 0.8 * Math.exp(-(x * x + y * y) / 900)) - 16;
  });
  const lit = new Uint8Array(PIXELS).map((_, at) => (glow[at] ?? 0) > (background[at] ?? 0) * 1.12 ? 1 : 0);
  assertEquals(judge(lit, glow), true);
  const mask = maskOf(60, 30, 40, 30);
  assertEquals(judge(mask, background.map((value, at) => mask[at] === 1 ? 240 : value)), false);
});

Deno.test("[MOTION-HUB] grayIntake: pictures come whole, however the output is cut", () => {
  const bytes = new Uint8Array(PIXELS * 3).map((_, at) => Math.floor(at / PIXELS) + 1);
  for (const size of [1000, PIXELS, PIXELS * 2 + 7]) {
    const seen: number[] = [];
    const intake = grayIntake((picture) => {
      assertEquals(picture.length, PIXELS);
      assert(picture.every((each) => each === picture[0]));
      seen.push(picture[0] ?? 0);
    });
    const useful: boolean[] = [];
    for (let at = 0; at < bytes.length; at += size) useful.push(intake.push(bytes.slice(at, at + size)));
    assertEquals(seen, [1, 2, 3]);
    assertEquals(useful.filter((each) => each).length, size === 1000 ? 3 : size === PIXELS ? 3 : 2);
  }
});

Deno.test("[MOTION-HUB] arguments: JPEGs are decoded at the smallest size that is enough; nothing of a user stands in them", () => {
  const reduced = (width: number) => grayFromJpegArgs(width)[grayFromJpegArgs(width).indexOf("-lowres") + 1];
  assertEquals([160, 319, 320, 640, 1280, 1920, 3840].map(reduced), ["0", "0", "1", "2", "3", "3", "3"]);
  assert(grayFromVideoArgs(5).join(" ").includes("gte(t-prev_selected_t,0.180)"));
});
