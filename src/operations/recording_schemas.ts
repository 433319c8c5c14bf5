// The schemas of recordings, as operations answer them.
import { z } from "zod";
import { END_REASONS } from "../recordings/recording.ts";
import type { RecordingStatusView, RecordingView } from "./recording_views.ts";
import * as schemas from "./schemas.ts";

const { count, success, verified } = schemas;
const text = z.string();
const seconds = z.number();
/** Why a recording ended. */
export const because = z.enum(END_REASONS);

/** One file of a recording. */
export const recording = z.object(
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

/** How the recording of a camera stands. */
export const status = z.object(
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
export const over = z.object({
  success,
  camera_id: text,
  recording_id: text,
  ended_because: because,
  recordings: z.array(recording).meta({ description: "Its files; more than one where the camera was away" }),
  verified,
});
