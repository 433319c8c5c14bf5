// Makes the outside shapes of cameras from the hub's own.
import { isoTime } from "../base/clock.ts";
import type { Camera } from "../devices/camera.ts";
import type { CameraMedia } from "../media/camera_media.ts";
import type { Hub } from "./hub.ts";
import type { CameraDetailView, CameraView, DiscoveredView, StreamView, ViewerView } from "./views.ts";
import type { FoundDevice } from "../devices/catalog.ts";

/** One row of a camera list. */
export function cameraView(camera: Camera, hub: Pick<Hub, "media" | "clock">): CameraView {
  const { id, name, type, origin, enabled } = camera.spec;
  const { status, reason, hint, sinceMs, nextTryAtMs } = camera.status;
  const capabilities = camera.device?.capabilities ?? {};
  const media = hub.media.find(id);
  const base = `/api/cameras/${id}`;
  return {
    id,
    name,
    type,
    origin,
    enabled,
    status,
    ...(reason === undefined ? {} : { reason }),
    ...(hint === undefined ? {} : { hint }),
    since: isoTime(sinceMs),
    ...(nextTryAtMs === undefined ? {} : { next_try_at: isoTime(nextTryAtMs) }),
    capabilities: Object.entries(capabilities).filter(([, value]) => value !== undefined).map(([key]) => key),
    ...(media ? { stream: streamView(media, camera.device?.capabilities.video?.codec ?? "mjpeg", hub) } : {}),
    links: { page: `/cameras/${id}`, stream: `${base}/stream`, snapshot: `${base}/snapshot` },
  };
}

function streamView(media: CameraMedia, codec: string, hub: Pick<Hub, "clock">): StreamView {
  const { stream } = media;
  const { framesTotal, bytesTotal, damagedTotal, restartsTotal } = stream.figures;
  const running = stream.state.state === "running";
  const latest = running ? stream.hub.latest : undefined;
  const rates = running ? stream.meter.rates(hub.clock.monotonic()) : undefined;
  return {
    running,
    codec,
    viewers: media.viewers,
    ...(latest ? { width: latest.width, height: latest.height } : {}),
    ...(latest ? { age_ms: Math.round(hub.clock.now() - latest.capturedAtMs) } : {}),
    ...(rates ? { fps: Math.round(rates.count * 10) / 10, bytes_per_second: Math.round(rates.sum) } : {}),
    frames_total: framesTotal,
    bytes_total: bytesTotal,
    dropped_total: media.droppedTotal,
    damaged_total: damagedTotal,
    restarts_total: restartsTotal,
  };
}

/** Everything known of one camera; asks the device for its settings. */
export async function cameraDetailView(
  camera: Camera,
  hub: Hub,
  signal: AbortSignal,
): Promise<CameraDetailView> {
  const device = camera.device;
  const settings = await device?.capabilities.settings?.list(signal);
  const modes = device?.capabilities.video?.modes;
  return {
    ...cameraView(camera, hub),
    options: camera.spec.options,
    ...(device ? { device: { ...device.info } } : {}),
    ...(modes ? { modes: modes.map((mode) => ({ ...mode })) } : {}),
    ...(settings ? { settings } : {}),
    viewers: hub.media.find(camera.id)?.viewerFigures.map(viewerView) ?? [],
  };
}

function viewerView(
  { watchedMs, frames, bytes, dropped, fps, ageMs }: CameraMedia["viewerFigures"][number],
): ViewerView {
  return {
    watched_s: Math.round(watchedMs / 1000),
    frames,
    bytes,
    dropped,
    ...(fps === undefined ? {} : { fps: Math.round(fps * 10) / 10 }),
    ...(ageMs === undefined ? {} : { age_ms: Math.round(ageMs) }),
  };
}

/** A found device. */
export function discoveredView(found: FoundDevice): DiscoveredView {
  const { type, title, options, details, cameraId } = found;
  return { type, title, options, details, ...(cameraId === undefined ? {} : { camera_id: cameraId }) };
}
