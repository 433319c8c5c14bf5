// Asks the hub for the timeline, for places in recordings, for events around a moment, and for exports.
import type { ExportView, LaneView, PlaceView, TimelineView } from "../src/operations/timeline_views.ts";
import { callApi, callOperation } from "./api.ts";
import type { View } from "./timeline_scale.ts";

export type { ExportView, LaneView, PlaceView, TimelineView };

/** Whose lanes, and which events. */
export interface TimelineFilter {
  cameras: readonly string[];
  /** None: all. */
  kinds: readonly string[];
}

export function fetchTimeline(
  { fromMs, toMs }: View,
  { cameras, kinds }: TimelineFilter,
): Promise<TimelineView> {
  const query = new URLSearchParams({ from: String(Math.floor(fromMs)), to: String(Math.ceil(toMs)) });
  if (cameras.length > 0) query.set("camera", cameras.join(","));
  if (kinds.length > 0) query.set("kind", kinds.join(","));
  return callApi<TimelineView>("GET", `/api/timeline?${query}`);
}

export function locate(camera: string, atMs: number): Promise<PlaceView> {
  const query = new URLSearchParams({ camera, t: String(Math.round(atMs)) });
  return callApi<PlaceView>("GET", `/api/recordings/locate?${query}`);
}

/** The address of the picture at a moment; the same for a whole second. */
export function pictureAt(camera: string, atMs: number, width: number): string {
  const query = new URLSearchParams({
    camera,
    t: String(Math.round(atMs / 500) * 500),
    width: String(width),
  });
  return `/api/recordings/at?${query}`;
}

/** One event, and when it began. */
export interface FoundEvent {
  camera: string;
  kind: string;
  atMs: number;
}

const REACHES_MS = [1, 12, 24 * 7, 24 * 60, 24 * 390].map((hours) => hours * 3_600_000);
/** Further than that nothing is looked for in pieces. */
const MOST_QUESTIONS = 12;

/** The next event after a moment (direction 1), or the last before it (−1); undefined where there is none for a year. */
export async function findEvent(
  atMs: number,
  direction: 1 | -1,
  filter: TimelineFilter,
): Promise<FoundEvent | undefined> {
  let [reach, cursorMs] = [0, atMs];
  for (let question = 0; question < MOST_QUESTIONS && reach < REACHES_MS.length; question++) {
    const far = REACHES_MS[reach] ?? 0;
    const view = direction > 0
      ? { fromMs: cursorMs, toMs: atMs + far }
      : { fromMs: atMs - far, toMs: cursorMs };
    const found = view.toMs > view.fromMs
      ? nearest(await fetchTimeline(view, filter), atMs, direction)
      : undefined;
    if (found && "kind" in found) return found;
    if (found) {
      // Too many to be listed: looked for in the piece in which the nearest lies.
      const single = await findIn(found, { atMs, direction, filter });
      if (single) return single;
      // What was counted there lies on the other side of the moment.
      cursorMs = direction > 0 ? found.toMs : found.fromMs;
    } else reach++;
  }
  return undefined;
}

async function findIn(
  piece: View,
  { atMs, direction, filter }: { atMs: number; direction: 1 | -1; filter: TimelineFilter },
): Promise<FoundEvent | undefined> {
  let view = piece;
  for (let question = 0; question < MOST_QUESTIONS; question++) {
    const clipped = direction > 0
      ? { fromMs: Math.max(view.fromMs, atMs + 1), toMs: view.toMs }
      : { fromMs: view.fromMs, toMs: Math.min(view.toMs, atMs) };
    if (clipped.toMs <= clipped.fromMs) return undefined;
    const found = nearest(await fetchTimeline(clipped, filter), atMs, direction);
    if (!found || "kind" in found) return found;
    if (found.toMs - found.fromMs >= view.toMs - view.fromMs) return undefined;
    view = found;
  }
  return undefined;
}

/** The nearest single event, or the piece of time in which the nearest were counted. */
export function nearest(
  timeline: TimelineView,
  atMs: number,
  direction: 1 | -1,
): FoundEvent | View | undefined {
  const events = timeline.cameras.flatMap(({ camera_id, events }) =>
    events.map(({ kind, from }) => ({ camera: camera_id, kind, atMs: Date.parse(from) }))
  ).filter((each) => direction > 0 ? each.atMs > atMs : each.atMs < atMs)
    .sort((a, b) => direction * (a.atMs - b.atMs));
  if (timeline.bucket_s === undefined) return events[0];
  const bucketMs = timeline.bucket_s * 1000;
  const pieces = timeline.cameras.flatMap(({ density }) => density.map(({ from }) => Date.parse(from)))
    .sort((a, b) => direction * (a - b));
  const [first] = pieces;
  return first === undefined ? undefined : { fromMs: first, toMs: first + bucketMs };
}

export async function fetchExports(): Promise<ExportView[]> {
  return (await callApi<{ exports: ExportView[] }>("GET", "/api/exports")).exports;
}

const iso = (ms: number) => new Date(ms).toISOString();

/** Says what an export would hold, in words. @throws ApiProblem why it cannot be made. */
export async function previewExport(camera: string, { fromMs, toMs }: View): Promise<string> {
  const input = { camera_id: camera, from: iso(fromMs), to: iso(toMs), dry_run: true };
  const answer = await callApi<{ would: string }>("POST", "/api/operations/export_recording", input);
  return answer.would;
}

export async function startExport(camera: string, { fromMs, toMs }: View): Promise<void> {
  await callOperation("export_recording", { camera_id: camera, from: iso(fromMs), to: iso(toMs) });
}

/** Ends one that is being made, or removes its file. */
export async function removeExport(id: string): Promise<void> {
  await callOperation("delete_export", { export_id: id });
}
