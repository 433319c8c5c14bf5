// Says that the hub cannot be reached: what is shown then is from before.
import type { ProblemView } from "../src/operations/views.ts";
import { formatClock } from "./format.ts";
import { Icon } from "./icon.tsx";
import { ProblemNotice } from "./problem_notice.tsx";

const TEXT = {
  lost: (time: string) => `No connection to the hub since ${time}.`,
  help: "What is shown is from before. Check that the hub is running and that this device is on the same " +
    "network. The page goes on by itself.",
};

/** "No connection to the hub since 14:02." */
export function lostText(lostAtMs: number): string {
  return TEXT.lost(formatClock(new Date(lostAtMs).toISOString(), Date.now()));
}

export interface RefreshProblemProps {
  problem: ProblemView | undefined;
  /** Since when the hub gives no answer at all. */
  lostAtMs: number | undefined;
}

/** Why what is shown could not be refreshed. */
export function RefreshProblem({ problem, lostAtMs }: RefreshProblemProps) {
  if (lostAtMs === undefined) return problem ? <ProblemNotice problem={problem} /> : null;
  return (
    <div class="notice is-bad" role="alert">
      <Icon name="warning" />
      <div class="notice-text">
        <p>
          <strong>{lostText(lostAtMs)}</strong>
        </p>
        <p>{TEXT.help}</p>
      </div>
    </div>
  );
}
