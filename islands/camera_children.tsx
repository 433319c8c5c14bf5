// Cameras that another one brings along, such as a second lens or the children of a hub, with a button to add each.
import type { ChildCameraView } from "../src/operations/views.ts";
import { addCamera } from "./api.ts";
import { Icon } from "./icon.tsx";
import { ProblemNotice } from "./problem_notice.tsx";
import { useAction } from "./use_action.ts";

const TEXT = {
  title: "More cameras of this device",
  help: "They are added with the same accounts.",
  add: "Add",
  adding: "Trying…",
  addOf: (title: string) => `Add ${title}`,
  open: "Open its page",
};

export interface CameraChildrenProps {
  cameras: ChildCameraView[];
  refresh: () => Promise<void>;
}

export function CameraChildren({ cameras, refresh }: CameraChildrenProps) {
  return (
    <section class="card">
      <h2>{TEXT.title}</h2>
      <p class="muted">{TEXT.help}</p>
      <ul class="device-list">
        {cameras.map((child) => <ChildRow key={child.suggested_id} child={child} refresh={refresh} />)}
      </ul>
    </section>
  );
}

function ChildRow({ child, refresh }: { child: ChildCameraView; refresh: () => Promise<void> }) {
  const action = useAction();
  const { title, type, suggested_id: id, options = {}, options_of, camera_id: used } = child;
  const add = () =>
    action.run(async () => {
      await addCamera({ id, name: title, type, options, options_of });
      await refresh();
    });
  return (
    <li>
      <div class="device">
        <strong class="device-text">{title}</strong>
        {used !== undefined
          ? <a class="device-added" href={`/cameras/${encodeURIComponent(used)}`}>{TEXT.open}</a>
          : (
            <button
              type="button"
              class="button is-small"
              aria-label={TEXT.addOf(title)}
              disabled={action.busy}
              onClick={() => void add()}
            >
              <Icon name="add" /> {action.busy ? TEXT.adding : TEXT.add}
            </button>
          )}
      </div>
      {action.problem && <ProblemNotice problem={action.problem} />}
    </li>
  );
}
