// The one error type of the hub. Vendor and system errors are translated into it once, where they enter.

/** What went wrong, as a class of problem that callers can act on. */
export type ErrorKind =
  | "invalid_input"
  | "unauthenticated"
  | "forbidden"
  | "not_found"
  | "conflict"
  | "unsupported"
  | "unavailable"
  | "timeout"
  | "locked_out"
  | "device_rejected"
  | "storage_full"
  | "internal";

/** What may accompany a message. `details` is shown to users: no secrets in it. */
export interface HubErrorOptions {
  /** What a person can do about it, as a sentence. */
  hint?: string | undefined;
  cause?: unknown;
  details?: Record<string, unknown> | undefined;
  /** Overrules the default of the kind. */
  retryable?: boolean | undefined;
  /**
   * When the hub may try again by itself, milliseconds since 1970: the end of a lockout. Infinity: not before a
   * person has changed something, such as a wrong password.
   */
  retryAtMs?: number | undefined;
}

const RETRYABLE: ReadonlySet<ErrorKind> = new Set(["unavailable", "timeout"]);

/** An error with a kind, a message for people and, where there is one, a way out. */
export class HubError extends Error {
  override readonly name = "HubError";
  readonly kind: ErrorKind;
  readonly hint: string | undefined;
  readonly details: Record<string, unknown> | undefined;
  /** True when the same call may succeed later without anybody changing anything. */
  readonly retryable: boolean;
  readonly retryAtMs: number | undefined;

  constructor(kind: ErrorKind, message: string, options: HubErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.kind = kind;
    this.hint = options.hint;
    this.details = options.details;
    this.retryable = options.retryable ?? RETRYABLE.has(kind);
    this.retryAtMs = options.retryAtMs;
  }
}

/** True for the error that an aborted wait throws. Abort is not a failure and is never logged as one. */
export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}

/** The error that an aborted wait throws. */
export function abortError(): DOMException {
  return new DOMException("The operation was aborted", "AbortError");
}

/** Returns a HubError for anything that was thrown; what is not one already becomes `internal`. */
export function toHubError(error: unknown): HubError {
  if (error instanceof HubError) return error;
  if (error instanceof Error) return new HubError("internal", error.message, { cause: error });
  return new HubError("internal", String(error));
}

/** Translates the file-system errors a user can act on; any other error is returned as it is. */
export function explainFileError(error: unknown, path: string): unknown {
  if (!(error instanceof Error)) return error;
  const code = "code" in error ? String(error.code) : "";
  if (code === "ENOSPC" || code === "EDQUOT" || /\(os error (28|122)\)/.test(error.message)) {
    return new HubError("storage_full", `No space is left for ${path}`, {
      hint: "Free some space on that disk, or choose another folder with --data",
      cause: error,
    });
  }
  if (
    error instanceof Deno.errors.PermissionDenied || code === "EROFS" || /\(os error 30\)/.test(error.message)
  ) {
    return new HubError("forbidden", `The hub may not write to ${path}`, {
      hint: "Give the hub's user the right to write there, or choose another folder with --data",
      cause: error,
    });
  }
  return error;
}
