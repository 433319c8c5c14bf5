// Which of a camera's streams serves a viewer, and which of their states is told. Pure.
import type { StreamReport } from "../devices/status.ts";
import type { Rescale } from "./rescale.ts";

/** What the choice depends on. */
export interface LaneFacts {
  /** Width of the smaller stream; undefined when there is none, or it is not known. */
  subWidth: number | undefined;
  isMainOpen: boolean;
  isSubOpen: boolean;
  isSubFailing: boolean;
  /** True when the device serves one more stream. */
  mayOpen: boolean;
}

/** The smaller stream serves whoever needs no more than it has, as long as that opens no stream too many. */
export function chooseLane(wish: Rescale, facts: LaneFacts): "main" | "sub" {
  const width = wish.width ?? wish.enoughWidth;
  if (width === undefined || facts.subWidth === undefined) return "main";
  if (width > facts.subWidth || facts.isSubFailing) return "main";
  if (facts.isSubOpen || facts.mayOpen) return "sub";
  return facts.isMainOpen ? "main" : "sub";
}

const GRAVITY = { running: 3, waiting: 2, starting: 1, idle: 0 } as const;

/** A camera that gives one of its pictures is online; then a failure is told before a start, and that before rest. */
export function worstReport(reports: readonly StreamReport[]): StreamReport {
  const none: StreamReport = IDLE;
  return reports.reduce((worst, each) => GRAVITY[each.state] > GRAVITY[worst.state] ? each : worst, none);
}

const IDLE: StreamReport = { state: "idle" };
