// Keeps the view of a camera fresh while the panel can be seen: state, reason, and links before they expire.
import { useEffect, useState } from "react";
import { type PanelError, panelError } from "./panel_error.ts";
import { askView, type View, type ViewQuestion } from "./view_link.ts";

/** How often a camera that shows pictures is asked about. */
const STEADY_MS = 30_000;
const OFFLINE_MS = 5000;
const FIRST_RETRY_MS = 2000;
const MAX_RETRY_MS = 30_000;
/** A link is renewed when no more than that share of its time is left. */
const RENEW_SHARE = 0.3;

/** What is asked so much later than planned was asked by a machine that slept meanwhile. */
const SLEPT_MS = 15_000;

/** What is known: the last view, and what went wrong since. */
export interface Known {
  view?: View;
  error?: PanelError;
  /** Counts up when a stream of before may be dead: after failures, and after the machine slept. */
  round: number;
}

/** Asks again and again while active. */
export function useView(question: ViewQuestion, isActive: boolean): Known {
  const [known, setKnown] = useState<Known>({ round: 0 });
  const { cameraId, datasourceUid, hubUrl, showPtz } = question;
  useEffect(() => setKnown({ round: 0 }), [cameraId, datasourceUid, hubUrl]);
  useEffect(() => {
    if (!isActive) return;
    let isOver = false;
    let timer: number | undefined;
    let failures = 0;
    let dueMs = Date.now();
    const ask = async () => {
      let waitMs: number;
      const isAnew = failures > 0 || Date.now() - dueMs > SLEPT_MS;
      try {
        const view = await askView({ cameraId, datasourceUid, hubUrl, showPtz });
        failures = 0;
        waitMs = untilNext(view);
        if (!isOver) setKnown(({ round }) => ({ view, round: isAnew ? round + 1 : round }));
      } catch (error) {
        waitMs = Math.min(FIRST_RETRY_MS * 2 ** failures++, MAX_RETRY_MS);
        if (!isOver) setKnown((before) => ({ ...before, error: panelError(error) }));
      }
      dueMs = Date.now() + waitMs;
      if (!isOver) timer = setTimeout(ask, waitMs) as unknown as number;
    };
    void ask();
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [cameraId, datasourceUid, hubUrl, showPtz, isActive]);
  return known;
}

function untilNext({ status, expiresAtMs }: View): number {
  const leftMs = expiresAtMs - Date.now();
  const usualMs = status === "online" ? STEADY_MS : OFFLINE_MS;
  // The clocks of hub and browser may differ: never more often than every second.
  return Number.isNaN(leftMs) ? usualMs : Math.max(1000, Math.min(usualMs, leftMs * (1 - RENEW_SHARE)));
}
