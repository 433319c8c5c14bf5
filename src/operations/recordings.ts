// Operations that record cameras and look after what was recorded.
import { z } from "zod";
import { isoTime } from "../base/clock.ts";
import { isAbort } from "../base/errors.ts";
import { idSchema } from "../config/schema.ts";
import {
  DEFAULT_DURATION_S,
  END_REASONS,
  type EndedRecording,
  MAX_DURATION_S,
  MAX_PRE_ROLL_S,
} from "../recordings/recording.ts";
import type { Recordings } from "../recordings/recordings.ts";
import { read, write, writeOfCamera } from "./define.ts";
import type { Operation, OperationContext } from "./operation.ts";
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
const seconds = z.number();
const because = z.enum(END_REASONS);

const recording = z.object(
  {
    id: text,
    recording_id: text.meta({ description: "The id of its first part" }),
    part: count.meta({ description: "A new part begins when the camera was away" }),
    camera_id: text,
    started_at: text,
    ended_at: text,
    duration_s: seconds,
    size_bytes: count,
    pre_roll_s: seconds,
    codec: text.optional(),
    width: count.optional(),
    height: count.optional(),
    has_sound: z.boolean(),
    ended_because: because,
    gaps: z.array(z.object({ from: text, to: text, reason: text })).meta({
      description: "When the lens was covered",
    }),
    links: z.object({ video: text, download: text }).meta({ description: "Paths on the hub" }),
  } satisfies Record<keyof RecordingView, z.ZodType>,
);

const status = z.object(
  {
    camera_id: text,
    recording: z.boolean(),
    state: z.enum(["idle", "starting", "recording", "waiting", "ending"]).meta({
      description: "waiting: the camera is away; the recording goes on when it is back",
    }),
    recording_id: text.optional(),
    started_at: text.optional(),
    ends_at: text.optional(),
    elapsed_s: seconds.optional(),
    pre_roll_s: seconds.optional(),
    size_bytes: count.optional(),
    part: count.optional(),
    reason: text.optional(),
    last: z.object({
      recording_id: text,
      ended_at: text,
      ended_because: because,
      parts: count,
      reason: text.optional(),
    }).optional(),
  } satisfies Record<keyof RecordingStatusView, z.ZodType>,
);

/** What a recording that is over came to. */
const over = z.object({
  success,
  camera_id: text,
  recording_id: text,
  ended_because: because,
  recordings: z.array(recording).meta({ description: "Its files; more than one where the camera was away" }),
  verified,
});

const durationS = z.number().min(1).max(MAX_DURATION_S).default(DEFAULT_DURATION_S).meta({
  description: "Seconds until it ends by itself",
});
const preRollS = z.number().min(0).max(MAX_PRE_ROLL_S).optional().meta({
  description: "At most so many seconds of before, as far as the hub has them; left out: as many as it has",
});

const startRecording = writeOfCamera({
  name: "start_recording",
  title: "Start recording",
  summary: "Records a camera's video and sound into a file on the hub",
  guide:
    "Returns when the first bytes are on the disk; the recording then goes on until duration_s is over or " +
    "stop_recording. wait: true returns when it is over. A camera is recorded once at a time. Seconds of " +
    "before exist only while somebody looks at a camera that sends H.264 or H.265",
  toolset: "media",
  input: z.object({
    duration_s: durationS,
    pre_roll_s: preRollS,
    wait: z.boolean().default(false).meta({ description: "true: answer when it is over" }),
  }),
  output: z.object({
    success,
    camera_id: text,
    recording_id: text,
    state: z.enum(["recording", "over"]),
    started_at: text,
    ends_at: text,
    pre_roll_s: seconds,
    size_bytes: count,
    ended_because: because.optional(),
    recordings: z.array(recording).optional(),
    verified,
  }),
  // Nothing in it waits so long but a wait that was asked for.
  deadlineMs: (MAX_DURATION_S + 120) * 1000,
  examples: [
    { title: "Ten minutes", input: { camera_id: "front-door", duration_s: 600 } },
    { title: "Twenty seconds, waiting for the end", input: { duration_s: 20, pre_roll_s: 5, wait: true } },
  ],
  would: async ({ hub, signal }, { camera_id, duration_s }) => {
    await hub.recordings.check(camera_id, signal);
    return `Record camera "${camera_id}" for ${duration_s} s`;
  },
  run: async (context, { camera_id, duration_s, pre_roll_s, wait }) => {
    const { recordings } = context.hub;
    const wish = {
      durationMs: duration_s * 1000,
      preRollMs: pre_roll_s === undefined ? undefined : pre_roll_s * 1000,
    };
    if (wait) context.report({ progress: 0, total: duration_s, message: "Waiting for the first picture" });
    const begun = await recordings.start(camera_id, wish, context.signal);
    const started = {
      success: true as const,
      camera_id,
      recording_id: begun.id,
      state: "recording" as const,
      started_at: isoTime(begun.askedAtMs),
      ends_at: isoTime(begun.endsAtMs),
      pre_roll_s: Math.round(begun.preRollMs / 10) / 100,
      size_bytes: begun.sizeBytes,
      verified: "readback" as const,
    };
    if (!wait) return started;
    const ended = await follow(context, camera_id, duration_s);
    const parts = ended.parts.map(recordingView);
    return {
      ...started,
      state: "over" as const,
      size_bytes: parts.reduce((sum, { size_bytes }) => sum + size_bytes, 0),
      ended_because: ended.because,
      recordings: parts,
    };
  },
});

