// Parts of a file by the header `Range` (RFC 9110 §14). Pure.

/** First and last byte, both included. */
export interface ByteRange {
  first: number;
  last: number;
}

/**
 * What is wanted of a file of that size: a range; `all` where nothing is asked for, several ranges at once, or what
 * cannot be read (a server may ignore it); `none` where the range lies outside.
 */
export function readRange(header: string | undefined, sizeBytes: number): ByteRange | "all" | "none" {
  const [, from = "", to = ""] = /^bytes=\s*(\d{0,15})-(\d{0,15})\s*$/.exec(header ?? "") ?? [];
  if (from === "" && to === "") return "all";
  if (from === "") {
    const wanted = Math.min(Number(to), sizeBytes);
    return wanted === 0 ? "none" : { first: sizeBytes - wanted, last: sizeBytes - 1 };
  }
  const first = Number(from);
  const last = to === "" ? Infinity : Number(to);
  if (last < first) return "all";
  if (first >= sizeBytes) return "none";
  return { first, last: Math.min(last, sizeBytes - 1) };
}
