// Follows the size of a picture's box, to ask the hub for no more than fits.
import type { RefObject } from "preact";
import { useEffect, useState } from "preact/hooks";
import { type PictureWidth, widthClass } from "./picture_width.ts";

/** Somebody who drags the window's edge is not followed at every step. */
const SETTLE_MS = 400;

/** The width to ask for; undefined before the box was measured. Always "full" where `sized` is false. */
export function usePictureWidth(
  box: RefObject<HTMLElement | null>,
  sized: boolean,
): PictureWidth | undefined {
  const [width, setWidth] = useState<PictureWidth>();
  useEffect(() => {
    const element = box.current;
    if (!sized || !element) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const measure = () => setWidth(widthClass(element.clientWidth, globalThis.devicePixelRatio));
    measure();
    const observer = new ResizeObserver(() => {
      clearTimeout(timer);
      timer = setTimeout(measure, SETTLE_MS);
    });
    observer.observe(element);
    return () => {
      clearTimeout(timer);
      observer.disconnect();
    };
  }, [sized]);
  return sized ? width : "full";
}
