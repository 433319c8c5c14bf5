// Serves recorded video: the file as it is, or with its camera's privacy zones covered while it is sent.
import type { Context } from "hono";
import { HubError } from "../base/errors.ts";
import { type Covering, coveringOf } from "../operations/footage_covering.ts";
import type { GateEnv } from "./gate.ts";
import type { RecordingDeps } from "./recordings.ts";
import { serveVideo, type VideoFile } from "./video_file.ts";

/** Recorded video of a camera. */
export interface Footage extends Omit<VideoFile, "instead"> {
  camera: string;
  /** What is sent instead of the file where nothing of it is covered; closes the file where it fails. */
  instead?: (() => Promise<VideoFile["instead"]>) | undefined;
  /** Of its picture, where that is known. */
  size: { width?: number | undefined; height?: number | undefined };
}

/** Answers with the file, or with what whoever asks may see of it. @throws HubError what `coveringOf` throws. */
export async function serveFootage(
  c: Context<GateEnv>,
  { camera, size, instead, ...video }: Footage,
  { hub, openStreams }: RecordingDeps,
): Promise<Response> {
  const isCovered = coveringOrClose(c, video.file, camera, hub).rules !== undefined;
  const sent = isCovered ? undefined : await instead?.();
  // Asked again: zones may have come meanwhile.
  const covering = coveringOrClose(c, video.file, camera, hub);
  const untilChanged = {
    add: (session: string, cut: (why?: HubError) => void) => {
      const leave = [openStreams.add(session, () => cut()), covering.onChange(cut)];
      return () => leave.forEach((each) => each());
    },
  };
  const { rules } = covering;
  if (!rules) return serveVideo(c, { ...video, instead: sent }, untilChanged);
  const disposition = c.req.query("download") === undefined ? "inline" : "attachment";
  const headers = {
    "accept-ranges": "none",
    "cache-control": "private, no-store",
    "content-type": "video/mp4",
    "content-disposition": `${disposition}; filename="${video.name}"`,
  };
  if (c.req.method === "HEAD") {
    video.file.close();
    return new Response(null, { headers });
  }
  const ended = new HubError("unauthenticated", "The login has ended");
  const enrol = (cut: (why: HubError) => void) =>
    untilChanged.add(c.get("session"), (why = ended) => cut(why));
  return new Response(
    hub.media.maskedVideos.open({ cameraId: camera, rules, file: video.file, size }, enrol),
    {
      headers,
    },
  );
}

/** Nobody else closes the file of who may not see it. */
function coveringOrClose(
  c: Context<GateEnv>,
  file: Deno.FsFile,
  camera: string,
  hub: RecordingDeps["hub"],
): Covering {
  try {
    return coveringOf(c.get("principal"), camera, hub);
  } catch (error) {
    file.close();
    throw error;
  }
}
