// All values of one moment, as targets are given them.
import type { Sample } from "../metrics/sample.ts";
import type { Parcel, Target } from "./target.ts";

/** What the hub measured at one moment. */
export interface Snapshot {
  /** Milliseconds since 1970. */
  readonly atMs: number;
  /** When the hub started, milliseconds since 1970: counters began then. */
  readonly startedAtMs: number;
  readonly samples: readonly Sample[];
}

/** Who sends: the labels that Prometheus would give what it scrapes here. */
export interface Sending {
  readonly job: string;
  readonly instance: string;
}

/** A target of values. */
export interface MetricTarget extends Target {
  encode(snapshot: Snapshot): Parcel;
}

/** A name and its suffix, as text formats show a sample. */
export function fullName({ metric, part }: Pick<Sample, "metric" | "part">): string {
  return part === undefined ? metric : `${metric}_${part}`;
}
