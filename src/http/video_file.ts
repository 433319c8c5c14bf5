// Serves a video file as players ask for it, in ranges, and reads it no faster than it is taken.
import type { Context } from "hono";
import { HubError } from "../base/errors.ts";
import { type ByteRange, readRange } from "./byte_range.ts";
import type { GateEnv } from "./gate.ts";
import type { OpenStreams } from "./open_streams.ts";
import { problemResponse } from "./problem.ts";
import { sentBytes, type SentInstead, VideoBytes } from "./video_bytes.ts";

/** An open file, and under which name people get it. */
export interface VideoFile {
  /** Is closed by the answer. */
  file: Deno.FsFile;
  /** Of the file on the disk. */
  sizeBytes: number;
  instead?: SentInstead | undefined;
  /** What it is: the same for the same bytes. */
  id: string;
  /** Plain letters, digits, `-` and `_`. */
  name: string;
}

/** Another way of making the same file's index: what a browser has kept of it must not be put together with it. */
const INDEX_VERSION = "i1";

/** Answers with the file or a range of it; `?download` sends it as an attachment. */
export function serveVideo(
  c: Context<GateEnv>,
  { file, sizeBytes: fileBytes, instead, id, name }: VideoFile,
  openStreams: Pick<OpenStreams, "add">,
): Response {
  const sent = instead ?? { head: new Uint8Array(0), first: 0, end: fileBytes };
  const sizeBytes = sentBytes(sent);
  const etag = `"${id}-${sizeBytes}${instead ? `-${INDEX_VERSION}` : ""}"`;
  const disposition = c.req.query("download") === undefined ? "inline" : "attachment";
  const headers = {
    "accept-ranges": "bytes",
    // It never changes, but nobody else may see it, and once deleted it is gone.
    "cache-control": "private, no-cache",
    "content-type": "video/mp4",
    "content-disposition": `${disposition}; filename="${name}"`,
    etag,
  };
  const wanted = rangeOf(c, etag, sizeBytes);
  const isKnown = c.req.header("if-none-match")?.split(",").some((each) => each.trim() === etag);
  if (isKnown || wanted === "none" || c.req.method === "HEAD") file.close();
  if (isKnown) return new Response(null, { status: 304, headers });
  if (wanted === "none") return outside(sizeBytes);
  const range = wanted === "all" ? { first: 0, last: sizeBytes - 1 } : wanted;
  const response = {
    status: wanted === "all" ? 200 : 206,
    headers: {
      ...headers,
      "content-length": String(range.last - range.first + 1),
      ...(wanted === "all" ? {} : { "content-range": `bytes ${range.first}-${range.last}/${sizeBytes}` }),
    },
  };
  if (c.req.method === "HEAD") return new Response(null, response);
  const enrol = (cut: () => void) => openStreams.add(c.get("session"), cut);
  return new Response(readStream(file, new VideoBytes(file, sent, range), enrol), response);
}

/** A part is only asked for of the very file that the player has begun with. */
function rangeOf(c: Context<GateEnv>, etag: string, sizeBytes: number): ByteRange | "all" | "none" {
  const condition = c.req.header("if-range");
  if (condition !== undefined && condition !== etag) return "all";
  return readRange(c.req.header("range"), sizeBytes);
}

function outside(sizeBytes: number): Response {
  const error = new HubError("invalid_input", `The recording has ${sizeBytes} bytes: the range is outside`);
  const { body, headers } = problemResponse(error);
  headers.set("content-range", `bytes */${sizeBytes}`);
  return new Response(body, { status: 416, headers });
}

const CHUNK_BYTES = 256 * 1024;

/**
 * Reads as fast as it is taken, and closes the file at the end, or when nobody takes it any more.
 * @param enrol Is given what cuts the stream off, and returns what forgets that.
 */
function readStream(
  file: Deno.FsFile,
  bytes: VideoBytes,
  enrol: (cut: () => void) => () => void,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  let isOpen = true;
  let forget = () => {};
  const close = () => {
    if (!isOpen) return;
    isOpen = false;
    forget();
    file.close();
  };
  return new ReadableStream({
    start: async (controller) => {
      forget = enrol(() => {
        if (isOpen) controller.error(new HubError("unauthenticated", "The login has ended"));
        close();
      });
      try {
        await bytes.begin();
      } catch (error) {
        close();
        throw error;
      }
    },
    pull: async (controller) => {
      try {
        const chunk = await bytes.next(CHUNK_BYTES);
        if (!isOpen) return;
        controller.enqueue(chunk);
        if (bytes.left > 0) return;
        controller.close();
        close();
      } catch (error) {
        // Whoever left while it was being read has closed the file under it.
        if (isOpen) controller.error(error);
        close();
      }
    },
    cancel: close,
  }, { highWaterMark: 0 });
}
