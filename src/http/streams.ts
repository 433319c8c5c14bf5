// Pictures over HTTP: the live MJPEG stream and snapshots.
import { type Context, Hono } from "hono";
import { HubError, isAbort } from "../base/errors.ts";
import { LinkedSignal } from "../base/linked_signal.ts";
import { ofDevice } from "../operations/error_table.ts";
import type { Hub } from "../operations/hub.ts";
import { sightOf } from "../operations/sight.ts";
import type { Launcher } from "../process/launcher.ts";
import { MULTIPART_CONTENT_TYPE } from "../protocols/mpjpeg/part.ts";
import { partStyleFor } from "../media/mjpeg_viewer.ts";
import { watchMjpeg } from "../media/mjpeg_watch.ts";
import type { Rescale } from "../media/rescale.ts";
import type { Sight } from "../media/sight.ts";
import { awaitFreshFrame, takeSnapshot } from "../media/snapshot.ts";
import type { GateEnv } from "./gate.ts";
import type { OpenStreams } from "./open_streams.ts";
import { readNumber } from "./query.ts";

/** What streams need. */
export interface StreamDeps {
  hub: Hub;
  launcher: Launcher;
  openStreams: OpenStreams;
}

const SOUND_DEADLINE_MS = 20_000;
/** A stream that was opened with a view ticket ends after this; the client then asks for a new one. */
const TICKET_STREAM_MS = 3600_000;

/** Live pictures may be stored by nobody, and a proxy must pass each on at once. */
const LIVE_HEADERS = {
  "cache-control": "no-store, no-cache, must-revalidate, private, max-age=0",
  pragma: "no-cache",
  "x-accel-buffering": "no",
} as const;

/** Routes of pictures. */
export function streamRoutes(deps: StreamDeps): Hono<GateEnv> {
  const app = new Hono<GateEnv>();
  app.get("/api/cameras/:id/stream", (c) => liveStream(c, deps));
  app.get("/api/cameras/:id/audio", (c) => liveSound(c, deps));
  app.get("/api/cameras/:id/snapshot", (c) => snapshot(c, deps));
  return app;
}

async function liveStream(
  c: Context<GateEnv>,
  { hub, launcher, openStreams }: StreamDeps,
): Promise<Response> {
  const id = c.req.param("id") ?? "";
  const wish = readWish(c);
  const fps = readNumber(c, "fps", 0.1, 240);
  await hub.manager.requireSoon(id, "video", c.req.raw.signal);
  const headers = { ...LIVE_HEADERS, "content-type": MULTIPART_CONTENT_TYPE };
  if (c.req.method === "HEAD") return new Response(null, { headers });
  hub.media.refuseCrowd();
  let forget = () => {};
  const { viewer, stream } = watchMjpeg(hub.media.get(id), {
    wish,
    sight: readSight(c),
    clock: hub.clock,
    style: partStyleFor(c.req.header("user-agent") ?? ""),
    fps,
    onEnd: () => forget(),
  });
  forget = keepOpen(c, { hub, openStreams }, () => viewer.close());
  try {
    await awaitFreshFrame(stream, { launcher, clock: hub.clock, signal: c.req.raw.signal });
  } catch (error) {
    viewer.close();
    throw ofDevice(error);
  }
  return new Response(viewer.body, { headers });
}

/** Notes what is open: it ends with its login, and with a ticket after an hour. The returned function forgets it. */
function keepOpen(
  c: Context<GateEnv>,
  { hub, openStreams }: Pick<StreamDeps, "hub" | "openStreams">,
  close: () => void,
): () => void {
  const forget = openStreams.add(c.get("session"), close);
  if (c.get("way") !== "ticket") return forget;
  const over = new AbortController();
  hub.clock.sleep(TICKET_STREAM_MS, over.signal).then(close, (error) => {
    if (!isAbort(error)) throw error;
  });
  return () => {
    over.abort();
    forget();
  };
}

/** AAC in ADTS, which an `<audio>` element plays as it comes. */
async function liveSound(c: Context<GateEnv>, { hub, openStreams }: StreamDeps): Promise<Response> {
  const id = c.req.param("id") ?? "";
  const video = await hub.manager.requireSoon(id, "video", c.req.raw.signal);
  if (video.framing !== "mp4") throw noSound(id);
  hub.media.refuseCrowd();
  const { audio } = hub.media.get(id);
  const stop = new LinkedSignal(c.req.raw.signal);
  const body = audio.listen(stop.signal);
  try {
    using patience = new LinkedSignal(stop.signal, AbortSignal.timeout(SOUND_DEADLINE_MS));
    await audio.started(patience.signal);
  } catch (error) {
    stop.abort();
    if (isAbort(error) && !c.req.raw.signal.aborted) throw new HubError("timeout", "No sound came");
    throw ofDevice(error);
  }
  const forget = openStreams.add(c.get("session"), () => stop.abort());
  stop.signal.addEventListener("abort", forget, { once: true });
  return new Response(body, { headers: { ...LIVE_HEADERS, "content-type": "audio/aac" } });
}

function noSound(id: string): HubError {
  return new HubError("unsupported", `Camera "${id}" sends pictures only`, {
    hint: "Cameras with an RTSP stream may have sound",
  });
}

async function snapshot(c: Context<GateEnv>, { hub, launcher }: StreamDeps): Promise<Response> {
  const id = c.req.param("id") ?? "";
  const wish = readWish(c);
  await hub.manager.requireSoon(id, "video", c.req.raw.signal);
  const media = hub.media.get(id);
  const sight = readSight(c);
  const context = {
    rescaling: hub.media.rescaling,
    launcher,
    clock: hub.clock,
    signal: c.req.raw.signal,
  };
  const { bytes, capturedAtMs } = await media.underMask(
    sight,
    () => takeSnapshot(media.streamFor({}, sight), wish, context),
  ).catch((error) => {
    throw ofDevice(error);
  });
  const name = `${id}_${new Date(capturedAtMs).toISOString().replace(/[:.]/g, "-")}.jpg`;
  const disposition = c.req.query("download") === undefined ? "inline" : "attachment";
  return new Response(bytes, {
    headers: {
      ...LIVE_HEADERS,
      "content-type": "image/jpeg",
      "content-length": String(bytes.length),
      "content-disposition": `${disposition}; filename="${name}"`,
      "x-timestamp": (capturedAtMs / 1000).toFixed(6),
      "x-age-ms": String(Math.max(0, Math.round(hub.clock.now() - capturedAtMs))),
    },
  });
}

const QUALITIES: ReadonlyMap<string, number> = new Map([["low", 40], ["medium", 65], ["high", 90]]);

function readWish(c: Context): Rescale {
  const width = readNumber(c, "width", 16, 7680);
  const word = QUALITIES.get(c.req.query("quality") ?? "");
  const quality = word ?? readNumber(c, "quality", 1, 100);
  return {
    width: width === undefined ? undefined : Math.round(width),
    quality: quality === undefined ? undefined : Math.round(quality),
  };
}

/** `?masked=true` shows an administrator what others see. */
function readSight(c: Context<GateEnv>): Sight {
  const text = c.req.query("masked") ?? "false";
  if (text === "true" || text === "false") return sightOf(c.get("principal"), text === "true");
  throw new HubError("invalid_input", `masked cannot be ${JSON.stringify(text)}`, {
    hint: "Give true or false",
    details: { problems: [{ path: "masked", message: "Not usable", expected: "true or false" }] },
  });
}
