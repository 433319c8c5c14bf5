// What can be configured of a camera that is known by the address of its stream.
import { z } from "zod";
import { parseCameraUrl } from "../../protocols/rtsp/camera_url.ts";

/** Schemes that may stand in an address. */
export const STREAM_SCHEMES = ["rtsp", "rtsps", "rtmp", "rtmps", "http", "https"] as const;

function isAddress(text: string): boolean {
  try {
    return parseCameraUrl(text, STREAM_SCHEMES).host !== "";
  } catch {
    // What is wrong with it is told by the refinement's own words.
    return false;
  }
}

const address = z.string().max(2000).refine(
  isAddress,
  `Expected an address such as rtsp://192.168.1.20:554/stream1`,
);

/** Options of a camera of type `rtsp`. */
export const rtspOptions = z.strictObject({
  stream_url: address.meta({
    title: "Address of the stream",
    description:
      "rtsp://HOST/PATH; also rtmp:// and the address of an MJPEG stream, http://. A password in it " +
      "is shown as [secret]; left so, it stays",
  }),
  sub_stream_url: address.optional().meta({
    title: "Address of the smaller stream",
    description: "For small pictures, where the camera has one",
  }),
  sub_width: z.int().min(16).max(3840).default(640).meta({ title: "Width of the smaller stream" }),
  username: z.string().min(1).max(128).optional().meta({ title: "User name" }),
  password: z.string().max(256).optional().meta({ title: "Password" }),
  transport: z.enum(["auto", "tcp", "udp"]).default("auto").meta({
    title: "Transport",
    description: "auto begins with TCP, which loses nothing, and takes UDP where the camera wants that",
  }),
  audio: z.boolean().default(true).meta({ title: "Sound", description: "Off: only the picture is read" }),
  max_sessions: z.int().min(1).max(64).optional().meta({
    title: "Streams at once",
    description: "How many the camera serves at the same time, where that is little",
  }),
});

export type RtspOptions = z.infer<typeof rtspOptions>;
