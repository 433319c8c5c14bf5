// The one table from a kind of error to what the outside sees: HTTP status, code, urgency, ways out.
import { type ErrorKind, HubError } from "../base/errors.ts";
import { redact } from "../base/secret.ts";
import type { ProblemView } from "./views.ts";

interface Row {
  status: number;
  title: string;
  urgency: "low" | "medium" | "high";
  /** What to do when the error itself says nothing. */
  recovery: string;
}

const TABLE: Readonly<Record<ErrorKind, Row>> = {
  invalid_input: {
    status: 400,
    title: "Wrong input",
    urgency: "low",
    recovery: "Correct the input and try again",
  },
  unauthenticated: { status: 401, title: "Not logged in", urgency: "low", recovery: "Log in and try again" },
  forbidden: { status: 403, title: "Not allowed", urgency: "low", recovery: "Ask somebody who may do this" },
  not_found: {
    status: 404,
    title: "Not found",
    urgency: "low",
    recovery: "List what there is and choose from that",
  },
  conflict: {
    status: 409,
    title: "Conflict",
    urgency: "low",
    recovery: "Look at the present state and decide anew",
  },
  unsupported: {
    status: 422,
    title: "Not supported",
    urgency: "low",
    recovery: "Use what the camera says it can do",
  },
  unavailable: { status: 503, title: "Not available", urgency: "medium", recovery: "Try again in a moment" },
  timeout: { status: 504, title: "No answer in time", urgency: "medium", recovery: "Try again in a moment" },
  locked_out: {
    status: 429,
    title: "Locked out",
    urgency: "high",
    recovery: "Wait; more tries make it longer",
  },
  device_rejected: {
    status: 502,
    title: "The device refused",
    urgency: "medium",
    recovery: "Check the device's state",
  },
  storage_full: { status: 507, title: "No space left", urgency: "high", recovery: "Free some space" },
  internal: { status: 500, title: "Fault in the hub", urgency: "high", recovery: "Look into the hub's log" },
};

/**
 * A camera that refuses the hub is no reason to send a person to the login page of the hub: what a device says
 * of its own accounts is told as the device's refusal.
 */
export function ofDevice(error: unknown): unknown {
  if (!(error instanceof HubError) || error.kind !== "unauthenticated") return error;
  const { message, hint, details, retryAtMs } = error;
  return new HubError("device_rejected", message, { hint, details, retryAtMs, cause: error });
}

/** Every `error_code` there is. */
export function problemKinds(): [ErrorKind, ...ErrorKind[]] {
  return Object.keys(TABLE) as [ErrorKind, ...ErrorKind[]];
}

/** How pressing an error is, for assistants. */
export function urgencyOf(error: HubError): Row["urgency"] {
  return TABLE[error.kind].urgency;
}

/** Returns the body of a failed request. An internal error's cause stays in the log. */
export function problemView(error: HubError): ProblemView {
  const row = TABLE[error.kind];
  return redact({
    type: "about:blank",
    title: row.title,
    status: row.status,
    error: row.title,
    error_code: error.kind,
    message: error.message,
    recovery_options: [error.hint ?? row.recovery],
    ...(error.details ? { details: error.details } : {}),
  });
}
