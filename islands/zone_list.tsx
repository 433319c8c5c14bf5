// The zones of a picture by name: which one is being changed, what it is for, and how it is removed.
import { useId } from "preact/hooks";
import { Icon } from "./icon.tsx";
import type { DraftZone } from "./zones.ts";

const TEXT = {
  none: "No zones: the whole picture counts.",
  name: (index: number) => `Name of zone ${index + 1}`,
  placeholder: (index: number) => `Zone ${index + 1}`,
  kind: "What it is for",
  select: (name: string) => `Change the shape of ${name}`,
  remove: (name: string) => `Remove ${name}`,
};

/** What a zone can be for. */
export interface ZoneKind {
  value: string;
  title: string;
}

export interface ZoneListProps {
  zones: readonly DraftZone[];
  /** Only asked where there is more than one. */
  kinds: readonly ZoneKind[];
  selected: number | undefined;
  /** What is said where there is no zone. */
  none?: string;
  onChange: (zones: readonly DraftZone[], gesture: string) => void;
  onSelect: (zone: number | undefined) => void;
}

export function ZoneList({ zones, kinds, selected, none = TEXT.none, onChange, onSelect }: ZoneListProps) {
  const id = useId();
  if (zones.length === 0) return <p class="muted">{none}</p>;
  const change = (zone: DraftZone, part: Partial<DraftZone>, gesture: string) =>
    onChange(zones.map((each) => each.id === zone.id ? { ...each, ...part } : each), gesture);
  return (
    <ul class="zone-list">
      {zones.map((zone, index) => {
        const title = zone.name || TEXT.placeholder(index);
        const isSelected = zone.id === selected;
        return (
          <li key={zone.id} class={isSelected ? "is-selected" : undefined}>
            <button
              type="button"
              class={`zone-swatch is-${zone.kind}`}
              aria-pressed={isSelected}
              aria-label={TEXT.select(title)}
              title={TEXT.select(title)}
              onClick={() => onSelect(isSelected ? undefined : zone.id)}
            >
              <Icon name={isSelected ? "edit" : "minus"} />
            </button>
            <input
              id={`${id}-${zone.id}`}
              type="text"
              maxLength={60}
              aria-label={TEXT.name(index)}
              placeholder={TEXT.placeholder(index)}
              value={zone.name}
              onFocus={() => onSelect(zone.id)}
              onInput={(event) => change(zone, { name: event.currentTarget.value }, `name ${zone.id}`)}
            />
            {kinds.length > 1 && (
              <select
                aria-label={TEXT.kind}
                value={zone.kind}
                onChange={(event) => change(zone, { kind: event.currentTarget.value }, `kind ${zone.id}`)}
              >
                {kinds.map(({ value, title }) => <option key={value} value={value}>{title}</option>)}
              </select>
            )}
            <button
              type="button"
              class="icon-button is-danger"
              aria-label={TEXT.remove(title)}
              title={TEXT.remove(title)}
              onClick={() => {
                onChange(zones.filter((each) => each !== zone), `remove zone ${zone.id}`);
                if (isSelected) onSelect(undefined);
              }}
            >
              <Icon name="remove" />
            </button>
          </li>
        );
      })}
    </ul>
  );
}
