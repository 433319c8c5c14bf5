// From what is known of a camera to the one status that people see. Pure.
import type { ErrorKind, HubError } from "../base/errors.ts";

export const CAMERA_STATUSES = [
  "online",
  "connecting",
  "offline",
  "auth_required",
  "locked_out",
  "unsupported",
  "disabled",
] as const;
export type CameraStatusName = typeof CAMERA_STATUSES[number];

/** How the stream of a camera stands, reported by whoever reads it. */
export type StreamReport =
  | { state: "idle" }
  | { state: "starting" }
  | { state: "running" }
  | { state: "waiting"; error: HubError; nextTryAtMs?: number };

/** Everything the status depends on. */
export interface StatusFacts {
  enabled: boolean;
  /** True once the device was opened and until it is lost. */
  isOpen: boolean;
  /** Why the last opening failed, or why the device was lost. */
  openError?: HubError | undefined;
  nextOpenAtMs?: number | undefined;
  stream: StreamReport;
  /** Why a part of the open device does not work. */
  impairment?: HubError | undefined;
  /** Why the stream failed last; kept while it starts again, until a picture comes. */
  streamError?: HubError | undefined;
}

/** A status with its reason; the time since when is the keeper's to add. */
export interface StatusValue {
  status: CameraStatusName;
  reason?: string;
  hint?: string;
  nextTryAtMs?: number;
}

const STATUS_OF_KIND: Partial<Record<ErrorKind, CameraStatusName>> = {
  unauthenticated: "auth_required",
  locked_out: "locked_out",
  unsupported: "unsupported",
  invalid_input: "unsupported",
};

/** Decides the status. */
export function cameraStatus(facts: StatusFacts): StatusValue {
  if (!facts.enabled) return { status: "disabled", reason: "Stopped by a user", hint: "Start it again" };
  if (!facts.isOpen) {
    return facts.openError
      ? fault(facts.openError, facts.nextOpenAtMs)
      : { status: "connecting", reason: "Opening the device" };
  }
  if (facts.stream.state === "waiting") return fault(facts.stream.error, facts.stream.nextTryAtMs);
  if (facts.stream.state === "starting" && facts.streamError) return fault(facts.streamError, undefined);
  if (facts.impairment) return fault(facts.impairment, finite(facts.impairment.retryAtMs));
  return { status: "online" };
}

function finite(timeMs: number | undefined): number | undefined {
  return timeMs === Infinity ? undefined : timeMs;
}

function fault(error: HubError, nextTryAtMs: number | undefined): StatusValue {
  return {
    status: STATUS_OF_KIND[error.kind] ?? "offline",
    reason: error.message,
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    ...(nextTryAtMs === undefined ? {} : { nextTryAtMs }),
  };
}
