// Zod schemas that several operations share. Those of views name every field of the view's type.
import { z } from "zod";
import { CAMERA_STATUSES } from "../devices/status.ts";
import type { Preset, PtzPosition } from "../devices/capabilities.ts";
import type {
  AccountCheckView,
  CameraDetailView,
  CameraView,
  ChildCameraView,
  ControlsView,
  DiscoveredView,
  MotionSightView,
  PrivacyView,
  SettingView,
  StreamView,
  ViewerView,
} from "./views.ts";

/** The fields of a view: one that is forgotten here would be missing in every answer. */
type Fields<View> = Record<keyof View, z.ZodType>;

/** `readback`: read from the device after the change; `acknowledged`: the device, or the hub, said yes. */
export const verified = z.enum(["readback", "acknowledged", "unverified"]);
/** What every result begins with. */
export const success = z.literal(true);
/** A result about one camera that has no other fields. */
export const done = z.object({ success, camera_id: z.string(), verified });

const TIME = "Expected a time such as 2026-05-01T08:00:00Z, or milliseconds since 1970";
/** A moment, as people or programs write it. */
export const time = z.union([z.int(TIME), z.iso.datetime({ offset: true, error: TIME })], TIME);

/** A moment that was given, in milliseconds since 1970. */
export function epochMs(given: number | string | undefined): number | undefined {
  return typeof given === "string" ? Date.parse(given) : given;
}

export const count = z.int().min(0);
const text = z.string().optional();
const amount = z.number().optional();
const options = z.record(z.string(), z.unknown());
const facts = z.record(z.string(), z.string());

export const position = z.object(
  { pan: amount, tilt: amount, zoom: amount } satisfies Fields<PtzPosition>,
);
export const preset = z.object(
  { id: z.string(), name: z.string(), position: position.optional() } satisfies Fields<Preset>,
);

const value = z.union([z.number(), z.boolean(), z.string()]);
export const setting = z.object(
  {
    name: z.string(),
    title: z.string(),
    kind: z.enum(["number", "boolean", "choice", "action"]),
    value: value.optional(),
    default: value.optional(),
    min: amount,
    max: amount,
    step: amount,
    choices: z.array(z.object({ value: z.string(), title: z.string() })).optional(),
    inactive: z.boolean().optional(),
  } satisfies Fields<SettingView>,
);

const stream = z.object(
  {
    running: z.boolean(),
    codec: z.string(),
    source: z.enum(["main", "sub"]).optional(),
    viewers: count,
    width: count.optional(),
    height: count.optional(),
    fps: amount,
    bytes_per_second: amount,
    age_ms: amount.meta({ description: "Age of the newest frame" }),
    frames_total: count,
    bytes_total: count,
    dropped_total: count,
    damaged_total: count,
    restarts_total: count,
  } satisfies Fields<StreamView>,
);

const cameraFields = {
  id: z.string(),
  name: z.string(),
  type: z.string(),
  origin: z.enum(["file", "store", "auto"]),
  enabled: z.boolean(),
  status: z.enum(CAMERA_STATUSES),
  reason: text.meta({ description: "Why it is not online" }),
  hint: text.meta({ description: "What a person can do about it" }),
  since: z.string(),
  next_try_at: text,
  capabilities: z.array(z.string()).meta({ description: "What it can do, such as ptz, presets, siren" }),
  privacy_zones: z.literal(true).optional().meta({
    description: "Parts of its picture are covered for all but administrators",
  }),
  covered: z.literal(true).optional().meta({ description: "The lens was covered when last asked" }),
  stream: stream.optional(),
  links: z.object({ page: z.string(), stream: text, snapshot: text }),
} satisfies Fields<CameraView>;

/** One row of a camera list. */
export const cameraView = z.object(cameraFields);

/** The same, of which only what most ask for is described. */
export const cameraBrief = z.looseObject({
  id: z.string(),
  name: z.string(),
  type: z.string(),
  status: cameraFields.status,
  reason: cameraFields.reason,
  hint: cameraFields.hint,
  since: z.string(),
});

const controls = z.object(
  {
    privacy: z.boolean().optional().meta({ description: "true: the lens is covered" }),
    led: z.boolean().optional(),
    motion: z.object({ enabled: z.boolean().optional(), sensitivity: amount }).optional(),
    siren_active: z.boolean().optional(),
    presets: z.array(preset).optional(),
    storage: z.array(z.object({ id: z.string(), state: z.string(), total_bytes: amount, free_bytes: amount }))
      .optional(),
    power: z.object({
      asleep: z.boolean().optional(),
      battery_percent: amount,
      charging: z.boolean().optional(),
    }).optional(),
    problems: z.array(z.object({ what: z.string(), message: z.string() })).optional(),
  } satisfies Fields<ControlsView>,
);

/** How motion detection stands: a `MotionView`, of which only what most ask for is described. */
export const motion = z.looseObject({
  by: z.enum(["hub", "camera", "nobody"]),
  state: z.enum(["off", "starting", "running", "waiting"]),
  reason: text,
});

/** What the hub's detector sees. */
export const motionSight = z.object(
  {
    at: z.string(),
    score: z.number(),
    area: z.number(),
    unsteady: z.boolean(),
    columns: z.number(),
    rows: z.number(),
    cells: z.array(z.number()),
  } satisfies Fields<MotionSightView>,
);

const privacy = z.object(
  {
    zones: z.array(z.object({
      name: text,
      points: z.array(z.object({ x: z.number(), y: z.number() })),
    })),
    style: z.enum(["black", "blur"]),
    covered_for_you: z.boolean().meta({ description: "true: the pictures you get do not show the zones" }),
  } satisfies Fields<PrivacyView>,
);

const child = z.object(
  {
    title: z.string(),
    type: z.string(),
    suggested_id: z.string(),
    options: options.optional(),
    options_of: z.string(),
    camera_id: text,
  } satisfies Fields<ChildCameraView>,
);

const viewer = z.object(
  {
    watched_s: z.number(),
    frames: count,
    bytes: count,
    dropped: count,
    fps: amount,
    age_ms: amount,
  } satisfies Fields<ViewerView>,
);

const mode = z.object({
  format: z.string(),
  width: count,
  height: count,
  fps: z.array(z.number()),
});

/** Everything known of one camera. */
export const cameraDetailView = z.object(
  {
    ...cameraFields,
    options: options.optional(),
    device: facts.optional(),
    modes: z.array(mode).optional(),
    ptz_axes: z.array(z.enum(["pan", "tilt", "zoom"])).optional(),
    settings: z.array(setting).optional(),
    controls: controls.optional(),
    motion: motion.optional(),
    privacy,
    children: z.array(child).optional(),
    notices: z.array(z.string()).optional(),
    viewers: z.array(viewer),
  } satisfies Fields<CameraDetailView>,
);

/** A device that could be added. */
export const discoveredView = z.object(
  {
    type: z.string(),
    title: z.string(),
    options: options.meta({ description: "Give these to add_camera" }),
    needs: z.array(z.string()).optional().meta({ description: "Options still to be given" }),
    camera_id: text.meta({ description: "The camera that it already is" }),
    details: facts,
  } satisfies Fields<DiscoveredView>,
);

/** What trying one account showed. */
export const accountCheck = z.object(
  {
    account: z.string(),
    title: z.string(),
    state: z.enum(["ok", "refused", "locked_out", "unreachable", "missing", "not_tried", "failed"]),
    message: z.string(),
    hint: text,
    retry_at: text,
  } satisfies Fields<AccountCheckView>,
);
