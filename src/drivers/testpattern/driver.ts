// A real camera whose picture ffmpeg draws: a moving pattern with the clock in it. Says so in its name.
import { z } from "zod";
import { HubError } from "../../base/errors.ts";
import { aborted } from "../../base/scope.ts";
import type { Device } from "../../devices/device.ts";
import type { Driver } from "../../devices/driver.ts";
import { testPatternArgs, testPatternH264Args } from "../../process/ffmpeg_args.ts";

const options = z.strictObject({
  width: z.int().min(160).max(3840).default(1280).meta({ title: "Width" }),
  height: z.int().min(120).max(2160).default(720).meta({ title: "Height" }),
  fps: z.int().min(1).max(60).default(15).meta({ title: "Frames per second" }),
  codec: z.enum(["mjpeg", "h264"]).default("mjpeg").meta({ title: "Codec" }),
  quality: z.int().min(1).max(100).default(80).meta({ title: "JPEG quality" }),
});

/** The driver of type `testpattern`. */
export const testPatternDriver: Driver = {
  id: "testpattern",
  title: "Test pattern",
  summary:
    "A moving picture with the time in it, drawn by ffmpeg; shows that everything behind a camera works",
  options,
  open: (raw, context) => {
    const { quality, codec, ...mode } = options.parse(raw);
    const args = codec === "h264" ? testPatternH264Args(mode) : testPatternArgs(mode, quality);
    const device: Device = {
      info: { model: "Test pattern", drawn_by: "ffmpeg" },
      capabilities: {
        video: {
          isDrawn: true,
          codec,
          framing: codec === "h264" ? "mp4" : "mpjpeg",
          modes: [{
            format: codec === "h264" ? "H264" : "MJPG",
            width: mode.width,
            height: mode.height,
            fps: [mode.fps],
          }],
          spec: () =>
            Promise.resolve({
              name: `camera ${context.cameraId}`,
              program: "ffmpeg",
              args,
            }),
          explain: (exit) =>
            new HubError("unavailable", "ffmpeg stopped drawing the test pattern", {
              hint: exit.stderr.at(-1),
              details: { exit_code: exit.code, stderr: exit.stderr },
            }),
        },
      },
      run: aborted,
    };
    return Promise.resolve(device);
  },
};
