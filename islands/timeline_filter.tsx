// Which cameras have a lane, and which kinds of events are shown: buttons that are the legend, too.
import type { EventKind } from "../src/operations/event_views.ts";
import { eventColour } from "./event_colours.ts";
import { EVENT_TITLES } from "./event_text.ts";

const TEXT = {
  cameras: "Cameras",
  kinds: "Events",
  most: (most: number) => `The first ${most} of them are played`,
  all: "All kinds",
};

export interface TimelineCamera {
  id: string;
  name: string;
}

export interface TimelineFilterProps {
  cameras: readonly TimelineCamera[];
  shown: readonly string[];
  /** None: all. */
  kinds: readonly string[];
  /** Kinds of which there are any in what is shown. */
  present: ReadonlySet<string>;
  mostPlayed: number;
  onCameras(shown: string[]): void;
  onKinds(kinds: string[]): void;
}

export function TimelineFilterForm(props: TimelineFilterProps) {
  const { cameras, shown, kinds, present, mostPlayed, onCameras, onKinds } = props;
  const titles = Object.entries(EVENT_TITLES) as [EventKind, string][];
  const offered = titles.filter(([kind]) => present.has(kind) || kinds.includes(kind));
  const toggled = (all: readonly string[], one: string) =>
    all.includes(one) ? all.filter((each) => each !== one) : [...all, one];
  return (
    <div class="timeline-filter">
      <fieldset class="timeline-choice">
        <legend class="visually-hidden">{TEXT.cameras}</legend>
        {cameras.map(({ id, name }) => (
          <button
            key={id}
            type="button"
            class="chip"
            aria-pressed={shown.includes(id)}
            onClick={() => {
              // In the order of the cameras; the last one stays.
              const chosen = toggled(shown, id);
              if (chosen.length > 0) {
                onCameras(
                  cameras.map((each) => each.id).filter((each) => chosen.includes(each)),
                );
              }
            }}
          >
            {name}
          </button>
        ))}
        {shown.length > mostPlayed && <span class="muted">{TEXT.most(mostPlayed)}</span>}
      </fieldset>
      {offered.length > 0 && (
        <fieldset class="timeline-choice">
          <legend class="visually-hidden">{TEXT.kinds}</legend>
          {offered.map(([kind, title]) => (
            <button
              key={kind}
              type="button"
              class="chip"
              aria-pressed={kinds.length === 0 || kinds.includes(kind)}
              onClick={() => onKinds(kinds.length === 0 ? [kind] : toggled(kinds, kind))}
            >
              <svg class="swatch" viewBox="0 0 10 10" aria-hidden="true">
                <rect width="10" height="10" rx="2" fill={eventColour(kind)} />
              </svg>
              {title}
            </button>
          ))}
          {kinds.length > 0 && (
            <button type="button" class="link-button" onClick={() => onKinds([])}>{TEXT.all}</button>
          )}
        </fieldset>
      )}
    </div>
  );
}
