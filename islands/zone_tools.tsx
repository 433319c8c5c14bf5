// The buttons below a picture on which zones are drawn: a new zone, a corner less, a step back.
import { Icon } from "./icon.tsx";
import { type DraftZone, freeId, MAX_ZONES, MIN_CORNERS, rectangle, withoutCorner } from "./zones.ts";

const TEXT = {
  add: "Add a zone",
  removeCorner: "Remove corner",
  undo: "Undo",
  tooMany: `There are ${MAX_ZONES} zones, and no more are possible`,
};

/** Where a zone appears that was not drawn. */
const FIRST = [{ x: 0.3, y: 0.3 }, { x: 0.7, y: 0.7 }] as const;

export interface ZoneToolsProps {
  zones: readonly DraftZone[];
  selected: number | undefined;
  corner: number | undefined;
  newKind: string;
  canUndo: boolean;
  onChange: (zones: readonly DraftZone[], gesture: string) => void;
  onSelect: (zone: number | undefined, corner?: number) => void;
  onUndo: () => void;
}

export function ZoneTools(props: ZoneToolsProps) {
  const { zones, selected, corner, newKind, canUndo, onChange, onSelect, onUndo } = props;
  const zone = zones.find(({ id }) => id === selected);
  const isFull = zones.length >= MAX_ZONES;
  const canRemove = zone !== undefined && corner !== undefined && corner < zone.points.length &&
    zone.points.length > MIN_CORNERS;
  return (
    <div class="zone-tools">
      <button
        type="button"
        class="button is-small"
        disabled={isFull}
        title={isFull ? TEXT.tooMany : undefined}
        onClick={() => {
          const id = freeId(zones);
          onChange(
            [...zones, { id, name: "", kind: newKind, points: rectangle(...FIRST) }],
            `add zone ${id}`,
          );
          onSelect(id);
        }}
      >
        <Icon name="add" /> {TEXT.add}
      </button>
      <button
        type="button"
        class="button is-small"
        disabled={!canRemove}
        onClick={() => {
          if (!zone || corner === undefined) return;
          const points = withoutCorner(zone.points, corner);
          onChange(
            zones.map((each) => each === zone ? { ...zone, points } : each),
            `less ${zone.id} ${points.length}`,
          );
          onSelect(zone.id);
        }}
      >
        <Icon name="minus" /> {TEXT.removeCorner}
      </button>
      <button type="button" class="button is-small" disabled={!canUndo} onClick={onUndo}>
        <Icon name="undo" /> {TEXT.undo}
      </button>
    </div>
  );
}
