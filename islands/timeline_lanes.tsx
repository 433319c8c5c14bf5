// The lanes of the timeline on a canvas, with what fingers, mouse and keys do on it.
import { useEffect, useRef, useState } from "preact/hooks";
import type { LaneView } from "./timeline_client.ts";
import { draw, heightOf, paletteOf, RULER_HEIGHT } from "./timeline_draw.ts";
import { TimelineGestures } from "./timeline_gestures.ts";
import { type KeyAction, keyAction, type View } from "./timeline_scale.ts";
import { useNow } from "./use_now.ts";

const TEXT = {
  label:
    "Timeline: arrows move the time, plus and minus zoom, Home and End go to the first and last recording",
};
const TIME = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "medium" });

export interface TimelineLanesProps {
  view: View;
  lanes: readonly { name: string; lane: LaneView | undefined }[];
  bucketMs: number | undefined;
  atMs: number;
  marked: Partial<View>;
  onView(view: View): void;
  onSeek(atMs: number): void;
  onScrub(atMs: number | undefined): void;
  onKey(action: KeyAction): void;
}

export function TimelineLanes(props: TimelineLanesProps) {
  const { view, lanes, bucketMs, atMs, marked } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const nowMs = useNow(5000);
  const height = heightOf(lanes.length);
  useGestures(box, props);
  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext("2d");
    if (!element || !context || width === 0) return;
    const scale = devicePixelRatio || 1;
    [element.width, element.height] = [Math.round(width * scale), Math.round(height * scale)];
    context.setTransform(scale, 0, 0, scale, 0, 0);
    draw(context, width, { view, lanes, bucketMs, atMs, nowMs, marked, palette: paletteOf(element) });
    // Through the object model: the content security policy forbids styles in the markup only.
    element.style.height = `${height}px`;
  });
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const action = keyAction(event.key, event.shiftKey);
    if (!action) return;
    event.preventDefault();
    props.onKey(action);
  };
  return (
    <div
      ref={box}
      class="timeline-lanes"
      tabIndex={0}
      role="slider"
      aria-label={TEXT.label}
      aria-valuemin={Math.round(view.fromMs / 1000)}
      aria-valuemax={Math.round(view.toMs / 1000)}
      aria-valuenow={Math.round(atMs / 1000)}
      aria-valuetext={TIME.format(atMs)}
      onKeyDown={onKeyDown}
    >
      <canvas ref={canvas} />
    </div>
  );
}

function useWidth(box: { current: Element | null }): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    setWidth(element.clientWidth);
    return () => observer.disconnect();
  }, []);
  return width;
}

/** Listens on the element itself: Preact's listeners for the wheel could not keep the page from scrolling. */
function useGestures(box: { current: HTMLElement | null }, props: TimelineLanesProps): void {
  const newest = useRef(props);
  newest.current = props;
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const gestures = new TimelineGestures({
      view: () => newest.current.view,
      show: (view) => newest.current.onView(view),
      seek: (atMs) => newest.current.onSeek(atMs),
      scrub: (atMs) => newest.current.onScrub(atMs),
    }, RULER_HEIGHT);
    const place = ({ clientX, clientY }: MouseEvent) => {
      const { left, top, width } = element.getBoundingClientRect();
      return { x: clientX - left, y: clientY - top, width };
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
