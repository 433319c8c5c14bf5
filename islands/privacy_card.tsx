// Covers the lens of a camera and uncovers it.
import { Icon } from "./icon.tsx";
import { SwitchRow } from "./switch_row.tsx";
import { useOperation } from "./use_operation.ts";

const TEXT = {
  title: "Privacy mode",
  covered: "The lens is covered: nobody sees anything.",
  open: "The lens is open.",
  cover: "Privacy mode: the lens is covered",
};

export interface PrivacyCardProps {
  camera: string;
  /** Absent while the camera does not say. */
  isCovered: boolean | undefined;
  refresh: () => Promise<void>;
}

export function PrivacyCard({ camera, isCovered, refresh }: PrivacyCardProps) {
  const operation = useOperation(camera, refresh);
  return (
    <section class={isCovered ? "card privacy is-covered" : "card privacy"}>
      <Icon name={isCovered ? "covered" : "eye"} />
      <SwitchRow
        title={TEXT.title}
        help={isCovered ? TEXT.covered : TEXT.open}
        isOn={isCovered}
        operation={operation}
        onChange={(enabled) => void operation.send("set_privacy_mode", { enabled })}
      />
    </section>
  );
}

/** What stands over the picture while the lens is covered. */
export function PrivacyCover() {
  return (
    <div class="privacy-cover">
      <Icon name="covered" />
      <p>{TEXT.cover}</p>
    </div>
  );
}
