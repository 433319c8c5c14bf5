// Operations that look after what was recorded: how it stands, list, delete.
import { z } from "zod";
import { isoTime } from "../base/clock.ts";
import { idSchema } from "../config/schema.ts";
import { read, write } from "./define.ts";
import type { Hub } from "./hub.ts";
import type { Operation } from "./operation.ts";
import { RECORD_OPERATIONS } from "./record.ts";
import { recording, status } from "./recording_schemas.ts";
import {
  type RecordingStatusView,
  recordingStatusView,
  type RecordingView,
  recordingView,
} from "./recording_views.ts";
import * as schemas from "./schemas.ts";

const DEFAULT_PAGE = 50;

const { count, success, time, verified } = schemas;
const text = z.string();

const getRecordingStatus = read({
  name: "get_recording_status",
  title: "Recording status",
  summary: "Tells which cameras are being recorded, for how long, and how large the recording is",
  toolset: "media",
  input: z.object({
    camera_id: idSchema.optional().meta({ description: "Only this camera; otherwise those being recorded" }),
  }),
  output: z.object({ success, cameras: z.array(status), total: count }),
  examples: [{ title: "All", input: {} }, { title: "One camera", input: { camera_id: "front-door" } }],
  run: async ({ hub }, { camera_id }) => {
    if (camera_id !== undefined) hub.manager.get(camera_id);
    const ids = camera_id === undefined ? hub.recordings.cameras : [camera_id];
    const cameras = await Promise.all(
      ids.map((id) => statusOf(hub, id)),
    );
    return { success: true as const, cameras, total: cameras.length };
  },
});

const listRecordings = read({
  name: "list_recordings",
  title: "List recordings",
  summary: "Lists what was recorded on the hub, the newest first; each can be played at its link",
  guide: "A recording that goes on is listed when it is over: get_recording_status tells of it",
  toolset: "media",
  input: z.object({
    camera_id: idSchema.optional().meta({ description: "Only of this camera, removed ones included" }),
    from: time.optional().meta({ description: "Only those that went on at this time or later" }),
    to: time.optional().meta({ description: "Only those that began before this time" }),
    before: z.string().max(40).optional().meta({ description: "For the next page, the id of the last one" }),
    limit: z.int().min(1).max(500).default(DEFAULT_PAGE),
  }),
  output: z.object({
    success,
    recordings: z.array(recording),
    total: count.meta({ description: "On all pages" }),
    more: z.boolean().meta({ description: "true: there are others beyond the limit" }),
  }),
  http: { method: "GET", path: "/api/recordings", names: { camera: "camera_id" } },
  examples: [
    { title: "The newest", input: { limit: 10 } },
    { title: "One day", input: { from: "2026-05-01T00:00:00Z", to: "2026-05-02T00:00:00Z" } },
  ],
  run: async ({ hub }, { camera_id, from, to, before, limit }) => {
    const query = {
      camera: camera_id,
      fromMs: schemas.epochMs(from),
      toMs: schemas.epochMs(to),
      before,
      limit,
    };
    const page = await hub.library.list(query);
    const recordings = await Promise.all(
      page.recordings.map(async (each) => recordingView(each, await hub.library.isThere(each))),
    );
    return { success: true as const, recordings, total: page.total, more: page.more };
  },
});

const deleteRecording = write({
  name: "delete_recording",
  title: "Delete a recording",
  summary: "Removes one recorded file from the hub for good",
  toolset: "media",
  effect: "destructive",
  role: "admin",
  input: z.object({ recording_id: z.string().max(40).meta({ description: "An id of list_recordings" }) }),
  output: z.object({ success, recording_id: text, camera_id: text, freed_bytes: count, verified }),
  http: { method: "DELETE", path: "/api/recordings/:recording_id" },
  examples: [{ title: "Delete it", input: { recording_id: "k3m9x2abc7qp", confirm: true } }],
  would: async ({ hub }, { recording_id }) => {
    const { id, camera, startedAtMs, durationMs } = await hub.library.get(recording_id);
    const length = `${Math.round(durationMs / 1000)} s of camera "${camera}"`;
    return `Delete recording ${id}: ${length}, from ${isoTime(startedAtMs)}; it cannot be brought back`;
  },
  run: async ({ hub }, { recording_id }) => {
    const { id, camera, sizeBytes } = await hub.library.remove(recording_id);
    await hub.thumbnails.forget(id);
    return {
      success: true as const,
      recording_id: id,
      camera_id: camera,
      freed_bytes: sizeBytes,
      verified: "readback" as const,
    };
  },
});

async function statusOf(
  { recordings, ruleRecorder }: Pick<Hub, "recordings" | "ruleRecorder">,
  id: string,
): Promise<RecordingStatusView> {
  return recordingStatusView(id, await recordings.running(id), recordings.last(id), ruleRecorder.state(id));
}

/** The newest recordings, of one camera where one is named, and what goes on: for a page. */
export async function recordingsNow(
  hub: Pick<Hub, "recordings" | "library" | "ruleRecorder">,
  camera: string | undefined,
  limit: number,
): Promise<{ recordings: RecordingView[]; total: number; running: RecordingStatusView[] }> {
  const page = await hub.library.list({ camera, limit });
  const ids = hub.recordings.cameras.filter((id) => camera === undefined || id === camera);
  return {
    recordings: page.recordings.map((each) => recordingView(each)),
    total: page.total,
    running: await Promise.all(ids.map((id) => statusOf(hub, id))),
  };
}

export const RECORDING_OPERATIONS: readonly Operation[] = [
  ...RECORD_OPERATIONS,
  getRecordingStatus,
  listRecordings,
  deleteRecording,
];
