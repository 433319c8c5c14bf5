// Why a webcam fails, in words, from what ffmpeg and v4l2-ctl really print when it does.
import { assertEquals, assertStringIncludes } from "@std/assert";
import type { ErrorKind } from "../../../../src/base/errors.ts";
import { explainNodeError, unplugged } from "../../../../src/drivers/webcam/explain.ts";
import { sampleExit } from "../../tools/samples.ts";

const NODE = "/dev/video1";
const SAMPLES: [string, ErrorKind, string, string | undefined][] = [
  ["ffmpeg_ebusy.txt", "unavailable", "in use by another program", "EBUSY"],
  ["ffmpeg_ebusy_uvc.txt", "unavailable", "in use by another program", "EBUSY"],
  ["ffmpeg_eacces.txt", "unavailable", "may not open", "EACCES"],
  ["v4l2_ctl_eacces.txt", "unavailable", "may not open", "EACCES"],
  ["ffmpeg_enoent.txt", "unavailable", "unplugged", "ENODEV"],
  ["v4l2_ctl_enoent.txt", "unavailable", "unplugged", "ENODEV"],
  ["ffmpeg_enospc.txt", "unavailable", "no bandwidth", "ENOSPC"],
  ["ffmpeg_unplug.txt", "unavailable", "unplugged", "ENODEV"],
  ["ffmpeg_unplug_encode.txt", "unavailable", "unplugged", "ENODEV"],
  ["ffmpeg_unplug_einval.txt", "unavailable", "unplugged", "ENODEV"],
  ["ffmpeg_meta.txt", "unsupported", "gives no pictures", undefined],
];
for (const [file, kind, message, errno] of SAMPLES) {
  Deno.test(`explainNodeError: ${file} says "${message}"`, () => {
    const error = explainNodeError(NODE, sampleExit(file));
    assertEquals([error.kind, error.details?.errno], [kind, errno]);
    assertStringIncludes(error.message, message);
    assertStringIncludes(error.message, NODE);
    assertEquals((error.hint ?? "").length > 20, true);
  });
}

Deno.test("explainNodeError: the samples of a pulled cable end with status 0", () => {
  assertEquals(sampleExit("ffmpeg_unplug.txt").code, 0);
  assertEquals(sampleExit("ffmpeg_unplug_encode.txt").code, 0);
});

const LINES: [string, string][] = [
  ["ioctl(VIDIOC_STREAMON): No space left on device", "ENOSPC"],
  ["VIDIOC_STREAMON: failed: No space left on device", "ENOSPC"],
  ["[video4linux2,v4l2 @ 0x1] ioctl(VIDIOC_DQBUF): Input/output error", "EIO"],
  ["ioctl(VIDIOC_DQBUF): Protocol error", "EIO"],
  ["[video4linux2,v4l2 @ 0x1] ioctl(VIDIOC_DQBUF): Invalid argument", "ENODEV"],
  ["/dev/video1: Operation not permitted", "EACCES"],
  ["/dev/video1: No such device", "ENODEV"],
];
for (const [line, errno] of LINES) {
  Deno.test(`explainNodeError: "${line}" is ${errno}`, () => {
    assertEquals(explainNodeError(NODE, exit([line])).details?.errno, errno);
  });
}

Deno.test("explainNodeError: the last cause counts, and the harmless lines of closing do not", () => {
  const stderr = [
    "/dev/video1: Device or resource busy",
    "/dev/video1: No such device",
    "ioctl(VIDIOC_QBUF): Bad file descriptor",
  ];
  assertEquals(explainNodeError(NODE, exit(stderr)).details?.errno, "ENODEV");
});

for (const file of ["ffmpeg_format_not_offered.txt", "ffmpeg_copy.txt", "v4l2_ctl_set_unknown.txt"]) {
  const sample = file === "ffmpeg_copy.txt" ? "a run that ended well" : file;
  Deno.test(`explainNodeError: ${sample} is told as an end, with status and lines`, () => {
    const ended = sampleExit(file);
    const error = explainNodeError(NODE, ended);
    assertEquals([error.kind, error.retryable, error.details?.exit_code], ["unavailable", true, ended.code]);
    assertStringIncludes(error.message, NODE);
    assertEquals(error.details?.stderr, ended.stderr);
  });
}

Deno.test("explainNodeError: silence still gives a hint", () => {
  const error = explainNodeError(NODE, exit([]));
  assertEquals([error.kind, error.hint], ["unavailable", "The hub tries again by itself"]);
});

Deno.test("unplugged: is worth another try and names the path", () => {
  const error = unplugged("/dev/v4l/by-id/usb-x");
  assertEquals(error.retryable, true);
  assertStringIncludes(error.message, "/dev/v4l/by-id/usb-x");
});

function exit(stderr: string[]) {
  return { code: 1, signal: undefined, stderr };
}
