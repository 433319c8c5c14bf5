// Listens to mouse, wheel and fingers on an element that shows a stretch of time.
import { useEffect, useRef } from "preact/hooks";
import { type GestureListener, TimelineGestures } from "./timeline_gestures.ts";

export interface GestureOptions {
  /** The part at the top in which dragging scrubs; 0: none. */
  rulerHeight: number;
  /** What of the element's width shows no time, pixels. */
  inset?: { left: number; right: number };
  /** False for turns of the wheel that are to scroll the page. Left out: none are. */
  takesWheel?(event: WheelEvent): boolean;
}

/** Listens on the element itself: Preact's listeners for the wheel could not keep the page from scrolling. */
export function useGestures(
  box: { current: HTMLElement | null },
  listener: GestureListener,
  options: GestureOptions,
): void {
  const newest = useRef({ listener, options });
  newest.current = { listener, options };
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const gestures = new TimelineGestures({
      view: () => newest.current.listener.view(),
      get limits() {
        return newest.current.listener.limits;
      },
      show: (view) => newest.current.listener.show(view),
      seek: (atMs) => newest.current.listener.seek(atMs),
      scrub: (atMs) => newest.current.listener.scrub(atMs),
    }, options.rulerHeight);
    const place = ({ clientX, clientY }: MouseEvent) => {
      const { left, top, width } = element.getBoundingClientRect();
      const { inset = { left: 0, right: 0 } } = newest.current.options;
      return { x: clientX - left - inset.left, y: clientY - top, width: width - inset.left - inset.right };
    };
    const end = new AbortController();
    const { signal } = end;
    element.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      element.setPointerCapture(event.pointerId);
      gestures.down(event.pointerId, place(event));
    }, { signal });
    element.addEventListener("pointermove", (event) => gestures.move(event.pointerId, place(event)), {
      signal,
    });
    element.addEventListener("pointerup", (event) => gestures.up(event.pointerId, place(event)), { signal });
    element.addEventListener("pointercancel", (event) => gestures.cancel(event.pointerId), { signal });
    element.addEventListener("wheel", (event) => {
      if (newest.current.options.takesWheel?.(event) === false) return;
      event.preventDefault();
      const lines = event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? 1 : 20;
      gestures.wheel({
        ...place(event),
        deltaX: event.deltaX * lines,
        deltaY: event.deltaY * lines,
        isShifted: event.shiftKey,
      });
    }, { signal, passive: false });
    return () => end.abort();
  }, []);
}
