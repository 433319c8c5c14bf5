// The width of picture that a tile asks for.
import { assertEquals } from "@std/assert";
import { type PictureWidth, widthClass } from "../../../islands/picture_width.ts";

const ROWS: [cssPx: number, ratio: number, expected: PictureWidth][] = [
  [0, 1, 320],
  [320, 1, 320],
  [320.4, 1, 320],
  [321, 1, 480],
  [404, 1, 480],
  [404, 1.5, 640],
  [366, 3, 1280],
  [640, 1, 640],
  [641, 1, 960],
  [960, 1, 960],
  [640, 2, 1280],
  [641, 2, "full"],
  [1281, 1, "full"],
];

for (const [cssPx, ratio, expected] of ROWS) {
  Deno.test(`widthClass(${cssPx}, ${ratio}) is ${expected}`, () => {
    assertEquals(widthClass(cssPx, ratio), expected);
  });
}
