// Operations that tell where a camera's pictures are had.
import { z } from "zod";
import { readOfCamera } from "./define.ts";
import type { Operation } from "./operation.ts";
import * as schemas from "./schemas.ts";

const address = z.string().optional();
const NO_PORT = "This hub was started by an MCP client for itself and has no port. Take pictures with " +
  'capture_image; for addresses start the hub with "tapo-camera-mcp serve"';

const getStreamUrl = readOfCamera({
  name: "get_stream_url",
  title: "Addresses of a camera's pictures",
  summary: "Tells under which addresses a camera's live picture, newest picture and page are had",
  guide:
    "For people and programs that show pictures; to look yourself, use capture_image. They need a login " +
    "at the hub. A hub without a port, started by an MCP client for itself, has none and says so in reason",
  toolset: "media",
  input: z.object({}),
  output: z.object({
    success: schemas.success,
    camera_id: z.string(),
    stream: address.meta({ description: "Live MJPEG; takes ?width=, ?fps= and ?quality=" }),
    snapshot: address.meta({ description: "The newest picture; takes ?width= and ?quality=" }),
    page: address.meta({ description: "The camera's page for people" }),
    reason: z.string().optional().meta({ description: "Why there are no addresses" }),
  }),
  examples: [{ title: "One camera", input: { camera_id: "front-door" } }],
  run: async ({ hub, signal }, { camera_id }) => {
    await hub.manager.requireSoon(camera_id, "video", signal);
    const origin = hub.origin();
    if (origin === undefined) return { success: true as const, camera_id, reason: NO_PORT };
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
