// How a JPEG is framed as one part of multipart/x-mixed-replace (RFC 2046 §5.1), the way browsers expect it.

const BOUNDARY = "tapocamframe";
const encoder = new TextEncoder();

export const MULTIPART_CONTENT_TYPE = `multipart/x-mixed-replace;boundary=${BOUNDARY}`;

/** Room that a frame's buffer keeps in front of the picture for `writePart`. */
export const PART_PREFIX_BYTES = 192;
/** Room behind the picture: the line break that ends a part. */
export const PART_SUFFIX_BYTES = 2;

/** What the headers of a part say. */
export interface PartFacts {
  /** When the hub got the frame, milliseconds since 1970. */
  capturedAtMs: number;
  seq: number;
  sizeBytes: number;
}

function partHeader(facts: PartFacts): Uint8Array<ArrayBuffer> {
  return encoder.encode(
    `--${BOUNDARY}\r\nContent-Type: image/jpeg\r\nContent-Length: ${facts.sizeBytes}\r\n` +
      `X-Timestamp: ${(facts.capturedAtMs / 1000).toFixed(6)}\r\nX-Sequence: ${facts.seq}\r\n\r\n`,
  );
}

/**
 * Returns header, picture and line break as one block. Where the picture's buffer has room around it, the
 * header is written there and nothing is copied; else all is copied once.
 */
export function writePart(picture: Uint8Array<ArrayBuffer>, facts: PartFacts): Uint8Array<ArrayBuffer> {
  const header = partHeader(facts);
  const start = picture.byteOffset - header.length;
  const end = picture.byteOffset + picture.length + PART_SUFFIX_BYTES;
  if (start >= 0 && end <= picture.buffer.byteLength) {
    const part = new Uint8Array(picture.buffer, start, end - start);
    part.set(header);
    part.set([13, 10], part.length - PART_SUFFIX_BYTES);
    return part;
  }
  const part = new Uint8Array(header.length + picture.length + PART_SUFFIX_BYTES);
  part.set(header);
  part.set(picture, header.length);
  part.set([13, 10], part.length - PART_SUFFIX_BYTES);
  return part;
}

/**
 * The opening of a part whose picture is not there yet. Chrome paints a picture only when the headers of the
 * next part have arrived, so a viewer of that kind gets them right behind each picture; the length of the
 * coming picture is then not known and left out.
 */
export const ADVANCE_HEADER: Uint8Array<ArrayBuffer> = encoder.encode(
  `--${BOUNDARY}\r\nContent-Type: image/jpeg\r\n\r\n`,
);
export const ADVANCE_TRAILER: Uint8Array<ArrayBuffer> = encoder.encode(
  `\r\n--${BOUNDARY}\r\nContent-Type: image/jpeg\r\n\r\n`,
);
