// Answers requests for stylesheets, icons and the browser bundle, from memory or the compiled binary.
import type { Context } from "hono";

/** A file as the hub keeps it. The bytes are shared; callers do not change them. */
export interface StaticFile {
  bytes: Uint8Array<ArrayBuffer>;
  contentType: string;
  /** With its quotes, as it stands in the header. */
  etag: string;
}

/** Chunks carry a hash of their content in their name, so a browser never needs to ask for them again. */
const HASHED = /^build\/.*-[A-Z0-9]{8}\.(js|css)$/;
const KEEP = "public, max-age=31536000, immutable";
const ASK_AGAIN = "public, no-cache";

/** The path below /static/, or undefined for one that leads outside. */
export function staticPath(urlPath: string): string | undefined {
  const path = urlPath.replace(/^\/static\//, "");
  const inside = /^[\w.-]+(\/[\w.-]+)*$/.test(path) && !path.split("/").some((part) => part.startsWith("."));
  return inside ? path : undefined;
}

/** 200 with the file, or 304 where the browser has it already. */
export function serveStatic(context: Context, path: string, file: StaticFile): Response {
  const headers = {
    "cache-control": HASHED.test(path) ? KEEP : ASK_AGAIN,
    "etag": file.etag,
    "x-content-type-options": "nosniff",
  };
  const known = context.req.header("if-none-match")?.split(",").map((tag) => tag.trim().replace(/^W\//, ""));
  if (known?.includes(file.etag.replace(/^W\//, ""))) return context.body(null, 304, headers);
  return context.body(file.bytes, 200, { ...headers, "content-type": file.contentType });
}
