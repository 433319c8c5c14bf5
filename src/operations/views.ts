// The shapes in which cameras and the hub are shown to the outside: JSON of the API, pages and islands.
// Names are those of the contract (snake_case); a value that is not known is absent, never 0.

import type { MotionRules } from "../config/camera_rules.ts";
import type { CameraOrigin } from "../devices/camera.ts";
import type { Setting } from "../devices/setting.ts";
import type { CameraStatusName } from "../devices/status.ts";

export type { CameraOrigin };
/** What a camera is doing, in the words of the contract. */
export type CameraStatus = CameraStatusName;

/** Figures of a camera's stream. Rates are measured over the last few seconds. */
export interface StreamView {
  /** True while frames are being read from the camera. */
  running: boolean;
  codec: string;
  /** Which of the camera's streams is read; absent for a camera with one. */
  source?: "main" | "sub";
  viewers: number;
  width?: number;
  height?: number;
  /** Frames per second read from the camera. */
  fps?: number;
  /** Bytes per second read from the camera. */
  bytes_per_second?: number;
  /** Milliseconds since the newest frame was captured. */
  age_ms?: number;
  frames_total: number;
  bytes_total: number;
  /** Frames that viewers skipped because they were too slow, summed over all viewers. */
  dropped_total: number;
  /** Frames that arrived damaged and were not shown. */
  damaged_total: number;
  /** How often the camera's process was started again after a failure. */
  restarts_total: number;
}

/** One row of a camera list. */
export interface CameraView {
  id: string;
  name: string;
  type: string;
  origin: CameraOrigin;
  enabled: boolean;
  status: CameraStatus;
  /** Why the camera is not online, in words. */
  reason?: string;
  /** What a person can do about it. */
  hint?: string;
  /** When the present status began, ISO 8601. */
  since: string;
  /** When the hub tries again by itself, ISO 8601. */
  next_try_at?: string;
  /** The lens was covered when the camera was last asked; absent also where that is not known. */
  covered?: true;
  /** Parts of its picture are covered for all but administrators, MCP clients and alerts always included. */
  privacy_zones?: true;
  capabilities: string[];
  stream?: StreamView;
  links: { page: string; stream?: string; snapshot?: string };
}

export type SettingView = Setting;

/** Everything that is known of one camera. */
export interface CameraDetailView extends CameraView {
  /** The configuration as it stands, without secrets; told from the role operator on. */
  options?: Record<string, unknown>;
  device?: Record<string, string>;
  modes?: { format: string; width: number; height: number; fps: number[] }[];
  /** What the camera can move. */
  ptz_axes?: ("pan" | "tilt" | "zoom")[];
  settings?: SettingView[];
  /** What the camera's own switches stand at; what the camera did not tell is absent. */
  controls?: ControlsView;
  /** How motion is looked for. */
  motion?: MotionView;
  /** Parts of the picture that are covered. */
  privacy: PrivacyView;
  /** Cameras that this one brings along and that can be added: a second lens, children of a hub. */
  children?: ChildCameraView[];
  /** What a user should know although the camera works. */
  notices?: string[];
  /** Everybody who watches now. */
  viewers: ViewerView[];
}

/** The state of a camera's switches. */
export interface ControlsView {
  /** True: the lens is covered. */
  privacy?: boolean;
  led?: boolean;
  motion?: { enabled?: boolean; sensitivity?: number };
  siren_active?: boolean;
  presets?: { id: string; name: string; position?: { pan?: number; tilt?: number; zoom?: number } }[];
  storage?: { id: string; state: string; total_bytes?: number; free_bytes?: number }[];
  power?: { asleep?: boolean; battery_percent?: number; charging?: boolean };
  /** What could not be read, and why. */
  problems?: { what: string; message: string }[];
}

/** How motion detection of a camera stands. A type, not an interface: its schema leaves most of it open. */
export type MotionView = {
  /** Who looks for motion. */
  by: "hub" | "camera" | "nobody";
  /** Of the hub's detector. `off`: it does not look, for the reason given. */
  state: "off" | "starting" | "running" | "waiting";
  reason?: string;
  hint?: string;
  next_try_at?: string;
  /** Whether something moves, where the hub looks. */
  active?: boolean;
  /** When the hub saw something move last, since it started. */
  last_motion_at?: string;
  rules: MotionRules;
};

