// Reads what stands in static/, from the folder beside the source or from inside the compiled binary.
import { createHash } from "node:crypto";
import type { StaticFile } from "./static_files.ts";

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  svg: "image/svg+xml",
  webmanifest: "application/manifest+json",
};

/** Returns a file by its path below the folder; undefined for what is not there or of no known kind. */
export async function readStatic(folder: URL, path: string): Promise<StaticFile | undefined> {
  const contentType = CONTENT_TYPES[path.slice(path.lastIndexOf(".") + 1)];
  if (contentType === undefined) return undefined;
  try {
    const bytes = await Deno.readFile(new URL(path, folder));
    const etag = `"${createHash("sha256").update(bytes).digest("base64url").slice(0, 22)}"`;
    return { bytes, contentType, etag };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
