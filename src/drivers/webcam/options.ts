// What can be configured of a webcam.
import { z } from "zod";

/** Options of a camera of type `webcam`. */
export const webcamOptions = z.strictObject({
  device: z.string().max(300).regex(/^(\/dev\/\S+|csi:\d)$/, "Expected a path below /dev, or csi:0")
    .optional()
    .meta({
      title: "Device",
      description:
        "/dev/v4l/by-id/… (stays the same), /dev/video0, or csi:0 for a Pi camera; empty takes the first",
    }),
  format: z.enum(["auto", "mjpeg", "yuyv"]).default("auto").meta({
    title: "Picture format",
    description: "auto takes JPEG where the camera makes it: nothing need be encoded then",
  }),
  width: z.int().min(16).max(7680).optional().meta({ title: "Width" }),
  height: z.int().min(16).max(4320).optional().meta({ title: "Height" }),
  fps: z.int().min(1).max(240).optional().meta({ title: "Frames per second" }),
  quality: z.int().min(1).max(100).default(80).meta({
    title: "JPEG quality",
    description: "Only for cameras that do not make JPEG themselves",
  }),
});

export type WebcamOptions = z.infer<typeof webcamOptions>;
