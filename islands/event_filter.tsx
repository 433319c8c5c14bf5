// The choice of which events are shown.
import { useId } from "preact/hooks";
import type { EventKind } from "../src/operations/event_views.ts";
import type { EventFilter } from "./event_feed.ts";
import { missingCameraText } from "./event_item.tsx";
import { EVENT_TITLES, NOTICED_KINDS } from "./event_text.ts";
import type { EventCamera } from "./event_list.tsx";

const TEXT = {
  camera: "Camera",
  everyCamera: "All cameras",
  kind: "Kind",
  everyKind: "All kinds",
  noticed: "Noticed by cameras",
  others: "Cameras and the hub",
};

export interface EventFilterProps {
  filter: EventFilter;
  cameras: EventCamera[];
  onChoose(camera: string | undefined, kind: EventKind | undefined): void;
}

export function EventFilterForm({ filter, cameras, onChoose }: EventFilterProps) {
  const kinds = Object.entries(EVENT_TITLES) as [EventKind, string][];
  const isKnown = filter.camera === undefined || cameras.some(({ id }) => id === filter.camera);
  // A camera that was removed still has its events.
  const choices = isKnown
    ? cameras
    : [...cameras, { id: filter.camera ?? "", name: missingCameraText(filter.camera) }];
  return (
    <div class="events-filter">
      <Choice
        label={TEXT.camera}
        every={TEXT.everyCamera}
        value={filter.camera}
        groups={[["", choices.map(({ id, name }) => [id, name])]]}
        onChoose={(camera) => onChoose(camera, filter.kind)}
      />
      <Choice
        label={TEXT.kind}
        every={TEXT.everyKind}
        value={filter.kind}
        groups={[
          [TEXT.noticed, kinds.filter(([kind]) => NOTICED_KINDS.includes(kind))],
          [TEXT.others, kinds.filter(([kind]) => !NOTICED_KINDS.includes(kind))],
        ]}
        onChoose={(value) => onChoose(filter.camera, kinds.find(([kind]) => kind === value)?.[0])}
      />
    </div>
  );
}

type ChoiceOption = readonly [value: string, title: string];

interface ChoiceProps {
  label: string;
  /** The choice that leaves nothing out. */
  every: string;
  value: string | undefined;
  /** With their names; a group without one stands for itself. */
  groups: readonly (readonly [name: string, choices: readonly ChoiceOption[]])[];
  onChoose(value: string | undefined): void;
}

function Choice({ label, every, value, groups, onChoose }: ChoiceProps) {
  const id = useId();
  return (
    <div class="events-choice">
      <label for={id} class="visually-hidden">{label}</label>
      <select
        id={id}
        value={value ?? ""}
        onChange={(event) => onChoose(event.currentTarget.value || undefined)}
      >
        <option value="">{every}</option>
        {groups.map(([name, choices]) =>
          name === "" ? <Options key={name} choices={choices} /> : (
            <optgroup key={name} label={name}>
              <Options choices={choices} />
            </optgroup>
          )
        )}
      </select>
    </div>
  );
}

function Options({ choices }: { choices: readonly ChoiceOption[] }) {
  return <>{choices.map(([value, title]) => <option key={value} value={value}>{title}</option>)}</>;
}
