// What the hub does with a camera's picture: watch for motion, record, cover parts of it. The same for every type of
// camera; given in the file or set at run time.
import { z } from "zod";

/** Most corners of a zone, and most zones of a camera. */
const MAX_POINTS = 32;
const MAX_ZONES = 16;

const fraction = z.number().min(0).max(1);

/** A corner, in fractions of the picture from its left and upper edge. */
export const pointSchema = z.strictObject({
  x: fraction.meta({ description: "0 at the left edge, 1 at the right" }),
  y: fraction.meta({ description: "0 at the upper edge, 1 at the lower" }),
});

/** A part of the picture, as a polygon. */
export const zoneSchema = z.strictObject({
  name: z.string().trim().min(1).max(60).optional().meta({ description: "Name shown to people" }),
  points: z.array(pointSchema).min(3).max(MAX_POINTS).meta({ description: "Corners in order" }),
});
export type Zone = z.infer<typeof zoneSchema>;

const zones = z.array(zoneSchema).max(MAX_ZONES);

/** How motion is looked for. */
export const motionRules = z.strictObject({
  detector: z.enum(["auto", "camera", "hub", "off"]).default("auto").meta({
    description: "auto takes what the camera tells, and looks itself where the camera tells nothing",
  }),
  sensitivity: z.number().min(0).max(100).default(50).meta({
    description: "0 to 100, for the hub's detector",
  }),
  zones: zones.default([]).meta({ description: "Where motion counts; none: everywhere" }),
  ignore: zones.default([]).meta({ description: "Where motion never counts" }),
  min_area: z.number().min(0).max(100).default(0.3).meta({
    description: "Smallest moving thing, percent of the picture",
  }),
  min_duration_s: z.number().min(0).max(60).default(0).meta({
    description:
      "Shorter motion is ignored; with 0 what is clear is told at once, all else with the next picture",
  }),
});
export type MotionRules = z.infer<typeof motionRules>;

export const WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'Expected a time such as "07:30"');

/** A stretch of the week in the hub's local time; one that ends before it begins goes on after midnight. */
export const timeWindow = z.strictObject({
  days: z.array(z.enum(WEEKDAYS)).min(1).max(7).default([...WEEKDAYS]),
  from: timeOfDay.default("00:00"),
  to: timeOfDay.default("24:00"),
});
export type TimeWindow = z.infer<typeof timeWindow>;

/** Events on which a camera can be recorded. */
export const EVENT_CAUSES = [
  "motion",
  "person",
  "vehicle",
  "pet",
  "sound",
  "tamper",
  "line_crossed",
  "intrusion",
  "doorbell",
  "package",
] as const;

/** Whether a camera is recorded by itself. */
export const RECORDING_MODES = ["off", "events", "continuous"] as const;

/** When a camera is recorded, and for how long that is kept. */
export const recordingRules = z.strictObject({
  mode: z.enum(RECORDING_MODES).default("off"),
  schedule: z.array(timeWindow).max(32).default([]).meta({
    description: "When the mode holds; none: always",
  }),
  events: z.array(z.enum(EVENT_CAUSES)).default([...EVENT_CAUSES]).meta({
    description: "Events that are recorded in the mode events",
  }),
  pre_roll_s: z.number().min(0).max(60).default(5).meta({ description: "Seconds before an event" }),
  post_roll_s: z.number().min(0).max(600).default(10).meta({ description: "Seconds after an event" }),
  keep_days: z.number().min(0.01).max(3650).optional().meta({
    description: "Days after which its recordings are deleted; left out: as for all cameras",
  }),
  keep_gb: z.number().min(0.01).max(1_000_000).optional().meta({
    description: "Most gigabytes of its recordings, the oldest go first; left out: only the limit of all",
  }),
  mjpeg: z.enum(["encode", "keep"]).default("encode").meta({
    description: "Cameras that make JPEG: encode to H.264, or keep the pictures as they are",
  }),
});

export type RecordingRules = z.infer<typeof recordingRules>;

/** Parts of the picture that nobody but an administrator may see. */
export const privacyRules = z.strictObject({
  zones: zones.default([]).meta({ description: "Covered before the picture leaves the hub" }),
  style: z.enum(["black", "blur"]).default("black"),
});

/** All of them. */
export const cameraRulesSchema = z.strictObject({
  motion: motionRules.prefault({}),
  recording: recordingRules.prefault({}),
  privacy: privacyRules.prefault({}),
});
export type CameraRules = z.infer<typeof cameraRulesSchema>;
export type RuleSubject = keyof CameraRules;

/** As they may stand in a camera's entry of the file. */
export const cameraRulesOfFile = {
  motion: motionRules.optional().meta({ description: "How motion is looked for" }),
  recording: recordingRules.optional().meta({ description: "When it is recorded" }),
  privacy: privacyRules.optional().meta({ description: "Parts of the picture that are covered" }),
};
