// How motion is looked for at a camera: who looks, what was seen last, and the way to its zones.
import { useId, useMemo, useState } from "preact/hooks";
import type { CameraDetailView, MotionView } from "../src/operations/views.ts";
import { ChangeResult } from "./change_result.tsx";
import { formatAgo } from "./format.ts";
import { Icon } from "./icon.tsx";
import { draftOf } from "./motion_rules.ts";
import { MotionSetup } from "./motion_setup.tsx";
import { ProblemNotice } from "./problem_notice.tsx";
import { useDraft } from "./use_draft.ts";
import { useNow } from "./use_now.ts";
import { useOperation } from "./use_operation.ts";

const TEXT = {
  title: "Motion",
  who: "Who looks for motion",
  detectors: {
    auto: "The camera, or else the hub",
    camera: "Only the camera",
    hub: "The hub",
    off: "Nobody",
  },
  moving: "Something moves now.",
  still: "The hub looks for motion. Nothing moves now.",
  starting: "The hub is about to look at the picture.",
  waiting: (reason: string) => `The hub cannot look at the picture: ${reason}`,
  last: (ago: string) => `Something last moved: ${ago}.`,
  setup: "Zones and sensitivity",
  zones: (count: number) => count === 1 ? "1 zone" : `${count} zones`,
};

type Detector = MotionView["rules"]["detector"];
const DETECTORS = Object.entries(TEXT.detectors) as [Detector, string][];

export interface MotionCardProps {
  camera: CameraDetailView;
  motion: MotionView;
  refresh: () => Promise<void>;
}

export function MotionCard({ camera, motion, refresh }: MotionCardProps) {
  const id = useId();
  const nowMs = useNow(10_000);
  const operation = useOperation(camera.id, refresh);
  const [isOpen, setOpen] = useState(false);
  const { rules } = motion;
  // The same object as long as the rules are the same, whatever else was read anew.
  const saved = useMemo(() => draftOf(rules), [JSON.stringify(rules)]);
  const draft = useDraft(saved);
  const zones = rules.zones.length + rules.ignore.length;
  return (
    <section class="card motion-card" id="motion">
      <h2>{TEXT.title}</h2>
      <p aria-live="polite">{standingOf(motion)}</p>
      {motion.hint && <p class="muted">{motion.hint}</p>}
      {motion.last_motion_at && <p class="muted">{TEXT.last(formatAgo(motion.last_motion_at, nowMs))}</p>}
      <div class="setting">
        <label for={id}>{TEXT.who}</label>
        <select
          id={id}
          value={rules.detector}
          onChange={(event) => {
            const detector = event.currentTarget.value as Detector;
            event.currentTarget.value = rules.detector;
            void operation.send("set_motion_rules", { detector });
          }}
        >
          {DETECTORS.map(([value, title]) => <option key={value} value={value}>{title}</option>)}
        </select>
        <ChangeResult busy={operation.busy} verified={operation.verified} />
        {operation.problem && <ProblemNotice problem={operation.problem} onDismiss={operation.clear} />}
      </div>
      <div class="motion-open">
        <button type="button" class="button" onClick={() => setOpen(true)}>
          <Icon name="edit" /> {TEXT.setup}
        </button>
        {zones > 0 && <span class="muted">{TEXT.zones(zones)}</span>}
      </div>
      {isOpen && (
        <MotionSetup
          camera={camera}
          draft={draft}
          refresh={refresh}
          onClose={() => setOpen(false)}
        />
      )}
    </section>
  );
}

function standingOf({ state, reason = "", active }: MotionView): string {
  if (state === "off") return `${reason}.`;
  if (state === "waiting") return TEXT.waiting(reason);
  if (state === "starting") return TEXT.starting;
  return active ? TEXT.moving : TEXT.still;
}
