// What the hub's parts know, as metrics want it.
import type { Camera } from "../devices/camera.ts";
import { ConnectTimes } from "../devices/reachable.ts";
import type { Shared } from "../devices/shared.ts";
import type { EventObserver } from "../events/observer.ts";
import type { CameraMedia } from "../media/camera_media.ts";
import type { Lane } from "../media/lane.ts";
import type { CameraFacts, StreamFacts } from "../metrics/camera_facts.ts";
import type { Hub } from "../operations/hub.ts";

/** Who knows something of cameras. */
export interface CameraKnowledge {
  hub: Pick<Hub, "manager" | "media" | "motion" | "recordings" | "clock">;
  shared: Shared;
  observer: Pick<EventObserver, "activeKinds">;
}

/** A look is taken every three seconds; see devices/reachable.ts. */
const PROBE_AGE_MS = 10_000;

/** Every camera as it is now. */
export function allCameraFacts(parts: CameraKnowledge): CameraFacts[] {
  const { hub: { manager, clock, recordings }, shared } = parts;
  const times = shared.get(ConnectTimes);
  const recent = new Map(times.recent(clock.monotonic(), PROBE_AGE_MS));
  const recorded = new Set(recordings.cameras);
  return manager.cameras.map((camera) => {
    const counts = times.counts(camera.id);
    return {
      ...identityOf(camera),
      ...motionOf(camera.id, parts),
      probe: counts && { ...counts, tookMs: recent.get(camera.id) },
      isCovered: camera.isCovered,
      isRecording: recorded.has(camera.id),
      stream: streamOf(camera.id, parts),
    };
  });
}

function identityOf({ id, spec, status, device }: Camera) {
  const { address, model, firmware } = device?.info ?? {};
  return { id, name: spec.name, kind: spec.type, status: status.status, info: { address, model, firmware } };
}

/** Unknown where nobody looks, and while the hub cannot. */
function motionOf(
  id: string,
  { hub, observer }: CameraKnowledge,
): Pick<CameraFacts, "isMotionActive" | "isWatchedByHub"> {
  const state = hub.motion.find(id)?.state;
  const isByCamera = state?.state === "off" && state.why.byCamera;
  const isKnown = isByCamera || state?.state === "running";
  return {
    isWatchedByHub: state !== undefined && state.state !== "off",
    isMotionActive: isKnown ? observer.activeKinds(id).includes("motion") : undefined,
  };
}

function streamOf(id: string, { hub: { media, clock } }: CameraKnowledge): StreamFacts | undefined {
  const found = media.find(id);
  if (!found?.main.video) return undefined;
  const lanes = lanesOf(found);
  const sum = (of: (lane: Lane) => number) => lanes.reduce((total, { lane }) => total + of(lane), 0);
  const { frames } = found.active;
  return {
    viewers: found.viewers,
    lanes: lanes.map(({ quality, lane }) => ({
      quality,
      isRunning: lane.isRunning,
      fps: lane.isRunning ? lane.reading.meter.rates(clock.monotonic())?.count : undefined,
    })),
    newestAtMs: frames.state.state === "running" ? frames.hub.latest?.capturedAtMs : undefined,
    framesTotal: sum(({ frames: { figures } }) => figures.framesTotal),
    damagedTotal: sum(({ frames: { figures } }) => figures.damagedTotal),
    droppedTotal: found.droppedTotal,
    receivedBytes: sum(({ reading }) => reading.bytesTotal),
    sentBytes: found.sentBytes,
    restartsTotal: sum(({ reading }) => reading.restartsTotal),
  };
}

function lanesOf({ main, sub }: CameraMedia): { quality: "main" | "sub"; lane: Lane }[] {
  return [{ quality: "main", lane: main }, ...(sub.video ? [{ quality: "sub" as const, lane: sub }] : [])];
}

/** The camera that a process of that name works for. Names are those of `ProcessSpec`. */
export function cameraOfProcess(name: string, ids: readonly string[]): string | undefined {
  const [, id = ""] =
    /^(?:camera|transcode|rescale|privacy zones|sound|motion) (\S+)(?: \(small\))?$/.exec(name) ?? [];
  return ids.includes(id) ? id : undefined;
}
