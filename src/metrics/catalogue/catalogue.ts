// The one list of what the hub measures: name, type, unit, labels, meaning. Exposition, docs and tests read it.
import { CAMERA } from "./camera.ts";
import { HOST } from "./host.ts";
import { HOUSE } from "./house.ts";
import { HUB } from "./hub.ts";
import type { Metric } from "./metric.ts";
import { STREAM } from "./stream.ts";
import { TRAFFIC } from "./traffic.ts";

const ALL = { ...CAMERA, ...STREAM, ...HUB, ...HOST, ...TRAFFIC, ...HOUSE } as const;

export type MetricName = keyof typeof ALL;

/** Every metric by its name, in the order in which they are exposed. */
export const CATALOGUE: Readonly<Record<MetricName, Metric>> = ALL;
export const METRIC_NAMES = Object.keys(ALL) as MetricName[];
