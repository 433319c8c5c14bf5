// Says on a picture that parts of it are covered: for others, or in the picture that is shown.
import { Icon } from "./icon.tsx";

const TEXT = {
  others: "Privacy zones are covered for others",
  shown: "As others see it: privacy zones are covered",
};

export function PrivacyMark({ isMasked }: { isMasked: boolean }) {
  return (
    <p class="privacy-mark">
      <Icon name={isMasked ? "covered" : "eye"} />
      <span>{isMasked ? TEXT.shown : TEXT.others}</span>
    </p>
  );
}
