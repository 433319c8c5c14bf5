// Operations that tell where a camera's pictures are had.
import { z } from "zod";
import { readOfCamera } from "./define.ts";
import type { Operation } from "./operation.ts";
import * as schemas from "./schemas.ts";

const getStreamUrl = readOfCamera({
  name: "get_stream_url",
  title: "Addresses of a camera's pictures",
  summary: "Tells under which addresses a camera's live picture, newest picture and page are had",
  guide:
    "For people and programs that show pictures; to look yourself, use capture_image. They need a login " +
    "at the hub",
  toolset: "media",
  input: z.object({}),
  output: z.object({
    success: schemas.success,
    camera_id: z.string(),
    stream: z.string().meta({ description: "Live MJPEG; takes ?width=, ?fps= and ?quality=" }),
    snapshot: z.string().meta({ description: "The newest picture; takes ?width= and ?quality=" }),
    page: z.string().meta({ description: "The camera's page for people" }),
  }),
  examples: [{ title: "One camera", input: { camera_id: "front-door" } }],
  run: async ({ hub, signal }, { camera_id }) => {
    await hub.manager.requireSoon(camera_id, "video", signal);
    const origin = hub.origin() ?? "";
    const base = `${origin}/api/cameras/${camera_id}`;
    return {
      success: true as const,
      camera_id,
      stream: `${base}/stream`,
      snapshot: `${base}/snapshot`,
      page: `${origin}/cameras/${camera_id}`,
    };
  },
});

export const STREAM_OPERATIONS: readonly Operation[] = [getStreamUrl];
