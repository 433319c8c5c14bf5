// Buttons and keys that turn and zoom a camera while they are held.
import { useRef } from "preact/hooks";
import { Icon, type IconName } from "./icon.tsx";
import { ProblemNotice } from "./problem_notice.tsx";
import { type PtzAxis, type PtzWay, stepOf, wayOfKey, waysOf } from "./ptz_keys.ts";
import { type Ptz, usePtz } from "./use_ptz.ts";

const TEXT = {
  title: "Move",
  pad: "Move the camera with the arrow keys",
  help: "Hold a button or an arrow key to keep moving.",
  home: "Home position",
};

const BUTTONS: Readonly<Record<PtzWay, { icon: IconName; label: string }>> = {
  up: { icon: "up", label: "Tilt up" },
  left: { icon: "left", label: "Pan left" },
  right: { icon: "right", label: "Pan right" },
  down: { icon: "down", label: "Tilt down" },
  closer: { icon: "add", label: "Zoom in" },
  wider: { icon: "minus", label: "Zoom out" },
};

export interface PtzPadProps {
  camera: string;
  /** What the camera can move; absent where it does not say. */
  axes?: readonly PtzAxis[] | undefined;
  /** It has a home position, or presets of which one may be called Home. */
  hasHome: boolean;
}

export function PtzPad({ camera, axes, hasHome }: PtzPadProps) {
  const ptz = usePtz(camera);
  const ways = waysOf(axes);
  const keys = useHeldKey(ptz, ways);
  return (
    <section class="card">
      <h2>{TEXT.title}</h2>
      <div
        class={ways.includes("closer") ? "ptz has-zoom" : "ptz"}
        role="group"
        aria-label={TEXT.pad}
        tabIndex={0}
        {...keys}
      >
        {ways.map((way) => <WayButton key={way} way={way} ptz={ptz} />)}
        {hasHome && <HomeButton ptz={ptz} />}
      </div>
      <p class="muted">{TEXT.help}</p>
      {ptz.problem && <ProblemNotice problem={ptz.problem} onDismiss={ptz.clear} />}
    </section>
  );
}

function WayButton({ way, ptz }: { way: PtzWay; ptz: Ptz }) {
  const { icon, label } = BUTTONS[way];
  const move = stepOf(way);
  return (
    <button
      type="button"
      class={`icon-button ptz-${way}`}
      aria-label={label}
      title={label}
      onPointerDown={(event) => event.button === 0 && ptz.hold(move)}
      onPointerUp={ptz.release}
      onPointerLeave={ptz.release}
      onPointerCancel={ptz.release}
      onContextMenu={(event) => event.preventDefault()}
      // A click without a pointer comes from the keyboard or a screen reader: one step.
      onClick={(event) => event.detail === 0 && ptz.step(move)}
    >
      <Icon name={icon} />
    </button>
  );
}

function HomeButton({ ptz }: { ptz: Ptz }) {
  return (
    <button
      type="button"
      class="icon-button ptz-home"
      aria-label={TEXT.home}
      title={TEXT.home}
      onClick={ptz.home}
    >
      <Icon name="home" />
    </button>
  );
}

/** The key that is down; the browser repeats its event, which means nothing new. */
function useHeldKey(ptz: Ptz, ways: readonly PtzWay[]) {
  const down = useRef<string>(undefined);
  const letGo = () => {
    if (down.current !== undefined) ptz.release();
    down.current = undefined;
  };
  return {
    onKeyDown: (event: KeyboardEvent) => {
      const way = wayOfKey(event.key, ways);
      if (!way || event.ctrlKey || event.altKey || event.metaKey) return;
      event.preventDefault();
      if (down.current === event.key) return;
      down.current = event.key;
      ptz.hold(stepOf(way));
    },
    onKeyUp: (event: KeyboardEvent) => event.key === down.current && letGo(),
    onFocusOut: letGo,
  };
}
