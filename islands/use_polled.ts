// Keeps a value of the hub fresh while the page is in front.
import { useEffect, useRef, useState } from "preact/hooks";
import type { ProblemView } from "../src/operations/views.ts";
import { ApiProblem, isUnreachable } from "./api.ts";

/** The newest value, why the last refresh failed, and a way to refresh at once. */
export interface Polled<T> {
  value: T;
  problem: ProblemView | undefined;
  /** Since when the hub could not be reached, epoch milliseconds; undefined while it answers. */
  lostAtMs: number | undefined;
  refresh(): Promise<void>;
}

/**
 * Loads every `everyMs` while the page is visible, and at once when one of `choices` changes; loads never overlap.
 */
export function usePolled<T>(
  initial: T,
  load: () => Promise<T>,
  everyMs: number,
  choices: readonly unknown[] = [],
): Polled<T> {
  const [value, setValue] = useState(initial);
  const [problem, setProblem] = useState<ProblemView>();
  const [lostAtMs, setLostAtMs] = useState<number>();
  const loading = useRef<Promise<void>>(undefined);
  const newest = useRef(load);
  newest.current = load;
  const isFirst = useRef(true);

  const loadOnce = async () => {
    try {
      const loaded = await newest.current();
      setValue(loaded);
      setProblem(undefined);
      setLostAtMs(undefined);
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      setProblem(error.problem);
      const isLost = isUnreachable(error.problem);
      setLostAtMs((before) => isLost ? before ?? Date.now() : undefined);
    } finally {
      loading.current = undefined;
    }
  };
  const start = () => loading.current ??= loadOnce();
  // A load that began before an action may still show the state before it.
  const refresh = async () => {
    await loading.current;
    await start();
  };

  useEffect(() => {
    const tick = () => {
      if (document.visibilityState === "visible") void start();
    };
    const timer = setInterval(tick, everyMs);
    document.addEventListener("visibilitychange", tick);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", tick);
    };
  }, []);
  useEffect(() => {
    if (!isFirst.current) void refresh();
    isFirst.current = false;
  }, choices);
  return { value, problem, lostAtMs, refresh };
}
