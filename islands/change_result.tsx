// Says what came of a change: on its way, confirmed by the camera, or only accepted.
import { useEffect, useState } from "preact/hooks";
import type { Verified } from "./api.ts";

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
  verified: Verified | undefined;
}

/** Long enough to be read, and for a screen reader to say it. */
const SHOWN_MS = 6_000;

/** Empty before the first change. What went well goes away after a while; a doubt stays. */
export function ChangeResult({ busy, verified }: ChangeResultProps) {
  const [isOld, setOld] = useState(false);
  const isDoubtful = verified === "unverified";
  useEffect(() => {
    setOld(false);
    if (busy || !verified || isDoubtful) return;
    const timer = setTimeout(() => setOld(true), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [busy, verified]);
  const result = verified && !isOld ? TEXT.verified[verified] : "";
  return (
    <p class={isDoubtful ? "setting-result is-warning" : "setting-result"} aria-live="polite">
      {busy ? TEXT.sending : result}
    </p>
  );
}
