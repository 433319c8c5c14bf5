// Why ffmpeg could not read, or stopped reading, a network camera: from what it wrote to stderr, as it words it in
// versions 5 to 7.
import { HubError, type HubErrorOptions } from "../base/errors.ts";
import type { ProcessExit } from "./launcher.ts";

/** A cause that asks for something else at the next start. */
export type IngestCause =
  | "refused"
  | "denied"
  | "not_found"
  | "no_stream"
  | "crowded"
  | "transport"
  | "unreachable"
  | "sound"
  | "codec"
  | "silent"
  | "ended";

/** A cause, and the error that tells it. */
export interface IngestFault {
  cause: IngestCause;
  error: HubError;
}

interface Row {
  pattern: RegExp;
  cause: IngestCause;
  kind: HubError["kind"];
  message: string;
  options: HubErrorOptions;
  /** Tried again after this at the soonest. */
  waitMs?: number;
}

const ROWS: readonly Row[] = [
  {
    // RTMP has no status: ffmpeg passes on what the server says, or says it in its own words.
    pattern:
      /failed: 401\b|401 Unauthorized\b|authorization failed|HTTP error 401|Incorrect username|\?reason=(authfailed|nosuchuser)|AccessManager\.Reject|No credentials set/i,
    cause: "refused",
    kind: "unauthenticated",
    message: "The camera refused the account for its stream",
    options: {
      hint:
        "Check user name and password and enter them again; on Tapo they are the camera account's, not TP-Link's",
      retryAtMs: Infinity,
    },
  },
  {
    pattern: /failed: 403\b|403 Forbidden\b|HTTP error 403/i,
    cause: "denied",
    kind: "unauthenticated",
    message: "The camera does not let this account see its stream",
    options: { hint: "Give the account the right to view, or use another", retryAtMs: Infinity },
  },
  {
    pattern: /failed: 404\b|404 Not Found\b|HTTP error 404|\[rtmps? @ \S+\] Server error: .*not ?found/i,
    cause: "not_found",
    kind: "not_found",
    message: "The camera has no stream of this name",
    options: { hint: "Check the path in the stream's address" },
  },
  {
    pattern: /failed: 453\b|failed: 503\b|HTTP error 503|Not Enough Bandwidth/i,
    cause: "crowded",
    kind: "unavailable",
    message: "The camera has too many viewers already",
    options: {
      hint: "Something else holds its streams: the Tapo app, a recorder, another hub. Most cameras serve two",
    },
    // Trying every few seconds would keep its sessions busy.
    waitMs: 15_000,
  },
  {
    // A web page; a picture or another video; parts that do not say that they are JPEGs.
    pattern:
      /Impossible to open 'https?:.*\n.*Invalid data found|Format not on whitelist 'mpjpeg'|(Unexpected Content-Type|Expected boundary)[\s\S]*Could not find codec parameters/i,
    cause: "no_stream",
    kind: "unsupported",
    message: "There is no stream of JPEGs at this address",
    options: {
      hint:
        "Over HTTP the hub reads MJPEG (multipart/x-mixed-replace of image/jpeg), no single pictures, pages " +
        "or other video. Look for the camera's RTSP address",
    },
    waitMs: 60_000,
  },
  {
    pattern: /\[tls @ \S+\] .*(unexpected TLS packet|fatal alert|wrong version number)/i,
    cause: "unreachable",
    kind: "unavailable",
    message: "The camera and the hub find no common encryption (TLS)",
    options: { hint: "Check the port; an address without encryption begins with rtsp, rtmp or http" },
  },
  {
    pattern: /Impossible to open 'https?:.*\n.*Input\/output error/i,
    cause: "ended",
    kind: "unavailable",
    message: "The camera gave no stream at this address",
    options: { hint: "If it sends browsers on to another address, enter that one: the hub does not follow" },
  },
  {
    pattern: /\b461 Unsupported Transport\b|failed: 461\b/i,
    cause: "transport",
    kind: "unavailable",
    message: "The camera does not send its stream this way",
    options: { hint: "The hub tries the other of TCP and UDP" },
  },
  {
    pattern: /Failed to resolve hostname/i,
    cause: "unreachable",
    kind: "unavailable",
    message: "The camera's name is not known",
    options: { hint: "Give its IP address" },
  },
  {
    pattern:
      /Connection refused|No route to host|(Network|Host) is unreachable|Connection to \S+ failed: Connection timed out/i,
    cause: "unreachable",
    kind: "unavailable",
    message: "The camera's stream cannot be reached",
    options: { hint: "Check that RTSP is on: Tapo app → Me → Third-Party Compatibility; and the port" },
  },
  {
    // The picture is mapped first, the sound second.
    pattern:
      /muxing is currently not supported|(vp9|av1) only supported in MP4|tag for codec \S+ in stream #0\b|Stream map '0:v:0' matches no streams/i,
    cause: "codec",
    kind: "unsupported",
    message: "The camera's video is of a kind the hub cannot carry",
    options: { hint: "Set the camera to H.264 or H.265; over RTMP to H.264" },
  },
  {
    // MOV takes no Opus, which cameras behind gateways send.
    pattern: /only supported in MP4|tag for codec \S+ in stream #\d/i,
    cause: "sound",
    kind: "unavailable",
    message: "The camera's sound cannot be carried on",
    options: { hint: "The hub goes on with the picture only" },
  },
  {
    pattern: /Connection timed out|dimensions not set/i,
    cause: "silent",
    kind: "timeout",
    message: "The camera stopped sending",
    options: { hint: "The hub tries again by itself" },
  },
];

/** Tells the cause. A stream that simply ends has one too: cameras do not end streams. */
export function explainIngest(exit: ProcessExit, nowMs = Date.now()): IngestFault {
  const text = exit.stderr.join("\n");
  const row = ROWS.find(({ pattern }) => pattern.test(text));
  if (row) {
    const { cause, kind, message, options, waitMs } = row;
    const wait = waitMs === undefined ? {} : { retryAtMs: nowMs + waitMs };
    const details = { cause, stderr: exit.stderr };
    return { cause, error: new HubError(kind, message, { ...options, ...wait, details }) };
  }
  const isOpen = exit.code === 0;
  return {
    cause: "ended",
    error: new HubError(
      "unavailable",
      isOpen ? "The camera ended its stream" : "The camera's stream could not be read",
      {
        hint: "The hub tries again by itself",
        details: { cause: "ended", stderr: exit.stderr },
      },
    ),
  };
}
