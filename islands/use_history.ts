// Keeps the history of the stretch of time that is shown.
import { useEffect, useRef, useState } from "preact/hooks";
import type { ProblemView } from "../src/operations/views.ts";
import { ApiProblem } from "./api.ts";
import { fetchHistory, type HistoryWish, type LoadedHistory } from "./chart_client.ts";
import { loadedFor } from "./chart_range.ts";

const SETTLE_MS = 120;

export interface HistoryState {
  /** Undefined until the first answer. */
  loaded: LoadedHistory | undefined;
  problem: ProblemView | undefined;
  isLoading: boolean;
}

/** Loads anew a moment after what is shown has changed; asks nothing for no subjects. */
export function useHistory({ subjects, charts, view, stepMs }: HistoryWish): HistoryState {
  const [state, setState] = useState<HistoryState>({
    loaded: undefined,
    problem: undefined,
    isLoading: true,
  });
  const newest = useRef(0);
  const load = async () => {
    const own = ++newest.current;
    const update = (change: Partial<HistoryState>) => {
      // An older question may be answered later.
      if (own === newest.current) setState((before) => ({ ...before, ...change }));
    };
    update({ isLoading: true });
    try {
      update({ loaded: await ask(), problem: undefined, isLoading: false });
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      update({ problem: error.problem, isLoading: false });
    }
  };
  const ask = (): Promise<LoadedHistory> =>
    subjects.length === 0
      ? Promise.resolve({ rows: [], stepMs, isTruncated: false })
      : fetchHistory({ subjects, charts, view: loadedFor(view, Date.now()), stepMs });
  useEffect(() => {
    const timer = setTimeout(() => void load(), newest.current > 0 ? SETTLE_MS : 0);
    return () => clearTimeout(timer);
  }, [view.fromMs, view.toMs, subjects.join()]);
  return state;
}

/** The time of day, renewed every so often while the page is in front. @param firstMs what the server rendered with. */
export function useVisibleNow(firstMs: number, everyMs: number): [nowMs: number, renew: () => void] {
  const [nowMs, setNow] = useState(firstMs);
  const renew = () => setNow(Date.now());
  useEffect(() => {
    const tick = () => document.visibilityState === "visible" && renew();
    tick();
    const timer = setInterval(tick, everyMs);
    document.addEventListener("visibilitychange", tick);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", tick);
    };
  }, []);
  return [nowMs, renew];
}
