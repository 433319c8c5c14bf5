// Runs what a button starts: one at a time, with its progress and its failure at hand.
import { useRef, useState } from "preact/hooks";
import type { ProblemView } from "../src/operations/views.ts";
import { ApiProblem } from "./api.ts";

/** The state of a button's work. `run` resolves to whether it succeeded, and does nothing while busy. */
export interface Action {
  busy: boolean;
  problem: ProblemView | undefined;
  run(work: () => Promise<unknown>): Promise<boolean>;
  clear(): void;
}

/** Work of one part of the page; a new run clears the failure of the last. */
export function useAction(): Action {
  const running = useRef(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ProblemView>();
  const run = async (work: () => Promise<unknown>) => {
    if (running.current) return false;
    running.current = true;
    setBusy(true);
    setProblem(undefined);
    try {
      await work();
      return true;
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      setProblem(error.problem);
      return false;
    } finally {
      running.current = false;
      setBusy(false);
    }
  };
  return { busy, problem, run, clear: () => setProblem(undefined) };
}
