// How keenly the hub looks for motion: sensitivity, the smallest thing, the shortest motion.
import { useId } from "preact/hooks";
import type { MotionDraft } from "./motion_rules.ts";

const TEXT = {
  sensitivity: "Sensitivity",
  sensitivityHelp: "Higher notices weaker movement, in the dark too; lower has fewer false alarms.",
  area: "Smallest thing",
  areaHelp: "Smaller movement is ignored.",
  duration: "Shortest motion",
  durationHelp: "Shorter motion is ignored; at 0 clear motion is reported at once.",
};

/** Sizes in percent of the picture: each half as large again as the one before. */
const AREAS = [0.1, 0.2, 0.3, 0.5, 0.7, 1, 1.5, 2, 3, 5, 7, 10, 15, 20];

export interface MotionSlidersProps {
  draft: MotionDraft;
  onChange: (change: Partial<MotionDraft>, gesture: string) => void;
}

export function MotionSliders(
  { draft: { sensitivity, minArea, minDurationS }, onChange }: MotionSlidersProps,
) {
  const nearest = AREAS.reduce(
    (best, area) => Math.abs(area - minArea) < Math.abs(best - minArea) ? area : best,
    20,
  );
  return (
    <div class="motion-sliders">
      <Slider
        title={TEXT.sensitivity}
        help={TEXT.sensitivityHelp}
        max={100}
        value={sensitivity}
        shown={String(sensitivity)}
        onChange={(value) => onChange({ sensitivity: value }, "sensitivity")}
      />
      <Slider
        title={TEXT.area}
        help={TEXT.areaHelp}
        max={AREAS.length - 1}
        value={AREAS.indexOf(nearest)}
        shown={`${minArea} %`}
        onChange={(value) => onChange({ minArea: AREAS[value] ?? minArea }, "area")}
      />
      <Slider
        title={TEXT.duration}
        help={TEXT.durationHelp}
        max={5}
        step={0.2}
        value={Math.min(5, minDurationS)}
        shown={`${minDurationS} s`}
        onChange={(value) => onChange({ minDurationS: Math.round(value * 10) / 10 }, "duration")}
      />
    </div>
  );
}

interface SliderProps {
  title: string;
  help: string;
  max: number;
  step?: number;
  value: number;
  shown: string;
  onChange: (value: number) => void;
}

function Slider({ title, help, max, step = 1, value, shown, onChange }: SliderProps) {
  const id = useId();
  return (
    <div class="motion-slider">
      <label for={id} title={help}>{title}</label>
      <input
        id={id}
        type="range"
        min={0}
        max={max}
        step={step}
        value={String(value)}
        aria-valuetext={shown}
        aria-describedby={`${id}-help`}
        onInput={(event) => onChange(event.currentTarget.valueAsNumber)}
      />
      <output for={id}>{shown}</output>
      <p class="muted" id={`${id}-help`}>{help}</p>
    </div>
  );
}