const TELL_EVERY_MS = 1000;

/** Tells once a second how far a recording is; when the caller goes away meanwhile it is ended. */
async function follow(
  { hub, signal, report }: OperationContext,
  camera: string,
  durationS: number,
): Promise<EndedRecording> {
  const over = new AbortController();
  const ended = hub.recordings.over(camera, signal).finally(() => over.abort());
  ended.catch(() => {/* awaited below */});
  let toldMs = 0;
  while (!over.signal.aborted) {
    const elapsedMs = (await hub.recordings.running(camera))?.elapsedMs ?? 0;
    // Progress only ever grows.
    if (elapsedMs > toldMs) {
      toldMs = elapsedMs;
      const message = `Recorded ${Math.floor(elapsedMs / 1000)} s of ${durationS} s`;
      report({ progress: Math.round(elapsedMs / 100) / 10, total: durationS, message });
    }
    await hub.clock.sleep(TELL_EVERY_MS, over.signal).catch((error) => {
      if (!isAbort(error)) throw error;
    });
  }
  try {
    return await ended;
  } catch (error) {
    if (isAbort(error) && hub.recordings.cameras.includes(camera)) await hub.recordings.stop(camera);
    throw error;
  }
}

const stopRecording = writeOfCamera({
  name: "stop_recording",
  title: "Stop recording",
  summary: "Ends the recording of a camera; the file can then be played",
  toolset: "media",
  input: z.object({}),
  output: over,
  examples: [{ title: "Stop it", input: { camera_id: "front-door" } }],
  would: async ({ hub }, { camera_id }) => {
    hub.manager.get(camera_id);
    const running = await hub.recordings.running(camera_id);
    if (!running) return `Nothing: camera "${camera_id}" is not being recorded`;
    return `End the recording of camera "${camera_id}" after ${Math.round(running.elapsedMs / 1000)} s`;
  },
  run: async ({ hub }, { camera_id }) => {
    const { id, because, parts } = await hub.recordings.stop(camera_id);
    return {
      success: true as const,
      camera_id,
      recording_id: id,
      ended_because: because,
      recordings: parts.map(recordingView),
      verified: "readback" as const,
    };
  },
});

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
      ids.map(async (id) =>
        recordingStatusView(id, await hub.recordings.running(id), hub.recordings.last(id))
      ),
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
    const page = await hub.recordings.list(query);
    const recordings = page.recordings.map(recordingView);
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
    const { id, camera, startedAtMs, durationMs } = await hub.recordings.get(recording_id);
    const length = `${Math.round(durationMs / 1000)} s of camera "${camera}"`;
    return `Delete recording ${id}: ${length}, from ${isoTime(startedAtMs)}; it cannot be brought back`;
  },
  run: async ({ hub }, { recording_id }) => {
    const { id, camera, sizeBytes } = await hub.recordings.remove(recording_id);
    return {
      success: true as const,
      recording_id: id,
      camera_id: camera,
      freed_bytes: sizeBytes,
      verified: "readback" as const,
    };
  },
});

/** The newest recordings, of one camera where one is named, and what goes on: for a page. */
export async function recordingsNow(
  recordings: Recordings,
  camera: string | undefined,
  limit: number,
): Promise<{ recordings: RecordingView[]; total: number; running: RecordingStatusView[] }> {
  const page = await recordings.list({ camera, limit });
  const ids = recordings.cameras.filter((id) => camera === undefined || id === camera);
  const running = await Promise.all(
    ids.map(async (id) => recordingStatusView(id, await recordings.running(id), undefined)),
  );
  return { recordings: page.recordings.map(recordingView), total: page.total, running };
}

export const RECORDING_OPERATIONS: readonly Operation[] = [
  startRecording,
  stopRecording,
  getRecordingStatus,
  listRecordings,
  deleteRecording,
];
