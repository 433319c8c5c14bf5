// What of a camera's picture others do not see, the way to change that, and a look with their eyes.
import { useId, useMemo, useState } from "preact/hooks";
import type { CameraDetailView } from "../src/operations/views.ts";
import { Icon } from "./icon.tsx";
import { draftOf } from "./privacy_draft.ts";
import { PrivacyZonesDialog } from "./privacy_zones_dialog.tsx";
import { Switch } from "./switch.tsx";
import { useDraft } from "./use_draft.ts";

const TEXT = {
  title: "Privacy zones",
  none: "Nothing of this picture is covered.",
  some: (count: number, style: "black" | "blur") =>
    `${count === 1 ? "1 zone is" : `${count} zones are`} ${
      style === "black" ? "blacked out" : "blurred"
    } for others.`,
  who: "Only administrators see them. Assistants (MCP) and alerts never do. Sound is not covered.",
  hidden: "Parts of this picture are covered for you.",
  change: "Draw zones",
  look: "Show the picture as others see it",
};

export interface PrivacyZonesCardProps {
  camera: CameraDetailView;
  /** Whether the page shows what others see. */
  isMasked: boolean;
  onMasked: (isMasked: boolean) => void;
  refresh: () => Promise<void>;
}

export function PrivacyZonesCard({ camera, isMasked, onMasked, refresh }: PrivacyZonesCardProps) {
  const id = useId();
  const [isOpen, setOpen] = useState(false);
  const { zones, style, covered_for_you: isHidden } = camera.privacy;
  // The same object as long as the zones are the same, whatever else was read anew.
  const saved = useMemo(() => draftOf(camera.privacy), [JSON.stringify([zones, style])]);
  const draft = useDraft(saved);
  const count = zones.length;
  return (
    <section class="card privacy-zones" id="privacy-zones">
      <h2>{TEXT.title}</h2>
      <p>{isHidden ? TEXT.hidden : count === 0 ? TEXT.none : TEXT.some(count, style)}</p>
      <p class="muted">{TEXT.who}</p>
      {!isHidden && (
        <>
          {count > 0 && (
            <div class="setting is-beside">
              <div class="setting-text">
                <label for={id}>{TEXT.look}</label>
              </div>
              <Switch id={id} isOn={isMasked} busy={false} describedBy={undefined} onChange={onMasked} />
            </div>
          )}
          <button type="button" class="button" onClick={() => setOpen(true)}>
            <Icon name="edit" /> {TEXT.change}
          </button>
        </>
      )}
      {isOpen && (
        <PrivacyZonesDialog
          camera={camera}
          draft={draft}
          refresh={refresh}
          onClose={() => setOpen(false)}
        />
      )}
    </section>
  );
}
