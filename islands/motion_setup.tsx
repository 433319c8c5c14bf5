// Sets up where and how keenly the hub looks for motion, over the live picture.
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { CameraDetailView, MotionSightView } from "../src/operations/views.ts";
import { callOperation } from "./api.ts";
import { Dialog } from "./dialog.tsx";
import { DraftActions } from "./draft_actions.tsx";
import { LiveView } from "./live_view.tsx";
import { COUNT, IGNORE, type MotionDraft, rulesOf } from "./motion_rules.ts";
import { MotionCells, MotionMeter } from "./motion_sight.tsx";
import { MotionSliders } from "./motion_sliders.tsx";
import type { Draft } from "./use_draft.ts";
import { useOperation } from "./use_operation.ts";
import { usePolled } from "./use_polled.ts";
import { ZoneEditor } from "./zone_editor.tsx";
import { ZoneList } from "./zone_list.tsx";
import { ZoneTools } from "./zone_tools.tsx";

const TEXT = {
  title: (name: string) => `Motion: ${name}`,
  help:
    "Drag across the picture to draw a zone. Drag its corners, or move them with the arrow keys; the small dots add corners.",
  kinds: { [COUNT]: "Watch", [IGNORE]: "Ignore" },
  saved: "Saved",
};

const KINDS = [COUNT, IGNORE].map((value) => ({
  value,
  title: TEXT.kinds[value as keyof typeof TEXT.kinds],
}));
const SIGHT_EVERY_MS = 300;
const USUAL_RATIO = 16 / 9;

export interface MotionSetupProps {
  camera: CameraDetailView;
  draft: Draft<MotionDraft>;
  refresh: () => Promise<void>;
  onClose: () => void;
}

/** What is not saved outlives the dialog. */
export function MotionSetup({ camera, draft, refresh, onClose }: MotionSetupProps) {
  const [selected, setSelected] = useState<{ zone?: number | undefined; corner?: number | undefined }>({});
  const operation = useOperation(camera.id, refresh);
  const { value } = draft;
  const changeZones = (zones: MotionDraft["zones"], gesture: string) =>
    draft.change({ ...value, zones }, gesture);
  const select = (zone: number | undefined, corner?: number) => setSelected({ zone, corner });
  const save = async () => {
    if (await operation.send("set_motion_rules", rulesOf(value))) draft.reset();
  };
  const shared = {
    zones: value.zones,
    selected: selected.zone,
    corner: selected.corner,
    newKind: COUNT,
    onChange: changeZones,
    onSelect: select,
  };
  return (
    <Dialog open wide title={TEXT.title(camera.name)} onClose={onClose}>
      <MotionStage camera={camera} refresh={refresh}>
        <ZoneEditor {...shared} />
      </MotionStage>
      <ZoneTools {...shared} canUndo={draft.canUndo} onUndo={draft.undo} />
      <p class="muted">{TEXT.help}</p>
      <ZoneList {...shared} kinds={KINDS} />
      <MotionSliders
        draft={value}
        onChange={(change, gesture) => draft.change({ ...value, ...change }, gesture)}
      />
      <DraftActions draft={draft} operation={operation} onSave={save} />
    </Dialog>
  );
}

interface StageProps {
  camera: CameraDetailView;
  refresh: () => Promise<void>;
  children: ComponentChildren;
}

/** The live picture in its own proportions, so that what lies over it fits. */
function MotionStage({ camera, refresh, children }: StageProps) {
  const { stream, links } = camera;
  const load = async (): Promise<MotionSightView | undefined> =>
    (await callOperation("get_motion_detection", { camera_id: camera.id })).sight;
  const { value: sight } = usePolled<MotionSightView | undefined>(undefined, load, SIGHT_EVERY_MS);
  const ratio = stream?.width && stream.height ? stream.width / stream.height : USUAL_RATIO;
  return (
    <>
      <div class="zone-stage" style={{ "--ratio": String(ratio) }}>
        <LiveView
          camera={camera.id}
          name={camera.name}
          streamUrl={links.stream ?? ""}
          sized
          onStatus={() => void refresh()}
        />
        <MotionCells sight={sight} />
        {children}
      </div>
      <MotionMeter sight={sight} />
    </>
  );
}
