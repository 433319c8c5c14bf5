// How a question is answered: from which tier, in which steps.
import { HubError } from "../../base/errors.ts";
import type { HistoryQuery, Tier } from "./query.ts";
import { TIERS } from "./query.ts";
import { HOUR_MS, SPAN_MS } from "./tables.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const DAY_MS = 24 * HOUR_MS;
/** Lengths of steps that people can read off an axis. */
const LADDER_MS = [
  ...[1, 2, 5, 10, 15, 30].map((n) => n * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 6, 12].map((n) => n * HOUR_MS),
  ...[1, 2, 7, 14, 28].map((n) => n * DAY_MS),
];

/** Before which time each tier was deleted, milliseconds since 1970. */
export type Deleted = Readonly<Record<Tier, number>>;

/** A question with all that it left open. */
export interface Plan {
  tier: Tier;
  stepMs: number;
  /** On a whole step. */
  fromMs: number;
  /** On a whole step, not included. */
  toMs: number;
  steps: number;
  isTruncated: boolean;
}

/**
 * Chooses tier and step. A step is a whole number of the tier's spans; ends lie on whole steps since 1970.
 * @param intervalMs how often something is measured: no step is shorter unless it is asked for.
 * @throws HubError `invalid_input` for a span or step that cannot be.
 */
export function planOf(query: HistoryQuery, deleted: Deleted, intervalMs: number): Plan {
  check(query);
  const finest = finestOf(query.fromMs, deleted);
  const stepMs = stepOf(query, finest, intervalMs);
  const fromMs = Math.floor(query.fromMs / stepMs) * stepMs;
  const wanted = Math.ceil(query.toMs / stepMs) - fromMs / stepMs;
  const steps = Math.min(wanted, query.maxSteps);
  return {
    // The newest value of a step is best told by the finest tier; all else is the same in a coarser one, and sooner.
    tier: query.aggregation === "last" ? finest : coarsestOf({ fromMs, stepMs, finest }, deleted),
    stepMs,
    fromMs,
    toMs: fromMs + steps * stepMs,
    steps,
    isTruncated: steps < wanted,
  };
}

function check({ fromMs, toMs, stepMs, fields, maxSteps }: HistoryQuery): void {
  const isTime = (ms: number) => Number.isFinite(ms) && Math.abs(ms) <= 8.64e15;
  if (!isTime(fromMs) || !isTime(toMs) || toMs <= fromMs) {
    throw new HubError("invalid_input", "The history was asked for a time that ends before it begins", {
      hint: "Give a beginning that is earlier than the end",
    });
  }
  if (stepMs !== undefined && !(stepMs >= SECOND && Number.isFinite(stepMs))) {
    throw new HubError("invalid_input", `A step of the history cannot be ${stepMs} ms`, {
      hint: "Steps are a second or longer",
    });
  }
  if (fields.length === 0) throw new HubError("invalid_input", "No field of the history was asked for");
  if (!(maxSteps >= 1)) throw new HubError("invalid_input", "At least one step has to be asked for");
}

/** The finest that reaches back to a moment; where none does, the one that reaches farthest. */
function finestOf(fromMs: number, deleted: Deleted): Tier {
  const reaching = TIERS.find((tier) => deleted[tier] <= fromMs);
  return reaching ?? TIERS.toSorted((a, b) => deleted[a] - deleted[b])[0] ?? "1h";
}

function coarsestOf(
  { fromMs, stepMs, finest }: { fromMs: number; stepMs: number; finest: Tier },
  deleted: Deleted,
): Tier {
  return TIERS.findLast((tier) =>
    stepMs % SPAN_MS[tier] === 0 && deleted[tier] <= fromMs && SPAN_MS[tier] >= SPAN_MS[finest]
  ) ?? finest;
}

function stepOf({ fromMs, toMs, stepMs, maxSteps }: HistoryQuery, tier: Tier, intervalMs: number): number {
  const unit = tier === "raw" ? SECOND : SPAN_MS[tier];
  if (stepMs !== undefined) return Math.ceil(stepMs / unit) * unit;
  const leastMs = Math.max(tier === "raw" ? intervalMs : unit, unit);
  // One more step may be needed where the ends do not lie on whole ones.
  const fits = (ms: number) =>
    ms >= leastMs && ms % unit === 0 && Math.ceil(toMs / ms) - Math.floor(fromMs / ms) <= maxSteps;
  const found = LADDER_MS.find(fits);
  if (found !== undefined) return found;
  return Math.ceil((toMs - fromMs) / Math.max(1, maxSteps - 1) / (28 * DAY_MS)) * 28 * DAY_MS;
}
