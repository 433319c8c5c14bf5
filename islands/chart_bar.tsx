// Which time the charts show: ranges, moving, zooming, and the way back to now.
import { Icon, type IconName } from "./icon.tsx";
import { isLive, RANGES, type Shown } from "./chart_range.ts";
import { formatDuration } from "./format.ts";
import { spanOf, type View } from "./timeline_scale.ts";

const TEXT = {
  ranges: "Time shown",
  earlier: "Earlier",
  later: "Later",
  closer: "Zoom in",
  wider: "Zoom out",
  now: "Back to now",
  live: "Live",
  step: (step: string) => `a point for each ${step}`,
};
const MOMENT = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short" });

export interface ChartBarProps {
  shown: Shown;
  view: View;
  /** Undefined until there is an answer. */
  stepMs: number | undefined;
  /** False while texts of the clock would differ from those of the server. */
  isAlive: boolean;
  onRange(spanMs: number): void;
  /** By shares of what is shown. */
  onMove(share: number): void;
  onZoom(factor: number): void;
}

export function ChartBar({ shown, view, stepMs, isAlive, onRange, onMove, onZoom }: ChartBarProps) {
  const live = isLive(shown);
  const button = (title: string, icon: IconName, onClick: () => void, isOff = false) => (
    <button
      type="button"
      class="icon-button"
      aria-label={title}
      title={title}
      aria-disabled={isOff}
      onClick={() => !isOff && onClick()}
    >
      <Icon name={icon} />
    </button>
  );
  return (
    <div class="chart-bar">
      <fieldset class="chart-ranges">
        <legend class="visually-hidden">{TEXT.ranges}</legend>
        {RANGES.map(({ spanMs, title }) => (
          <button
            key={title}
            type="button"
            class="chip"
            aria-pressed={live && shown.spanMs === spanMs}
            onClick={() => onRange(spanMs)}
          >
            {title}
          </button>
        ))}
      </fieldset>
      <div class="chart-moves">
        {button(TEXT.earlier, "left", () => onMove(-0.5))}
        {button(TEXT.later, "right", () => onMove(0.5), live)}
        {button(TEXT.closer, "add", () => onZoom(0.5))}
        {button(TEXT.wider, "minus", () => onZoom(2))}
        {live
          ? <span class="chart-live">{TEXT.live}</span>
          : (
            <button type="button" class="button is-small" onClick={() => onRange(spanOf(view))}>
              {TEXT.now}
            </button>
          )}
      </div>
      {/* What goes on by itself is not read out again and again. */}
      <p class="chart-time" {...(live ? {} : { role: "status" })}>
        {isAlive && MOMENT.formatRange(view.fromMs, view.toMs)}
        {isAlive && stepMs !== undefined && <span class="muted">, {TEXT.step(formatDuration(stepMs))}</span>}
      </p>
    </div>
  );
}
