// Arguments of ffmpeg: exactly these, and nothing that a user types can become an option.
import { assert, assertEquals, assertThrows } from "@std/assert";
import { HubError } from "../../../src/base/errors.ts";
import {
  checkDevicePath,
  isJpegFormat,
  isReadableFormat,
  rescalePictureArgs,
  rescaleStreamArgs,
  testPatternArgs,
  testPatternH264Args,
  v4l2Args,
  videoToJpegArgs,
} from "../../../src/process/ffmpeg_args.ts";

const QUIET = "-hide_banner -nostdin -nostats -loglevel warning";
const MPJPEG = "-f mpjpeg -flush_packets 1 pipe:1";
const NO_PROBING = "-probesize 32 -analyzeduration 0";
const JPEG_Q = (scale: number) => `-c:v mjpeg -q:v ${scale} -pix_fmt yuvj420p -threads 1`;
const V4L2 = { device: "/dev/video0", width: 1280, height: 720, fps: 30 };

const EXACT: [string, string[], string][] = [
  [
    "v4l2Args: JPEG is copied",
    v4l2Args({ ...V4L2, format: "MJPG" }, 80),
    `${QUIET} ${NO_PROBING} -f v4l2 -input_format mjpeg -video_size 1280x720 -framerate 30 -i /dev/video0 -c:v copy ${MPJPEG}`,
  ],
  [
    "v4l2Args: raw pictures are encoded once",
    v4l2Args({ ...V4L2, format: "YUYV", fps: 7.5 }, 100),
    `${QUIET} ${NO_PROBING} -f v4l2 -input_format yuyv422 -video_size 1280x720 -framerate 7.5 -i /dev/video0 ${
      JPEG_Q(2)
    } ${MPJPEG}`,
  ],
  [
    "rescaleStreamArgs: width and quality",
    rescaleStreamArgs(640, 1),
    `${QUIET} ${NO_PROBING} -f mjpeg -i pipe:0 -vf scale='min(640,iw)':-2 ${
      JPEG_Q(31)
    } -fps_mode passthrough ${MPJPEG}`,
  ],
  [
    "rescaleStreamArgs: quality alone",
    rescaleStreamArgs(undefined, 100),
    `${QUIET} ${NO_PROBING} -f mjpeg -i pipe:0 ${JPEG_Q(2)} -fps_mode passthrough ${MPJPEG}`,
  ],
  [
    "videoToJpegArgs: quality",
    videoToJpegArgs(100),
    `${QUIET} -threads 1 -flags low_delay ${NO_PROBING} -f mp4 -i pipe:0 ${
      JPEG_Q(2)
    } -enc_time_base -1 -fps_mode passthrough ${MPJPEG}`,
  ],
  [
    "rescalePictureArgs: width and quality",
    rescalePictureArgs(320, 100),
    `${QUIET} -f mjpeg -i pipe:0 -frames:v 1 -vf scale='min(320,iw)':-2 ${JPEG_Q(2)} -f mjpeg pipe:1`,
  ],
];
for (const [name, args, expected] of EXACT) {
  Deno.test(`${name}: the exact arguments`, () => assertEquals(args.join(" "), expected));
}

Deno.test("testPatternArgs: the exact arguments, the picture's text scaled to its height", () => {
  const args = testPatternArgs({ width: 1280, height: 720, fps: 15 }, 80);
  const drawing =
    "testsrc2=size=1280x720:rate=15,drawtext=text='%{localtime}':fontsize=51:fontcolor=white:box=1:" +
    "boxcolor=black@0.6:boxborderw=17:x=(w-text_w)/2:y=text_h";
  assertEquals(args.join(" "), `${QUIET} -re -f lavfi -i ${drawing} ${JPEG_Q(8)} ${MPJPEG}`);
});

Deno.test("testPatternH264Args: the same picture as fragmented MP4, a key frame every two seconds", () => {
  const mode = { width: 1280, height: 720, fps: 15 };
  const drawn = testPatternArgs(mode, 80).join(" ").split(" -c:v ")[0];
  const encode = "-c:v libx264 -preset ultrafast -tune zerolatency -pix_fmt yuv420p -g 30";
  const mp4 = "-f mp4 -movflags empty_moov+default_base_moof+frag_every_frame -flush_packets 1 pipe:1";
  assertEquals(testPatternH264Args(mode).join(" "), `${drawn} ${encode} ${mp4}`);
});

const FORMATS: [string, string | undefined, boolean][] = [
  ["MJPG", "mjpeg", true],
  ["JPEG", "mjpeg", true],
  ["YUYV", "yuyv422", false],
  ["UYVY", "uyvy422", false],
  ["NV12", "nv12", false],
  ["YU12", "yuv420p", false],
  ["RGB3", "rgb24", false],
  ["BGR3", "bgr24", false],
  ["GREY", "gray", false],
  ["H264", undefined, false],
  ["constructor", undefined, false],
  ["__proto__", undefined, false],
  ["toString", undefined, false],
  ["mjpg", undefined, false],
  ["", undefined, false],
];
for (const [fourcc, name, isJpeg] of FORMATS) {
  Deno.test(`v4l2Args: the pixel format ${fourcc || "(none)"} is ${name ?? "refused"}`, () => {
    assertEquals([isReadableFormat(fourcc), isJpegFormat(fourcc)], [name !== undefined, isJpeg]);
    if (name === undefined) return;
    const args = v4l2Args({ ...V4L2, format: fourcc }, 80);
    assertEquals(args[args.indexOf("-input_format") + 1], name);
    assertEquals(args.includes("copy"), isJpeg);
  });
}

