// Operations that show what was recorded and what happened over time.
import { z } from "zod";
import { idSchema } from "../config/schema.ts";
import { ADMIN_KINDS, EVENT_KINDS } from "../events/event.ts";
import { MAX_LANES } from "../recordings/timeline.ts";
import { read, readOfCamera } from "./define.ts";
import type { Operation } from "./operation.ts";
import * as schemas from "./schemas.ts";
import {
  type FileView,
  type LaneView,
  type PlaceView,
  placeView,
  type TimelineView,
  timelineView,
} from "./timeline_views.ts";

const { count, success, time } = schemas;
const text = z.string();

/** What only admins may know of stands in the list of events, not here; and recordings are told as such. */
const KINDS = EVENT_KINDS.filter((kind) => kind !== "recording" && !ADMIN_KINDS.includes(kind));

const lane = z.object(
  {
    camera_id: text,
    recorded: z.array(z.object({ from: text, to: text, files: count, ended_because: text })),
    gaps: z.array(z.object({ from: text, to: text, reason: text })).meta({
      description: "Time without a picture: between recordings, why the one before ended; privacy within one",
    }),
    recording_since: text.optional().meta({
      description: "It is being recorded; playable once the file is closed",
    }),
    events: z.array(
      z.object({ seq: count, kind: text, from: text, to: text.optional(), status: text.optional() }),
    ),
    density: z.array(z.object({ from: text, counts: z.record(text, count) })).meta({
      description: "Where events are many: how many of each kind began in each bucket_s from then",
    }),
  } satisfies Record<keyof LaneView, z.ZodType>,
);

const getTimeline = read({
  name: "get_timeline",
  title: "Timeline",
  summary: "Tells of each camera when it was recorded, when not and why, and what happened there",
  guide: "Many events are counted by bucket_s instead of listed: ask for less time, one camera or one kind",
  toolset: "media",
  input: z.object({
    from: time,
    to: time,
    camera_ids: z.array(idSchema).min(1).max(MAX_LANES).optional().meta({
      description: "Left out: all, and removed ones recorded in that time",
    }),
    kinds: z.array(z.enum(KINDS)).max(KINDS.length).default([]).meta({
      description: "Only events of these kinds; empty: all",
    }),
  }),
  output: z.object(
    {
      success,
      from: text,
      to: text,
      cameras: z.array(lane),
      bucket_s: z.number().optional(),
    } satisfies Record<keyof TimelineView | "success", z.ZodType>,
  ),
  http: { method: "GET", path: "/api/timeline", names: { camera: "camera_ids", kind: "kinds" } },
  examples: [{ title: "One day", input: { from: "2026-05-01T00:00:00Z", to: "2026-05-02T00:00:00Z" } }],
  run: async ({ hub }, { from, to, camera_ids, kinds }) => {
    const [fromMs, toMs] = [schemas.epochMs(from) ?? 0, schemas.epochMs(to) ?? 0];
    const answer = await hub.timeline.read({
      fromMs,
      toMs,
      cameras: camera_ids,
      kinds: kinds.length > 0 ? kinds : KINDS,
    });
    return { success: true as const, ...timelineView(answer, fromMs, toMs) };
  },
});

/** A file that is pointed to; list_recordings tells more of it. */
const file = z.object(
  {
    id: text,
    started_at: text,
    ended_at: text,
    duration_s: z.number(),
    locked: z.boolean(),
    links: z.object({ video: text, download: text }),
  } satisfies Record<keyof FileView, z.ZodType>,
);

const locateRecording = readOfCamera({
  name: "locate_recording",
  title: "Find a moment in the recordings",
  summary: "Tells which recorded file holds a moment, and how far into it; and the files before and after",
  toolset: "media",
  input: z.object({ at: time }),
  output: z.object(
    {
      success,
      camera_id: text,
      at: text,
      recording: file.optional(),
      offset_s: z.number().optional().meta({ description: "Into the pictures of that file" }),
      next: file.optional(),
      previous: file.optional(),
    } satisfies Record<keyof PlaceView | "success", z.ZodType>,
  ),
  http: { method: "GET", path: "/api/recordings/locate", names: { camera: "camera_id", t: "at" } },
  examples: [{ title: "At eight", input: { camera_id: "front-door", at: "2026-05-01T08:00:00Z" } }],
  run: async ({ hub }, { camera_id, at }) => {
    const atMs = schemas.epochMs(at) ?? 0;
    const place = placeView(camera_id, atMs, await hub.timeline.locate(camera_id, atMs));
    return { success: true as const, ...place };
  },
});

export const TIMELINE_OPERATIONS: readonly Operation[] = [getTimeline, locateRecording];
