// What the hub's detector sees now: the moving parts over the picture, and a meter below it.
import type { MotionSightView } from "../src/operations/views.ts";

const TEXT = {
  title: "Motion now",
  none: "Nothing moves",
  unsteady: "The whole picture changes: a light, or the camera itself. Nothing is reported",
  some: (area: number) => `Something moves: ${area.toFixed(1)} % of the picture`,
  blind: "The hub does not look at the picture now",
};

export interface MotionSightProps {
  sight: MotionSightView | undefined;
}

/** Lies over the picture. */
export function MotionCells({ sight }: MotionSightProps) {
  if (!sight) return null;
  const { columns, rows, cells } = sight;
  return (
    <svg
      class="motion-cells"
      viewBox={`0 0 ${columns} ${rows}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      {cells.map((cell) => (
        <rect key={cell} x={cell % columns} y={Math.floor(cell / columns)} width={1} height={1} />
      ))}
    </svg>
  );
}

export function MotionMeter({ sight }: MotionSightProps) {
  return (
    <div class="motion-meter">
      <meter min={0} max={1} value={sight?.score ?? 0} aria-label={TEXT.title} />
      <p class="muted" aria-live="polite">{textOf(sight)}</p>
    </div>
  );
}

function textOf(sight: MotionSightView | undefined): string {
  if (!sight) return TEXT.blind;
  if (sight.unsteady) return TEXT.unsteady;
  return sight.score > 0 ? TEXT.some(sight.area) : TEXT.none;
}
