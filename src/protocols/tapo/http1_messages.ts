// The messages of HTTP/1.1 as bytes and text: a POST to send, the head of an answer to read.
import { HubError } from "../../base/errors.ts";
import { unreadableError } from "./errors.ts";

/** Status and body of an answer. */
export interface HttpAnswer {
  status: number;
  body: Uint8Array;
}

/** A POST, complete but for `Content-Length`. */
export interface HttpPost {
  path: string;
  headers: Record<string, string>;
  body: string;
}

/** What the head of an answer says. */
export interface Head {
  status: number;
  length: number | undefined;
  isChunked: boolean;
  keepsAlive: boolean;
}

/** Reads a head, its last blank line taken off. @throws HubError `device_rejected`. */
export function parseHead(text: string): Head {
  const [first = "", ...lines] = text.split("\r\n");
  const [, version, status] = /^HTTP\/1\.([01]) ([1-5]\d\d)(?: |$)/.exec(first) ?? [];
  if (status === undefined) throw unreadableError("it is no HTTP");
  const headers = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(":");
    if (colon > 0) headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
  const length = headers.get("content-length");
  if (length !== undefined && !/^\d{1,12}$/.test(length)) throw unreadableError("its length is no number");
  const connection = headers.get("connection")?.toLowerCase() ?? "";
  return {
    status: Number(status),
    length: length === undefined ? undefined : Number(length),
    isChunked: /\bchunked\b/i.test(headers.get("transfer-encoding") ?? ""),
    keepsAlive: version === "1" ? !connection.includes("close") : connection.includes("keep-alive"),
  };
}

/** The bytes of a POST. @throws HubError `internal` for headers that HTTP does not allow. */
export function encodePost({ path, headers, body }: HttpPost): Uint8Array {
  const content = new TextEncoder().encode(body);
  const lines = Object.entries({ ...headers, "Content-Length": String(content.length) })
    .map(([name, value]) => `${name}: ${value}`);
  const head = [`POST ${path} HTTP/1.1`, ...lines];
  if (/\s/.test(path) || head.some((line) => /[^\x20-\x7e]/.test(line))) {
    throw new HubError("internal", "A request to a camera holds characters that HTTP does not allow");
  }
  return joinBytes([new TextEncoder().encode(head.join("\r\n") + "\r\n\r\n"), content]);
}

/** Where the mark begins; -1 when it is not there. */
export function indexOfBytes(bytes: Uint8Array, mark: Uint8Array): number {
  const [first = 0] = mark;
  for (let from = bytes.indexOf(first); from >= 0; from = bytes.indexOf(first, from + 1)) {
    if (mark.every((byte, index) => bytes[from + index] === byte)) return from;
  }
  return -1;
}

/** One array with the content of all. */
export function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1 && parts[0]) return parts[0];
  const joined = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}
