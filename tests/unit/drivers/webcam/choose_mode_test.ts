// What the hub asks of a webcam: a table of what is offered, what is wanted, and what is chosen.
import { assert, assertEquals, assertThrows } from "@std/assert";
import { HubError } from "../../../../src/base/errors.ts";
import { chooseMode, type ModeWish } from "../../../../src/drivers/webcam/choose_mode.ts";
import { parseModes, type V4l2Mode } from "../../../../src/protocols/v4l2/parse.ts";
import { sample } from "../../tools/samples.ts";

const mode = (format: string, size: string, fps: number[]): V4l2Mode => {
  const [width = 0, height = 0] = size.split("x").map(Number);
  return { format, width, height, fps };
};

const UVC = parseModes(sample("v4l2_ctl_uvc_list_formats_ext.txt"));
const USUAL = [
  mode("YUYV", "640x480", [30]),
  mode("YUYV", "1280x720", [10]),
  mode("YUYV", "320x240", [30]),
  mode("H264", "1920x1080", [60]),
  mode("MJPG", "1920x1080", [30]),
  mode("MJPG", "1280x720", [60, 30, 15]),
  mode("MJPG", "640x480", [60, 30]),
];
const RAW_ONLY = [
  mode("YUYV", "1280x720", [10]),
  mode("YUYV", "640x480", [30]),
  mode("YUYV", "320x240", [30]),
];

const CASES: [string, readonly V4l2Mode[], ModeWish, string][] = [
  ["without a wish: JPEG at 720p30", USUAL, { format: "auto" }, "MJPG 1280x720 30"],
  ["the emulated webcam", UVC, { format: "auto" }, "MJPG 1280x720 30"],
  ["raw only: VGA", RAW_ONLY, { format: "auto" }, "YUYV 640x480 30"],
  ["raw wanted", USUAL, { format: "yuyv" }, "YUYV 640x480 30"],
  ["raw of the emulated webcam", UVC, { format: "yuyv" }, "YUYV 320x180 30"],
  ["a width", USUAL, { format: "auto", width: 1920 }, "MJPG 1920x1080 30"],
  ["a height", USUAL, { format: "auto", height: 480 }, "MJPG 640x480 30"],
  ["a size that only raw has", USUAL, { format: "auto", width: 320, height: 240 }, "YUYV 320x240 30"],
  ["a rate", USUAL, { format: "auto", fps: 60 }, "MJPG 1280x720 60"],
  ["a rate between two: the nearest", USUAL, { format: "auto", fps: 20 }, "MJPG 1280x720 15"],
  [
    "a rate in the middle: the higher",
    [mode("MJPG", "640x480", [10, 20])],
    { format: "auto", fps: 15 },
    "MJPG 640x480 20",
  ],
  ["a rate above all: the highest", USUAL, { format: "auto", fps: 240 }, "MJPG 1280x720 60"],
  ["no rates told: the wish", [mode("MJPG", "640x480", [])], { format: "auto", fps: 12 }, "MJPG 640x480 12"],
  ["no rates told, no wish", [mode("MJPG", "640x480", [])], { format: "auto" }, "MJPG 640x480 30"],
  [
    "only above the default: the smallest",
    [mode("MJPG", "3840x2160", [30]), mode("MJPG", "1920x1080", [30])],
    { format: "auto" },
    "MJPG 1920x1080 30",
  ],
  ["JPEG by its other name", [mode("YUYV", "640x480", [30]), mode("JPEG", "320x240", [30])], {
    format: "mjpeg",
  }, "JPEG 320x240 30"],
  ["of one size twice, the faster up to 30", [mode("MJPG", "640x480", [5]), mode("JPEG", "640x480", [25])], {
    format: "auto",
  }, "JPEG 640x480 25"],
];
for (const [name, modes, wish, expected] of CASES) {
  Deno.test(`chooseMode: ${name}`, () => {
    for (const order of [modes, modes.toReversed()]) {
      const { format, width, height, fps } = chooseMode(order, wish);
      assertEquals(`${format} ${width}x${height} ${fps}`, expected);
    }
  });
}

const REFUSED: [string, readonly V4l2Mode[], ModeWish, RegExp][] = [
  ["a size it does not offer", USUAL, { format: "auto", width: 800, height: 600 }, /MJPG 1920x1080/],
  ["JPEG from a raw camera", RAW_ONLY, { format: "mjpeg" }, /YUYV 640x480/],
  [
    "only formats that cannot be read",
    [mode("H264", "1920x1080", [30])],
    { format: "auto" },
    /H264 1920x1080/,
  ],
  ["nothing at all", [], { format: "auto" }, /no picture format/],
];
for (const [name, modes, wish, hint] of REFUSED) {
  Deno.test(`chooseMode: refuses ${name} and says what there is`, () => {
    const error = assertThrows(() => chooseMode(modes, wish), HubError);
    assertEquals(error.kind, "invalid_input");
    assert(hint.test(error.hint ?? ""), error.hint);
  });
}

Deno.test("chooseMode: a long list of modes gives a short hint", () => {
  const many = Array.from({ length: 500 }, (_, i) => mode("MJPG", `${i + 100}x100`, [30]));
  const error = assertThrows(() => chooseMode(many, { format: "yuyv" }), HubError);
  assert((error.hint ?? "").length < 500);
});
