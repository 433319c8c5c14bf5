// Keeps the lanes of the stretch of time that is shown.
import { useEffect, useRef, useState } from "preact/hooks";
import type { ProblemView } from "../src/operations/views.ts";
import { ApiProblem } from "./api.ts";
import { fetchTimeline, type TimelineFilter, type TimelineView } from "./timeline_client.ts";
import { spanOf, type View } from "./timeline_scale.ts";

const SETTLE_MS = 120;
const REFRESH_MS = 10_000;
/** So much more is loaded on both sides, so that moving it shows something at once. */
const MARGIN = 0.5;

export interface LoadedTimeline {
  timeline: TimelineView | undefined;
  problem: ProblemView | undefined;
}

/** Loads anew a moment after the view or the choice has changed, and every ten seconds. */
export function useTimeline(view: View, filter: TimelineFilter): LoadedTimeline {
  const [timeline, setTimeline] = useState<TimelineView>();
  const [problem, setProblem] = useState<ProblemView>();
  const newest = useRef(0);
  const load = async () => {
    const own = ++newest.current;
    const margin = spanOf(view) * MARGIN;
    try {
      const loaded = await fetchTimeline(
        { fromMs: Math.max(0, view.fromMs - margin), toMs: view.toMs + margin },
        filter,
      );
      // An older question may be answered later.
      if (own !== newest.current) return;
      setTimeline(loaded);
      setProblem(undefined);
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      if (own === newest.current) setProblem(error.problem);
    }
  };
  useEffect(() => {
    const timer = setTimeout(() => void load(), timeline ? SETTLE_MS : 0);
    const again = setInterval(() => document.visibilityState === "visible" && void load(), REFRESH_MS);
    return () => {
      clearTimeout(timer);
      clearInterval(again);
    };
  }, [view.fromMs, view.toMs, filter.cameras.join(), filter.kinds.join()]);
  return { timeline, problem };
}
