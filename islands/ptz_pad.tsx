// Buttons that turn and zoom a camera step by step while they are held.
import { useEffect, useRef } from "preact/hooks";
import { callOperation } from "./api.ts";
import { Icon, type IconName } from "./icon.tsx";
import { ProblemNotice } from "./problem_notice.tsx";
import { useAction } from "./use_action.ts";

const TEXT = {
  title: "Pan, tilt and zoom",
  help: "Hold a button to keep moving.",
  up: "Tilt up",
  down: "Tilt down",
  left: "Pan left",
  right: "Pan right",
  closer: "Zoom in",
  wider: "Zoom out",
};

/** One step, as a share of the camera's whole range. */
const STEP = 0.1;
const PAUSE_MS = 150;

interface Move {
  pan?: number;
  tilt?: number;
  zoom?: number;
}

/** Steps follow one another, each after the camera has answered the last, until the button is let go. */
export function PtzPad({ camera }: { camera: string }) {
  const action = useAction();
  const held = useRef<Move>(undefined);
  const turning = useRef(false);
  const release = () => held.current = undefined;
  useEffect(() => release, []);

  const step = async (move: Move) => {
    await callOperation("move_ptz", { camera_id: camera, pan: 0, tilt: 0, zoom: 0, ...move, relative: true });
  };
  const turn = async () => {
    while (held.current) {
      await step(held.current);
      await new Promise((resume) => setTimeout(resume, PAUSE_MS));
    }
  };
  const hold = (move: Move) => {
    held.current = move;
    // A running turn takes over the new direction by itself.
    if (turning.current) return;
    turning.current = true;
    void action.run(turn).finally(() => {
      turning.current = false;
      release();
    });
  };
  const button = (icon: IconName, label: string, move: Move, place: string) => (
    <button
      type="button"
      class={`icon-button ptz-${place}`}
      aria-label={label}
      title={label}
      onPointerDown={(event) => event.button === 0 && hold(move)}
      onPointerUp={release}
      onPointerLeave={release}
      onPointerCancel={release}
      onContextMenu={(event) => event.preventDefault()}
      // A click without a pointer comes from the keyboard or a screen reader: one step.
      onClick={(event) => event.detail === 0 && void action.run(() => step(move))}
    >
      <Icon name={icon} />
    </button>
  );
  return (
    <section class="card">
      <h2>{TEXT.title}</h2>
      <div class="ptz">
        {button("up", TEXT.up, { tilt: STEP }, "up")}
        {button("left", TEXT.left, { pan: -STEP }, "left")}
        {button("right", TEXT.right, { pan: STEP }, "right")}
        {button("down", TEXT.down, { tilt: -STEP }, "down")}
        {button("add", TEXT.closer, { zoom: STEP }, "closer")}
        {button("minus", TEXT.wider, { zoom: -STEP }, "wider")}
      </div>
      <p class="muted">{TEXT.help}</p>
      {action.problem && <ProblemNotice problem={action.problem} onDismiss={action.clear} />}
    </section>
  );
}
