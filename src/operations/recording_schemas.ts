// The schemas of recordings in the answers of operations.
import { z } from "zod";
import { CAUSES, END_REASONS } from "../recordings/recording.ts";
import { WHYS } from "../recordings/rules_policy.ts";
import type { RecordingStatusView, RecordingView, RuleStateView } from "./recording_views.ts";
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
    cause: z.enum(CAUSES).meta({ description: "manual, or the camera's rule" }),
    has_event: z.boolean().meta({ description: "An event went on meanwhile" }),
    locked: z.boolean().meta({ description: "It is not deleted before it is unlocked" }),
    missing: z.literal(true).optional().meta({ description: "Its file is not on the disk" }),
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
    cause: z.enum(CAUSES).optional(),
    ends_at: text.optional(),
    elapsed_s: seconds.optional(),
    pre_roll_s: seconds.optional(),
    size_bytes: count.optional(),
    part: count.optional(),
    reason: text.optional(),
    rule: z.object(
      {
        mode: z.enum(["events", "continuous"]),
        why: z.enum(WHYS),
        next_change: text.optional().meta({ description: "When the schedule says otherwise" }),
        kept_s: seconds.optional().meta({ description: "Seconds of before that are in memory" }),
        pre_roll_note: text.optional(),
        problem: text.optional(),
      } satisfies Record<keyof RuleStateView, z.ZodType>,
    ).optional().meta({ description: "How the camera's recording rule stands" }),
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
