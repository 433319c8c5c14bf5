// One picture of a camera, small enough for an assistant to look at, and kept where that is wanted.
import { Buffer } from "node:buffer";
import { z } from "zod";
import { isoTime } from "../base/clock.ts";
import { fittingPicture } from "../media/fitting_picture.ts";
import type { Rescale } from "../media/rescale.ts";
import { awaitFreshFrame } from "../media/snapshot.ts";
import { readOfCamera } from "./define.ts";
import type { Operation } from "./operation.ts";
import * as schemas from "./schemas.ts";

/** Widths and qualities by their words; `high` is as the camera gives it. */
const QUALITIES: Readonly<Record<"low" | "medium" | "high", Rescale>> = {
  low: { width: 640, quality: 50 },
  medium: { width: 1280, quality: 75 },
  high: {},
};

const { count, success } = schemas;

/** The address of a picture in full among the resources of MCP. */
export const pictureUri = (camera: string, picture: string): string =>
  `camera://${camera}/pictures/${picture}`;

const captureImage = readOfCamera({
  name: "capture_image",
  title: "Take a picture",
  summary: "Takes a picture of what a camera sees now",
  guide:
    "low is at most 640 pixels wide, medium 1280, high as the camera gives it, made smaller only where the " +
    "answer would be too large. age_ms tells how old the picture is. The same picture in full is the resource " +
    "uri, for some minutes; full tells its size. save keeps it on the hub for 30 days, the last 500 of each " +
    "camera, 2 GiB in all (role operator). url is the newest picture in full",
  toolset: "media",
  input: z.object({
    quality: z.enum(["low", "medium", "high"]).default("medium"),
    width: z.int().min(64).max(7680).optional().meta({ description: "At most so many pixels wide" }),
    save: z.boolean().default(false).meta({ description: "true: keep the full picture on the hub" }),
    return_image: z.boolean().default(true).meta({ description: "false: answer without the picture itself" }),
  }),
  output: z.object({
    success,
    camera_id: z.string(),
    captured_at: z.string(),
    age_ms: count,
    width: count,
    height: count,
    size_bytes: count,
    mime_type: z.literal("image/jpeg"),
    full: z.object({ width: count, height: count, size_bytes: count }).meta({
      description: "The picture as the camera gave it",
    }),
    uri: z.string().meta({ description: "MCP resource: this picture in full, for 10 minutes at most" }),
    url: z.string().optional().meta({
      description: "Address of the camera's newest picture in full; absent where the hub has no port",
    }),
    saved: z.object({
      id: z.string(),
      path: z.string().meta({ description: "Below the hub's data folder" }),
      size_bytes: count,
    }).optional(),
    image_base64: z.string().optional(),
  }),
  examples: [
    { title: "A look", input: { camera_id: "front-door" } },
    { title: "Keep one", input: { camera_id: "front-door", save: true, return_image: false } },
  ],
  leaves: { what: "keep pictures on the hub", role: "operator", isAsked: ({ save }) => save },
  run: async ({ hub, signal, sight = "masked" }, { camera_id, quality, width, save, return_image }) => {
    await hub.manager.requireSoon(camera_id, "video", signal);
    const media = hub.media.get(camera_id);
    const { launcher, clock, media: { rescaling } } = hub;
    const context = { launcher, clock, rescaling, signal };
    const origin = hub.origin();
    const wish = { ...QUALITIES[quality], ...(width === undefined ? {} : { width }) };
    const { frame, picture, mask } = await media.underMask(sight, async () => {
      const mask = media.maskFor(sight);
      const frame = await awaitFreshFrame(media.streamFor({}, sight), context);
      return { frame, mask, picture: await fittingPicture(frame, wish, context) };
    });
    const kept = save ? await hub.snapshots.save(camera_id, frame.bytes, frame.capturedAtMs) : undefined;
    return {
      success: true as const,
      camera_id,
      captured_at: isoTime(frame.capturedAtMs),
      age_ms: Math.max(0, Math.round(clock.now() - frame.capturedAtMs)),
      width: picture.width,
      height: picture.height,
      size_bytes: picture.bytes.length,
      mime_type: "image/jpeg" as const,
      full: { width: frame.width, height: frame.height, size_bytes: frame.bytes.length },
      uri: pictureUri(camera_id, hub.pictures.add(camera_id, frame.bytes, mask)),
      ...(origin === undefined ? {} : { url: `${origin}/api/cameras/${camera_id}/snapshot` }),
      ...(kept ? { saved: { id: kept.id, path: kept.path, size_bytes: kept.sizeBytes } } : {}),
      ...(return_image ? { image_base64: Buffer.from(picture.bytes).toString("base64") } : {}),
    };
  },
});

export const CAPTURE_OPERATIONS: readonly Operation[] = [captureImage];
