// The corners of one zone as handles: dragged, moved with the arrow keys, added between two, removed.
import { useRef } from "preact/hooks";
import {
  type Corner,
  type DraftZone,
  MAX_CORNERS,
  middle,
  withCornerAfter,
  withCornerAt,
  withoutCorner,
} from "./zones.ts";

const TEXT = {
  corner: (index: number, { x, y }: Corner) =>
    `Corner ${index + 1}: ${percent(x)} from the left, ${
      percent(y)
    } from the top. Arrow keys move it, Delete removes it`,
  add: (index: number) => `Add a corner after corner ${index + 1}`,
};

/** A press of an arrow key, as a share of the picture; with Shift the larger one. */
const STEP = 0.01;
const LARGE_STEP = 0.05;

const ARROWS: Readonly<Record<string, Corner>> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

export interface ZoneCornersProps {
  zone: DraftZone;
  corner: number | undefined;
  /** Where on the picture a pointer is. */
  placeOf: (event: PointerEvent) => Corner;
  onChange: (points: readonly Corner[], gesture: string) => void;
  onCorner: (corner: number | undefined) => void;
}

export function ZoneCorners({ zone, corner, placeOf, onChange, onCorner }: ZoneCornersProps) {
  const gestures = useRef(0);
  const held = useRef<number>(undefined);
  const { id, points } = zone;
  const press = (event: KeyboardEvent, index: number) => {
    const arrow = ARROWS[event.key];
    const point = points[index];
    if (arrow && point) {
      event.preventDefault();
      const step = event.shiftKey ? LARGE_STEP : STEP;
      const to = { x: point.x + arrow.x * step, y: point.y + arrow.y * step };
      onChange(withCornerAt(points, index, to), `keys ${id} ${index}`);
    } else if (event.key === "Delete" || event.key === "Backspace") {
      event.preventDefault();
      onChange(withoutCorner(points, index), `remove ${++gestures.current}`);
    }
  };
  const hold = (event: PointerEvent & { currentTarget: HTMLElement }, index: number) => {
    event.stopPropagation();
    event.currentTarget.setPointerCapture(event.pointerId);
    gestures.current++;
    held.current = index;
    onCorner(index);
  };
  const drag = (event: PointerEvent) => {
    if (held.current === undefined) return;
    event.stopPropagation();
    onChange(withCornerAt(points, held.current, placeOf(event)), `corner ${id} ${gestures.current}`);
  };
  const letGo = () => held.current = undefined;
  return (
    <>
      {points.map((point, index) => (
        <button
          key={`corner ${index}`}
          type="button"
          class={index === corner ? "zone-corner is-selected" : "zone-corner"}
          style={placed(point)}
          aria-label={TEXT.corner(index, point)}
          onPointerDown={(event) => hold(event, index)}
          onPointerMove={drag}
          onPointerUp={letGo}
          onPointerCancel={letGo}
          onFocus={() => onCorner(index)}
          onKeyDown={(event) => press(event, index)}
        />
      ))}
      {points.length < MAX_CORNERS && points.map((point, index) => (
        <button
          key={`add ${index}`}
          type="button"
          class="zone-add"
          style={placed(middle(point, points[(index + 1) % points.length] ?? point))}
          aria-label={TEXT.add(index)}
          onPointerDown={(event) => event.stopPropagation()}
          onClick={() => {
            onChange(withCornerAfter(points, index), `add ${++gestures.current}`);
            onCorner(index + 1);
          }}
        />
      ))}
    </>
  );
}

function placed({ x, y }: Corner) {
  return { left: `${x * 100}%`, top: `${y * 100}%` };
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
