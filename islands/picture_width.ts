// Which width of picture is enough for a box. Few classes, so that a box that changes a little asks for nothing new.

const CLASSES_PX = [320, 480, 640, 960, 1280] as const;

/** Pixels across, or the picture as the camera gives it. */
export type PictureWidth = number | "full";

/** The smallest class that fills a box of so many CSS pixels; "full" for a box larger than all of them. */
export function widthClass(cssPx: number, pixelRatio: number): PictureWidth {
  // Layouts come to fractions of a pixel, which are no reason for the next class.
  const wantedPx = Math.floor(cssPx * pixelRatio);
  return CLASSES_PX.find((width) => width >= wantedPx) ?? "full";
}
