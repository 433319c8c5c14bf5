// Operations that begin and end the recording of a camera.
import { z } from "zod";
import { isoTime } from "../base/clock.ts";
import { isAbort } from "../base/errors.ts";
import {
  DEFAULT_DURATION_S,
  type EndedRecording,
  MAX_DURATION_S,
  MAX_PRE_ROLL_S,
} from "../recordings/recording.ts";
import { writeOfCamera } from "./define.ts";
import type { Operation, OperationContext } from "./operation.ts";
import { because, over, recording } from "./recording_schemas.ts";
import { recordingView } from "./recording_views.ts";
import { count, success, verified } from "./schemas.ts";

const text = z.string();
const seconds = z.number();

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
    ends_at: text.optional(),
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
      ...(begun.endsAtMs === undefined ? {} : { ends_at: isoTime(begun.endsAtMs) }),
      pre_roll_s: Math.round(begun.preRollMs / 10) / 100,
      size_bytes: begun.sizeBytes,
      verified: "readback" as const,
    };
    if (!wait) return started;
    const ended = await follow(context, camera_id, duration_s);
    const parts = ended.parts.map((each) => recordingView(each));
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
      recordings: parts.map((each) => recordingView(each)),
      verified: "readback" as const,
    };
  },
});

export const RECORD_OPERATIONS: readonly Operation[] = [startRecording, stopRecording];
