// The lanes of the timeline on a canvas, with what fingers, mouse and keys do on it.
import { useEffect, useRef } from "preact/hooks";
import type { LaneView } from "./timeline_client.ts";
import { draw, heightOf, paletteOf, RULER_HEIGHT } from "./timeline_draw.ts";
import { type KeyAction, keyAction, type View } from "./timeline_scale.ts";
import { useGestures } from "./use_gestures.ts";
import { useNow } from "./use_now.ts";
import { useWidth } from "./use_width.ts";

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
  const newest = useRef(props);
  newest.current = props;
  useGestures(box, {
    view: () => newest.current.view,
    show: (shown) => newest.current.onView(shown),
    seek: (ms) => newest.current.onSeek(ms),
    scrub: (ms) => newest.current.onScrub(ms),
  }, { rulerHeight: RULER_HEIGHT });
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
