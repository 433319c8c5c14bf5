// A picture as large as a message to an assistant may be.
import { HubError } from "../base/errors.ts";
import { readJpegHeader } from "../protocols/mpjpeg/jpeg.ts";
import type { Rescale } from "./rescale.ts";
import { rescalePicture, type SnapshotContext } from "./snapshot.ts";

/** In Base64 it takes a third more, and stays below 900,000 bytes; clients refuse messages of a megabyte. */
const MAX_PICTURE_BYTES = 670_000;
const MIN_WIDTH = 64;

/** A JPEG and its size. */
export interface Picture {
  bytes: Uint8Array<ArrayBuffer>;
  width: number;
  height: number;
}

/**
 * Makes a picture as small as is wished, and smaller until it fits; left as it is where neither is needed.
 * @throws HubError what `rescalePicture` throws.
 */
export async function fittingPicture(
  full: Picture,
  wish: Rescale,
  context: SnapshotContext,
): Promise<Picture> {
  const isNarrow = wish.width === undefined || full.width <= wish.width;
  let picture = full;
  if (!isNarrow || wish.quality !== undefined) picture = await smaller(full, wish, context);
  while (picture.bytes.length > MAX_PICTURE_BYTES) {
    const share = Math.sqrt(MAX_PICTURE_BYTES / picture.bytes.length) * 0.9;
    const width = Math.max(MIN_WIDTH, Math.floor(picture.width * share));
    picture = await smaller(full, { ...wish, width }, context);
  }
  return picture;
}

async function smaller(full: Picture, wish: Rescale, context: SnapshotContext): Promise<Picture> {
  const bytes = await rescalePicture(full.bytes, wish, context);
  const header = readJpegHeader(bytes);
  if (!header) throw new HubError("internal", "The picture that was made smaller cannot be read");
  return { bytes, width: header.width, height: header.height };
}
