// Which cameras the charts show: buttons that are the legend, too.
import type { ChartLine } from "./history_card.tsx";
import { LineSwatch } from "./line_swatch.tsx";

const TEXT = { cameras: "Cameras" };

export interface CameraChipsProps {
  all: readonly ChartLine[];
  chosen: readonly ChartLine[];
  onChoose(ids: string[]): void;
}

/** The last camera stays. */
export function CameraChips({ all, chosen, onChoose }: CameraChipsProps) {
  const isChosen = (id: string) => chosen.some((each) => each.id === id);
  const toggle = (id: string) => {
    const ids = all.map((each) => each.id).filter((each) => isChosen(each) !== (each === id));
    if (ids.length > 0) onChoose(ids);
  };
  return (
    <fieldset class="chart-chips">
      <legend class="visually-hidden">{TEXT.cameras}</legend>
      {all.map(({ id, name, look }) => (
        <button
          key={id}
          type="button"
          class="chip"
          aria-pressed={isChosen(id)}
          onClick={() => toggle(id)}
        >
          <LineSwatch look={look} />
          {name}
        </button>
      ))}
    </fieldset>
  );
}
