// The buttons of the timeline: play, speed, events before and after, zoom, day, export.
import { Icon, type IconName } from "./icon.tsx";
import { RATES } from "./playback.ts";

const TEXT = {
  play: "Play",
  pause: "Pause",
  previous: "Previous event",
  next: "Next event",
  zoomIn: "Zoom in",
  zoomOut: "Zoom out",
  speed: "Speed",
  day: "Day",
  now: "Now",
  export: "Export …",
};

export interface TimelineBarProps {
  /** As the clock here shows it; undefined until the page is alive: the server has another clock. */
  time: string | undefined;
  /** The day that is shown, `YYYY-MM-DD`. */
  day: string;
  isPlaying: boolean;
  rate: number;
  isLooking: boolean;
  onPlay(): void;
  onRate(rate: number): void;
  onEvent(direction: 1 | -1): void;
  onZoom(factor: number): void;
  onDay(day: string): void;
  onNow(): void;
  onExport(): void;
}

export function TimelineBar(props: TimelineBarProps) {
  const { time, day, isPlaying, rate, isLooking } = props;
  return (
    <div class="timeline-bar">
      <div class="timeline-group">
        <Press icon="earlier" label={TEXT.previous} disabled={isLooking} onClick={() => props.onEvent(-1)} />
        <Press
          icon={isPlaying ? "pause" : "play"}
          label={isPlaying ? TEXT.pause : TEXT.play}
          isMain
          onClick={props.onPlay}
        />
        <Press icon="later" label={TEXT.next} disabled={isLooking} onClick={() => props.onEvent(1)} />
        <label>
          <span class="visually-hidden">{TEXT.speed}</span>
          <select
            value={String(rate)}
            onChange={(event) => props.onRate(Number(event.currentTarget.value))}
          >
            {RATES.map((each) => <option key={each} value={String(each)}>{each}×</option>)}
          </select>
        </label>
      </div>
      <output class="timeline-time">{time ?? ""}</output>
      <div class="timeline-group">
        <label>
          <span class="visually-hidden">{TEXT.day}</span>
          <input type="date" value={day} onChange={(event) => props.onDay(event.currentTarget.value)} />
        </label>
        <button type="button" class="button is-small" onClick={props.onNow}>{TEXT.now}</button>
        <Press icon="minus" label={TEXT.zoomOut} onClick={() => props.onZoom(2)} />
        <Press icon="add" label={TEXT.zoomIn} onClick={() => props.onZoom(0.5)} />
        <button type="button" class="button is-small" onClick={props.onExport}>
          <Icon name="download" /> {TEXT.export}
        </button>
      </div>
    </div>
  );
}

function Press({ icon, label, isMain, disabled, onClick }: {
  icon: IconName;
  label: string;
  isMain?: boolean;
  disabled?: boolean;
  onClick: () => void;
}) {
  return (
    <button
      type="button"
      class={isMain ? "icon-button is-main" : "icon-button"}
      aria-label={label}
      title={label}
      disabled={disabled}
      onClick={onClick}
    >
      <Icon name={icon} />
    </button>
  );
}
