// Buttons and keys that turn and zoom a camera while they are held.
import { useRef } from "preact/hooks";
import { Icon, type IconName } from "./icon.tsx";
import { ProblemNotice } from "./problem_notice.tsx";
import { type PtzAxis, type PtzWay, stepOf, wayOfKey, waysOf } from "./ptz_keys.ts";
import type { Ptz } from "./use_ptz.ts";

const TEXT = {
  title: "Move",
  pad: "Move the camera with the arrow keys",
  help: "Hold a button or an arrow key to keep moving.",
  end: "The camera is at the end of its range.",
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
  ptz: Ptz;
  /** What the camera can move; absent where it does not say. */
  axes?: readonly PtzAxis[] | undefined;
  /** It has a home position, or presets of which one may be called Home. */
  hasHome: boolean;
  /** Why it cannot be moved now. */
  blocked: string | undefined;
}

export function PtzPad({ ptz, axes, hasHome, blocked }: PtzPadProps) {
  const ways = waysOf(axes);
  const keys = useHeldKey(ptz, ways);
  const isBlocked = blocked !== undefined;
  return (
    <section class="card">
      <h2>{TEXT.title}</h2>
      <div
        class={ways.includes("closer") ? "ptz has-zoom" : "ptz"}
        role="group"
        aria-label={TEXT.pad}
        tabIndex={0}
        aria-disabled={isBlocked}
        {...(isBlocked ? {} : keys)}
      >
        {ways.map((way) => <WayButton key={way} way={way} ptz={ptz} disabled={isBlocked} />)}
        {hasHome && <HomeButton ptz={ptz} disabled={isBlocked} />}
      </div>
      <p class="muted">{blocked ?? TEXT.help}</p>
      <p class="muted ptz-end" role="status">{ptz.isAtEnd && !isBlocked ? TEXT.end : ""}</p>
      {ptz.problem && <ProblemNotice problem={ptz.problem} onDismiss={ptz.clear} />}
    </section>
  );
}

interface PadButtonProps {
  ptz: Ptz;
  disabled: boolean;
}

function WayButton({ way, ptz, disabled }: PadButtonProps & { way: PtzWay }) {
  const { icon, label } = BUTTONS[way];
  const move = stepOf(way);
  return (
    <button
      type="button"
      class={`icon-button ptz-${way}`}
      aria-label={label}
      title={label}
      disabled={disabled}
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

function HomeButton({ ptz, disabled }: PadButtonProps) {
  return (
    <button
      type="button"
      class="icon-button ptz-home"
      aria-label={TEXT.home}
      title={TEXT.home}
      disabled={disabled}
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
