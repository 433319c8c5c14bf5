// Says what came of a change: on its way, confirmed by the camera, or only accepted.
import type { WriteResult } from "./api.ts";

const TEXT = {
  sending: "Sending…",
  verified: {
    readback: "Set; read back from the camera",
    acknowledged: "The camera accepted it",
    unverified: "Sent; the camera did not confirm it",
  },
};

export interface ChangeResultProps {
  busy: boolean;
  verified: WriteResult["verified"] | undefined;
}

/** Empty before the first change. */
export function ChangeResult({ busy, verified }: ChangeResultProps) {
  return (
    <p class={verified === "unverified" ? "setting-result is-warning" : "setting-result"} aria-live="polite">
      {busy ? TEXT.sending : verified ? TEXT.verified[verified] : ""}
    </p>
  );
}
