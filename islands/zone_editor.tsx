// Draws polygons over a picture: by mouse, by finger and by keyboard. Lies over whatever its parent shows.
import { useRef, useState } from "preact/hooks";
import { ZoneCorners } from "./zone_corners.tsx";
import { type Corner, type DraftZone, freeId, MAX_ZONES, moved, rectangle } from "./zones.ts";

const TEXT = {
  picture: "The picture. Draw a zone by dragging across it, or add one with the button below.",
};

/** A drag shorter than this share of the picture is a click. */
const LEAST_DRAG = 0.02;

export interface ZoneEditorProps {
  zones: readonly DraftZone[];
  /** Id of the zone that can be changed. */
  selected: number | undefined;
  /** The corner that was touched last, for a button that removes it. */
  corner: number | undefined;
  /** Kind of a zone that is drawn anew. */
  newKind: string;
  /** Changes that belong together carry the same gesture. */
  onChange: (zones: readonly DraftZone[], gesture: string) => void;
  onSelect: (zone: number | undefined, corner?: number) => void;
}

/** What is under the finger. */
type Grip = { type: "new"; from: Corner; id: number } | {
  type: "zone";
  id: number;
  from: Corner;
  points: readonly Corner[];
};

export function ZoneEditor(props: ZoneEditorProps) {
  const { zones, selected, newKind, onChange, onSelect } = props;
  const box = useRef<HTMLDivElement>(null);
  const grip = useRef<Grip>(undefined);
  const gestures = useRef(0);
  const [dragging, setDragging] = useState(false);
  const at = (event: PointerEvent): Corner => {
    const { left, top, width, height } = box.current?.getBoundingClientRect() ?? new DOMRect(0, 0, 1, 1);
    return { x: (event.clientX - left) / width, y: (event.clientY - top) / height };
  };
  const begin = (event: PointerEvent, next: Grip) => {
    if (event.button !== 0) return;
    event.stopPropagation();
    box.current?.setPointerCapture(event.pointerId);
    gestures.current++;
    grip.current = next;
    setDragging(true);
  };
  const drag = (event: PointerEvent) => {
    const now = grip.current;
    if (now) onDrag(now, at(event), `drag ${gestures.current}`);
  };
  const onDrag = (now: Grip, to: Corner, gesture: string) => {
    if (now.type === "zone") {
      const by = { x: to.x - now.from.x, y: to.y - now.from.y };
      return onChange(replaced(zones, now.id, moved(now.points, by)), gesture);
    }
    const isDrawn = zones.some(({ id }) => id === now.id);
    const isClick = Math.abs(to.x - now.from.x) < LEAST_DRAG || Math.abs(to.y - now.from.y) < LEAST_DRAG;
    if (!isDrawn && (isClick || zones.length >= MAX_ZONES)) return;
    const points = rectangle(now.from, to);
    const zone = { id: now.id, name: "", kind: newKind, points };
    onChange(isDrawn ? replaced(zones, now.id, points) : [...zones, zone], gesture);
    onSelect(now.id);
  };
  const end = () => {
    const now = grip.current;
    grip.current = undefined;
    setDragging(false);
    if (now?.type === "new" && !zones.some(({ id }) => id === now.id)) onSelect(undefined);
  };
  const active = zones.find(({ id }) => id === selected);
  return (
    <div
      ref={box}
      class={dragging ? "zone-editor is-dragging" : "zone-editor"}
      role="group"
      aria-label={TEXT.picture}
      onPointerDown={(event) => begin(event, { type: "new", from: at(event), id: freeId(zones) })}
      onPointerMove={drag}
      onPointerUp={end}
      onPointerCancel={end}
    >
      <svg class="zone-shapes" viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true">
        {zones.map((zone) => (
          <polygon
            key={zone.id}
            class={`zone is-${zone.kind}${zone.id === selected ? " is-selected" : ""}`}
            points={zone.points.map(({ x, y }) => `${x},${y}`).join(" ")}
            onPointerDown={(event) => {
              begin(event, { type: "zone", id: zone.id, from: at(event), points: zone.points });
              onSelect(zone.id);
            }}
          />
        ))}
      </svg>
      {active && (
        <ZoneCorners
          zone={active}
          corner={props.corner}
          placeOf={at}
          onChange={(points, gesture) => onChange(replaced(zones, active.id, points), gesture)}
          onCorner={(corner) => onSelect(active.id, corner)}
        />
      )}
    </div>
  );
}

function replaced(zones: readonly DraftZone[], id: number, points: readonly Corner[]): DraftZone[] {
  return zones.map((zone) => zone.id === id ? { ...zone, points } : zone);
}
