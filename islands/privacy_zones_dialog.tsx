// Draws privacy zones over the live picture.
import { useId, useState } from "preact/hooks";
import type { CameraDetailView } from "../src/operations/views.ts";
import { Dialog } from "./dialog.tsx";
import { DraftActions } from "./draft_actions.tsx";
import { LiveView } from "./live_view.tsx";
import { changeOf, COVER, type PrivacyDraft, type PrivacyStyle } from "./privacy_draft.ts";
import type { Draft } from "./use_draft.ts";
import { useOperation } from "./use_operation.ts";
import { ZoneEditor } from "./zone_editor.tsx";
import { ZoneList } from "./zone_list.tsx";
import { ZoneTools } from "./zone_tools.tsx";

const TEXT = {
  title: (name: string) => `Privacy zones: ${name}`,
  help:
    "Drag across the picture to draw a zone. Drag its corners, or move them with the arrow keys; the small dots add corners.",
  turns: "A zone stays where it is in the picture: when the camera turns, something else is under it.",
  none: "No zones: the whole picture is shown.",
  style: "How it is covered",
  styles: {
    black: "Black: nothing of it is left",
    blur: "Blurred: colours, and that something moves, can still be told",
  },
};

const KINDS = [{ value: COVER, title: TEXT.title("") }];
const STYLES = Object.entries(TEXT.styles) as [PrivacyStyle, string][];
const USUAL_RATIO = 16 / 9;

export interface PrivacyZonesDialogProps {
  camera: CameraDetailView;
  draft: Draft<PrivacyDraft>;
  refresh: () => Promise<void>;
  onClose: () => void;
}

/** What is not saved outlives the dialog. */
export function PrivacyZonesDialog({ camera, draft, refresh, onClose }: PrivacyZonesDialogProps) {
  const [selected, setSelected] = useState<{ zone?: number | undefined; corner?: number | undefined }>({});
  const operation = useOperation(camera.id, refresh);
  const { value } = draft;
  const shared = {
    zones: value.zones,
    selected: selected.zone,
    corner: selected.corner,
    newKind: COVER,
    onChange: (zones: PrivacyDraft["zones"], gesture: string) => draft.change({ ...value, zones }, gesture),
    onSelect: (zone: number | undefined, corner?: number) => setSelected({ zone, corner }),
  };
  const save = async () => {
    if (await operation.send("set_privacy_zones", changeOf(value))) draft.reset();
  };
  const { stream, links, capabilities } = camera;
  const ratio = stream?.width && stream.height ? stream.width / stream.height : USUAL_RATIO;
  return (
    <Dialog open wide title={TEXT.title(camera.name)} onClose={onClose}>
      <div class="zone-stage" style={{ "--ratio": String(ratio) }}>
        <LiveView
          camera={camera.id}
          name={camera.name}
          streamUrl={links.stream ?? ""}
          sized
          onStatus={() => void refresh()}
        />
        <ZoneEditor {...shared} />
      </div>
      <ZoneTools {...shared} canUndo={draft.canUndo} onUndo={draft.undo} />
      <p class="muted">{TEXT.help}</p>
      {capabilities.includes("ptz") && <p class="muted">{TEXT.turns}</p>}
      <ZoneList {...shared} kinds={KINDS} none={TEXT.none} />
      <StyleChoice style={value.style} onChange={(style) => draft.change({ ...value, style }, "style")} />
      <DraftActions draft={draft} operation={operation} onSave={save} />
    </Dialog>
  );
}

function StyleChoice({ style, onChange }: { style: PrivacyStyle; onChange: (style: PrivacyStyle) => void }) {
  const id = useId();
  return (
    <fieldset class="privacy-style">
      <legend>{TEXT.style}</legend>
      {STYLES.map(([value, title]) => (
        <label key={value}>
          <input
            type="radio"
            name={id}
            value={value}
            checked={value === style}
            onChange={() => onChange(value)}
          />
          {title}
        </label>
      ))}
    </fieldset>
  );
}
