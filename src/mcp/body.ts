// Reads the body of an MCP request once, within bounds, also where it comes in pieces of unknown number.

/** A body may have so many bytes: calls carry no files. */
export const MAX_BODY_BYTES = 1 << 20;

/** What was read. */
export type Body = { kind: "json"; json: unknown } | { kind: "none" } | { kind: "too_large" } | {
  kind: "malformed";
};

/** Reads the JSON of a POST. Other requests, and those of another type, have none: the SDK answers them. */
export async function readBody(request: Request): Promise<Body> {
  const type = request.headers.get("content-type") ?? "";
  if (request.method !== "POST" || !/^application\/json\b/i.test(type)) return { kind: "none" };
  if (Number(request.headers.get("content-length") ?? 0) > MAX_BODY_BYTES) return { kind: "too_large" };
  const bytes = await readBytes(request);
  if (!bytes) return { kind: "too_large" };
  try {
    return { kind: "json", json: JSON.parse(new TextDecoder().decode(bytes)) };
  } catch {
    return { kind: "malformed" };
  }
}

/** Undefined where there are too many. */
async function readBytes(request: Request): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let sizeBytes = 0;
  for await (const chunk of request.body ?? []) {
    sizeBytes += chunk.length;
    if (sizeBytes > MAX_BODY_BYTES) return undefined;
    chunks.push(chunk);
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}