Deno.test("v4l2Args: an unknown pixel format is invalid input", () => {
  const error = assertThrows(() => v4l2Args({ ...V4L2, format: "H264" }, 80), HubError);
  assertEquals(error.kind, "invalid_input");
});

const GOOD_PATHS = [
  "/dev/video0",
  "/dev/v4l/by-id/usb-046d_HD_Pro_Webcam_C920_2A6B7C8D-video-index0",
  "/dev/v4l/by-path/platform-fd500000.pcie-pci-0000:01:00.0-usb-0:1.2:1.0-video-index0",
  "/dev/a+b,c=d@e",
];
const BAD_PATHS = [
  "/dev/../etc/passwd",
  "/dev/v4l/../../etc/passwd",
  "/dev/./video0",
  "-i",
  "-",
  "",
  "/dev/",
  "/dev",
  "/dev//video0",
  "/dev/video0/",
  "/dev/-i",
  "/dev/video0 -f",
  "/dev/video0\n-f",
  "/dev/video0\n",
  "/dev/video0\0",
  "/dev/.hidden",
  "/dev/video0;reboot",
  "/dev/$(reboot)",
  "/dev/vidéo0",
  " /dev/video0",
  "dev/video0",
  "/etc/passwd",
  "file:/dev/video0",
  "http://host/x",
  "concat:/dev/video0|/etc/passwd",
];
for (const path of GOOD_PATHS) {
  Deno.test(`checkDevicePath: takes ${path}`, () => assertEquals(checkDevicePath(path), path));
}
for (const path of BAD_PATHS) {
  Deno.test(`checkDevicePath: refuses ${JSON.stringify(path)}`, () => {
    assertEquals(assertThrows(() => checkDevicePath(path), HubError).kind, "invalid_input");
    const build = () => v4l2Args({ ...V4L2, device: path, format: "MJPG" }, 80);
    assertEquals(assertThrows(build, HubError).kind, "invalid_input");
  });
}

const RANGES: [string, (value: number) => unknown, number, number][] = [
  ["width of a webcam", (width) => v4l2Args({ ...V4L2, format: "MJPG", width }, 80), 16, 7680],
  ["height of a webcam", (height) => v4l2Args({ ...V4L2, format: "MJPG", height }, 80), 16, 4320],
  ["quality of a webcam", (quality) => v4l2Args({ ...V4L2, format: "YUYV" }, quality), 1, 100],
  ["width of the test pattern", (width) => testPatternArgs({ width, height: 720, fps: 15 }, 80), 16, 7680],
  ["height of the test pattern", (height) => testPatternArgs({ width: 640, height, fps: 15 }, 80), 16, 4320],
  ["width of a rescaled stream", (width) => rescaleStreamArgs(width, 80), 16, 7680],
  ["quality of a rescaled stream", (quality) => rescaleStreamArgs(640, quality), 1, 100],
  ["width of a rescaled picture", (width) => rescalePictureArgs(width, 80), 16, 7680],
];
for (const [name, build, min, max] of RANGES) {
  Deno.test(`checkRange: ${name} runs from ${min} to ${max} in whole numbers`, () => {
    for (const value of [min, max]) assert(build(value));
    for (const value of [min - 1, max + 1, min + 0.5, NaN, Infinity, -Infinity]) {
      assertEquals(assertThrows(() => build(value), HubError).kind, "invalid_input", String(value));
    }
  });
}

Deno.test("checkRange: a rate is above 0 and at most 240, fractions included", () => {
  const build = (fps: number) => v4l2Args({ ...V4L2, format: "MJPG", fps }, 80);
  for (const fps of [0.5, 1, 7.5, 29.97, 240]) {
    assertEquals(build(fps)[build(fps).indexOf("-framerate") + 1], String(fps));
  }
  for (const fps of [0, -1, 240.5, 1000, NaN, Infinity]) {
    assertEquals(assertThrows(() => build(fps), HubError).kind, "invalid_input", String(fps));
  }
});

Deno.test("encodeJpeg: quality 1…100 falls evenly onto 31…2, never rising", () => {
  const scaleOf = (quality: number) =>
    Number(/-q:v (\d+)/.exec(rescaleStreamArgs(undefined, quality).join(" "))?.[1]);
  assertEquals([scaleOf(1), scaleOf(50), scaleOf(100)], [31, 17, 2]);
  for (let quality = 2; quality <= 100; quality++) assert(scaleOf(quality) <= scaleOf(quality - 1));
});
