// Builds what makes ffmpeg read a network camera without decoding it. The address, which holds a password, comes
// to ffmpeg as a one-line list on its stdin: arguments are there for everybody to read in `ps`.
import { Secret } from "../base/secret.ts";
import { encodeJpeg, type JpegQuality, QUIET, TO_FRAGMENTED_VIDEO, TO_MPJPEG } from "./ffmpeg_args.ts";

/** How RTP travels. */
export type RtpTransport = "tcp" | "udp";

/** What to read. */
export interface IngestInput {
  /** With user and password, percent-encoded. */
  url: Secret;
  transport: RtpTransport;
  /** Longest silence of the connection, milliseconds. */
  timeoutMs: number;
}

/** No `file`: what a camera answers must not make ffmpeg read files of this machine. */
const PROTOCOLS = "pipe,rtsp,rtsps,rtp,rtmp,rtmps,udp,tcp,tls,crypto,http,https,httpproxy";
/** No playlists (HLS and the like): they would name addresses that nobody has checked. */
const FORMATS = "concat,rtsp,flv,live_flv,mpjpeg,mjpeg,jpeg_pipe,image2";

const FROM_LIST = [
  ...["-f", "concat", "-safe", "0", "-auto_convert", "0"],
  ...["-protocol_whitelist", PROTOCOLS, "-format_whitelist", FORMATS],
  // The list and what it names are each probed: neither may wait for twenty frames to measure the rate.
  ...["-fpsprobesize", "0", "-i", "pipe:0"],
] as const;

/** Arguments that copy video, and sound if it is wanted, into fragments of one packet each. */
export function ingestArgs({ audio }: { audio: boolean }): string[] {
  const maps = audio ? ["-map", "0:v:0", "-map", "0:a:0?"] : ["-map", "0:v:0"];
  return [...QUIET, ...FROM_LIST, ...maps, "-c", "copy", ...TO_FRAGMENTED_VIDEO];
}

/** Arguments that pass the JPEGs of an HTTP camera through untouched. */
export function mjpegIngestArgs(): string[] {
  return [...QUIET, ...FROM_LIST, "-map", "0:v:0", "-c:v", "copy", ...TO_MPJPEG];
}

/** Arguments that try whether a stream can be had, and end with its first picture. */
export function ingestProbeArgs(quality: JpegQuality): string[] {
  return [
    ...QUIET,
    ...FROM_LIST,
    "-map",
    "0:v:0",
    "-frames:v",
    "1",
    ...encodeJpeg(quality),
    "-f",
    "mjpeg",
    "pipe:1",
  ];
}

/**
 * A camera may not send ffmpeg on by HTTP to an address that the hub would refuse. For RTSP there is no such option.
 * Over HTTP multipart alone is read: single pictures and bare JPEGs would else be taken for a stream.
 */
function transportOptions(scheme: string, input: Pick<IngestInput, "transport" | "timeoutMs">): string[] {
  const limitUs = input.timeoutMs * 1000;
  if (scheme.startsWith("rtsp")) return [`rtsp_transport ${input.transport}`, `timeout ${limitUs}`];
  const limit = `rw_timeout ${limitUs}`;
  return scheme.startsWith("http") ? ["max_redirects 0", "format_whitelist mpjpeg", limit] : [limit];
}

/** Enough for one large key frame; less fails on big pictures, more only waits. */
const PROBING = ["probesize 1000000", "analyzeduration 3000000", "fpsprobesize 0"];

/** The list for ffmpeg's stdin (ffmpeg.org/ffmpeg-formats.html#concat). */
export function ingestList({ url, transport, timeoutMs }: IngestInput): Secret {
  const scheme = url.reveal().split(":", 1)[0] ?? "";
  const options = [...transportOptions(scheme, { transport, timeoutMs }), ...PROBING];
  const lines = [
    "ffconcat version 1.0",
    `file '${quote(url.reveal())}'`,
    ...options.map((option) => `option ${option}`),
    "",
  ];
  return new Secret(lines.join("\n"));
}

/** A percent-encoded address holds neither; should one come through, it must not end the quotation. */
function quote(text: string): string {
  return text.replaceAll("'", "%27").replaceAll("\n", "%0A").replaceAll("\r", "%0D");
}