/** What the hub's detector sees in the newest picture. */
export interface MotionSightView {
  at: string;
  /** 0…1 */
  score: number;
  /** Percent of the picture that the largest moving thing takes. */
  area: number;
  /** The whole picture changes, or it is too early to say. */
  unsteady: boolean;
  columns: number;
  rows: number;
  /** Numbers of the cells in which something moves, row by row from 0. */
  cells: number[];
}

/** Privacy zones, and whether they are covered for whoever asks. */
export interface PrivacyView {
  zones: { name?: string | undefined; points: { x: number; y: number }[] }[];
  style: "black" | "blur";
  /** False for an administrator in the dashboard and over the API. */
  covered_for_you: boolean;
}

/** A camera behind another one. */
export interface ChildCameraView {
  title: string;
  type: string;
  suggested_id: string;
  /** To be given to `add_camera`; a secret stands as "[secret]" with `options_of` naming whose it is. From the role operator on. */
  options?: Record<string, unknown>;
  options_of: string;
  /** The camera that it already is. */
  camera_id?: string;
}

/** What trying one account of a device showed. */
export interface AccountCheckView {
  account: string;
  title: string;
  state: "ok" | "refused" | "locked_out" | "unreachable" | "missing" | "not_tried" | "failed";
  message: string;
  hint?: string;
  retry_at?: string;
}

/** What one viewer has got since it came. */
export interface ViewerView {
  watched_s: number;
  frames: number;
  bytes: number;
  /** Frames it was too slow for. */
  dropped: number;
  /** Mean since it came. */
  fps?: number;
  /** Age of its newest frame when that was handed to its socket. */
  age_ms?: number;
}

/** A device that was found and can be added as a camera. */
export interface DiscoveredView {
  type: string;
  title: string;
  /** What to give as `options` when adding it. */
  options: Record<string, unknown>;
  /** Options that are still to be given, such as passwords. */
  needs?: string[];
  /** The camera that already uses this device. */
  camera_id?: string;
  details: Record<string, string>;
}

/** A kind of camera that can be added, with the form it needs. */
export interface CameraTypeView {
  type: string;
  title: string;
  summary: string;
  fields: CameraFieldView[];
}

/** One input of the form for adding a camera. */
export interface CameraFieldView {
  name: string;
  title: string;
  kind: "text" | "number" | "choice" | "boolean" | "secret";
  required: boolean;
  default?: string | number | boolean;
  choices?: string[];
  min?: number;
  max?: number;
  help?: string;
}

/** The hub as a whole. */
export interface StatusView {
  version: string;
  uptime_s: number;
  cameras: { total: number } & Partial<Record<CameraStatus, number>>;
  streams: { running: number; viewers: number; frames_total: number; dropped_total: number };
  processes: {
    name: string;
    program: string;
    pid: number;
    cpu_seconds?: number;
    rss_bytes?: number;
    uptime_s: number;
  }[];
  hub: { rss_bytes: number; cpu_seconds: number; loop_lag_ms: { last: number; max: number } };
  storage: { data_dir: string; persistent: boolean; free_bytes?: number };
  /** The journal of events and what may be kept of it; absent where the database cannot be read. */
  events?: EventsUsage;
  warnings: { code: string; message: string; hint?: string; since: string }[];
}

/** How large the journal of events is. `pictures` are those kept with events. */
export interface EventsUsage extends EventsLimits {
  count: number;
  /** Of the rows in the database with their share of the indexes, as estimated. */
  bytes: number;
  pictures: number;
  picture_bytes: number;
}

/** What is kept of events at most. */
export interface EventsLimits {
  keep_days: number;
  max_bytes: number;
  max_picture_bytes: number;
}

/** The body of every failed request (RFC 9457 problem details with the contract's fields). */
export interface ProblemView {
  type: string;
  title: string;
  status: number;
  error: string;
  error_code: string;
  message: string;
  recovery_options: string[];
  details?: Record<string, unknown>;
}
