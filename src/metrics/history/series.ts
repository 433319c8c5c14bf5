// What was measured at one moment, as it is kept: whole numbers of each field's scale.
import {
  CAMERA_FIELDS,
  type HistoryField,
  type HistoryFieldName,
  HUB_FIELDS,
  HUB_SUBJECT,
} from "./fields.ts";

/** Cameras and the hub have fields, and so tables, of their own. */
export const SERIES = ["camera", "hub"] as const;
export type Series = typeof SERIES[number];

type NamedField = readonly [name: HistoryFieldName, field: HistoryField];

/** The fields of each, in the order in which values are kept. */
export const SERIES_FIELDS: Readonly<Record<Series, readonly NamedField[]>> = {
  camera: Object.entries(CAMERA_FIELDS) as NamedField[],
  hub: Object.entries(HUB_FIELDS) as NamedField[],
};

export function seriesOf(subject: string): Series {
  return subject === HUB_SUBJECT ? "hub" : "camera";
}

/** Values of one subject in the order of its fields; null where nothing is known. */
export type KeptValues = readonly (number | null)[];

/** Everything of one moment. Caller must not mutate it. */
export interface Tick {
  /** Milliseconds since 1970; no two ticks of a history have the same. */
  readonly atMs: number;
  readonly rows: ReadonlyMap<string, KeptValues>;
}

/** As it is kept. */
export function encoded(subject: string, values: Partial<Record<HistoryFieldName, number>>): KeptValues {
  return SERIES_FIELDS[seriesOf(subject)].map(([name, { scale }]) => {
    const value = values[name];
    return value === undefined || !Number.isFinite(value) ? null : Math.round(value / scale);
  });
}

/** As it was measured, to the digits that are kept. Means may lie between them: two more digits are given. */
export function decoded(kept: number, { scale }: HistoryField): number {
  const perUnit = Math.round(100 / scale);
  return scale >= 1 ? Math.round(kept * scale * 100) / 100 : Math.round(kept * 100) / perUnit;
}
