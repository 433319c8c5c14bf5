// Makes the outside shapes of cameras from the hub's own.
import { isEnough, type Role } from "../auth/roles.ts";
import { isoTime } from "../base/clock.ts";
import type { Camera } from "../devices/camera.ts";
import type { CameraMedia } from "../media/camera_media.ts";
import type { Sight } from "../media/sight.ts";
import type { Hub } from "./hub.ts";
import type {
  CameraDetailView,
  CameraView,
  ChildCameraView,
  DiscoveredView,
  StreamView,
  ViewerView,
} from "./views.ts";
import type { ChildCamera } from "../devices/device.ts";
import { shownOptions } from "../devices/camera_input.ts";
import type { FoundDevice } from "../devices/found_devices.ts";
import { readControls } from "./control_views.ts";
import { motionView } from "./motion_views.ts";

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
    ...(media?.maskFor("masked") ? { privacy_zones: true as const } : {}),
    ...(camera.isCovered ? { covered: true as const } : {}),
    capabilities: Object.entries(capabilities).filter(([, value]) => value !== undefined).map(([key]) => key),
    ...(media ? { stream: streamView(media, hub) } : {}),
    links: { page: `/cameras/${id}`, stream: `${base}/stream`, snapshot: `${base}/snapshot` },
  };
}

function streamView(media: CameraMedia, hub: Pick<Hub, "clock">): StreamView {
  const lane = media.active;
  const lanes = [media.main, media.sub];
  const running = lane.isRunning;
  const latest = lane.frames.state.state === "running" ? lane.frames.hub.latest : undefined;
  const rates = running ? lane.reading.meter.rates(hub.clock.monotonic()) : undefined;
  const sum = (count: (of: typeof lane) => number) => lanes.reduce((total, of) => total + count(of), 0);
  return {
    running,
    ...(media.sub.video ? { source: lane === media.sub ? "sub" as const : "main" as const } : {}),
    codec: lane.codec ?? "mjpeg",
    viewers: media.viewers,
    ...(latest ? { width: latest.width, height: latest.height } : {}),
    ...(latest ? { age_ms: Math.round(hub.clock.now() - latest.capturedAtMs) } : {}),
    ...(rates ? { fps: Math.round(rates.count * 10) / 10, bytes_per_second: Math.round(rates.sum) } : {}),
    frames_total: sum(({ frames }) => frames.figures.framesTotal),
    bytes_total: sum(({ reading }) => reading.bytesTotal),
    dropped_total: media.droppedTotal,
    damaged_total: sum(({ frames }) => frames.figures.damagedTotal),
    restarts_total: sum(({ reading }) => reading.restartsTotal),
  };
}

/** Account names, and addresses but for the one that a reason names, are nobody's business who may only look. */
const OPTIONS_ROLE: Role = "operator";

/** Everything known of one camera that somebody of a role may know; asks the device for its settings. */
export async function cameraDetailView(
  camera: Camera,
  hub: Hub,
  { role, sight, signal }: { role: Role; sight: Sight; signal: AbortSignal },
): Promise<CameraDetailView> {
  const seesOptions = isEnough(role, OPTIONS_ROLE);
  const device = camera.device;
  const { settings, controls } = device ? await readControls(device, signal) : {};
  if (device?.capabilities.privacy) camera.noteCovered(device, controls?.privacy);
  const children = device?.children;
  const modes = device?.capabilities.video?.modes;
  const motion = motionView(camera.id, hub);
  return {
    ...cameraView(camera, hub),
    ...(seesOptions ? { options: shownOptions(camera.driver, camera.spec.options) } : {}),
    ...(device ? { device: { ...device.info } } : {}),
    ...(modes ? { modes: modes.map((mode) => ({ ...mode })) } : {}),
    ...(device?.capabilities.ptz ? { ptz_axes: [...device.capabilities.ptz.axes] } : {}),
    ...(settings ? { settings } : {}),
    ...(controls ? { controls } : {}),
    ...(motion ? { motion } : {}),
    privacy: {
      ...hub.rules.of(camera.id).privacy,
      covered_for_you: hub.media.find(camera.id)?.maskFor(sight) !== undefined,
    },
    ...(children?.length
      ? { children: children.map((child) => childView(child, camera, { hub, seesOptions })) }
      : {}),
    ...(device?.notices?.length ? { notices: [...device.notices] } : {}),
    viewers: hub.media.find(camera.id)?.viewerFigures.map(viewerView) ?? [],
  };
}

/** A child is told with its parent's options, secrets blanked; `add_camera` takes those from the parent. */
function childView(
  child: ChildCamera,
  parent: Camera,
  { hub, seesOptions }: { hub: Hub; seesOptions: boolean },
): ChildCameraView {
  const options = shownOptions(parent.driver, { ...parent.spec.options, ...child.options });
  const { title, suggestedId } = child;
  const isAdded = hub.manager.find(suggestedId) !== undefined;
  return {
    title,
    type: parent.spec.type,
    suggested_id: suggestedId,
    ...(seesOptions ? { options } : {}),
    options_of: parent.id,
    ...(isAdded ? { camera_id: suggestedId } : {}),
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
  const { type, title, options, details, cameraId, needs } = found;
  return {
    type,
    title,
    options,
    details,
    ...(needs?.length ? { needs: [...needs] } : {}),
    ...(cameraId === undefined ? {} : { camera_id: cameraId }),
  };
}
