// Recordings over HTTP: what is known of one, its file, in parts as a player asks for them, and its pictures; and files
// that were exported. All are named by ids alone: no path of a request ever reaches the file system.
import { type Context, Hono } from "hono";
import { z } from "zod";
import { HubError } from "../base/errors.ts";
import { idSchema } from "../config/schema.ts";
import { coveringOf } from "../operations/footage_covering.ts";
import type { Hub } from "../operations/hub.ts";
import { recordingView } from "../operations/recording_views.ts";
import { epochMs, time } from "../operations/schemas.ts";
import { exportView } from "../operations/timeline_views.ts";
import { serveFootage } from "./footage.ts";
import type { GateEnv } from "./gate.ts";
import type { OpenStreams } from "./open_streams.ts";

/** What these routes need. */
export interface RecordingDeps {
  hub: Pick<Hub, "library" | "timeline" | "thumbnails" | "exports" | "manager" | "media" | "rules">;
  openStreams: OpenStreams;
}

/** Routes of recordings beside those that are operations. Whoever is logged in may look at them. */
export function recordingRoutes(deps: RecordingDeps): Hono<GateEnv> {
  const { library, thumbnails } = deps.hub;
  const app = new Hono<GateEnv>();
  app.get("/api/recordings/at", (c) => pictureAt(c, deps));
  app.get("/api/recordings/:id", async (c) => c.json(recordingView(await library.get(c.req.param("id")))));
  app.get("/api/recordings/:id/video", (c) => recordedVideo(c, deps));
  app.get("/api/recordings/:id/thumbnail", async (c) => {
    const recording = await library.get(c.req.param("id"));
    return await picture(c, deps, {
      camera: recording.camera,
      name: `${recording.id}-thumbnail`,
      take: () => thumbnails.of(recording, c.req.raw.signal),
    });
  });
  app.get("/api/exports/:id/video", (c) => exportedVideo(c, deps));
  return app;
}

async function recordedVideo(c: Context<GateEnv>, deps: RecordingDeps): Promise<Response> {
  const open = await deps.hub.library.open(c.req.param("id") ?? "");
  const { recording, file, sizeBytes } = open;
  const { id, camera, startedAtMs } = recording;
  const isPlayed = c.req.query("download") === undefined;
  const begin = new Date(startedAtMs).toISOString().slice(0, 19).replaceAll(":", "-");
  const name = `${camera}_${begin}.mp4`;
  const instead = isPlayed ? () => deps.hub.library.playable(open) : undefined;
  return await serveFootage(c, { file, sizeBytes, instead, id, name, camera, size: recording }, deps);
}

async function exportedVideo(c: Context<GateEnv>, deps: RecordingDeps): Promise<Response> {
  const { made, file, sizeBytes } = await deps.hub.exports.open(c.req.param("id") ?? "");
  const name = exportView(made).file_name;
  return await serveFootage(c, { file, sizeBytes, id: made.id, name, camera: made.camera, size: {} }, deps);
}

const wanted = z.strictObject({
  camera: idSchema,
  t: z.union([z.coerce.number<string>().int(), time]),
  width: z.coerce.number<string>().int().min(16).max(7680).default(320),
});

/** The picture of a camera at a moment: of the key frame at or before it. */
async function pictureAt(c: Context<GateEnv>, deps: RecordingDeps): Promise<Response> {
  const { hub } = deps;
  const asked = wanted.safeParse(c.req.query());
  if (!asked.success) {
    throw new HubError("invalid_input", `The picture cannot be looked for: ${z.prettifyError(asked.error)}`, {
      hint: "Give camera, t (such as 2026-05-01T08:00:00Z, or milliseconds since 1970) and, if wanted, width",
    });
  }
  const { camera, width } = asked.data;
  const atMs = epochMs(asked.data.t) ?? 0;
  const { recording, offsetMs } = await hub.timeline.locate(camera, atMs);
  if (!recording) {
    throw new HubError(
      "not_found",
      `Camera "${camera}" was not recorded at ${new Date(atMs).toISOString()}`,
      {
        hint: "get_timeline tells what was recorded",
      },
    );
  }
  const found = await hub.thumbnails.at(recording, { offsetMs, width }, c.req.raw.signal);
  const response = await picture(c, deps, {
    camera,
    name: `${recording.id}-${found.offsetMs}-${width}`,
    take: () => Promise.resolve(found),
  });
  response.headers.set("x-timestamp", ((recording.startedAtMs + found.offsetMs) / 1000).toFixed(3));
  return response;
}

/** A picture out of a recording. */
interface FootagePicture {
  camera: string;
  /** The same for the same picture. */
  name: string;
  take(): Promise<{ bytes: Uint8Array<ArrayBuffer> }>;
}

/** It never changes, but nobody else may see it, and with its recording it is gone. Covered it is made anew each time. */
async function picture(
  c: Context<GateEnv>,
  { hub }: RecordingDeps,
  { camera, name, take }: FootagePicture,
): Promise<Response> {
  const { rules } = coveringOf(c.get("principal"), camera, hub);
  const { bytes } = await take();
  const shown = rules ? await hub.media.masked(camera, bytes, c.req.raw.signal) : bytes;
  const etag = `"${name}"`;
  const caching = rules
    ? { "cache-control": "private, no-store" }
    : { "cache-control": "private, max-age=60", etag };
  const headers = { ...caching, "content-type": "image/jpeg" };
  if (!rules && c.req.header("if-none-match") === etag) return new Response(null, { status: 304, headers });
  return new Response(shown, { headers: { ...headers, "content-length": String(shown.length) } });
}
