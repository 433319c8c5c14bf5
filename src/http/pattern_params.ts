// What the addresses of patterns take.
import { isTimeZone, zoneNames } from "../base/time_zone.ts";
import { nearest } from "../config/problems.ts";
import { ADMIN_KINDS, EVENT_KINDS, type EventKind } from "../events/event.ts";
import type { PatternQuery } from "../events/patterns.ts";
import { OBSERVATION_KINDS } from "../devices/capabilities.ts";
import { HISTORY_FORMATS, type HistoryFormat } from "../metrics/history/question.ts";
import { Params, quoted } from "../metrics/history/params.ts";

const PATTERN_PARAMS = ["camera", "kind", "weeks", "tz", "format"] as const;
const MAX_CAMERAS = 200;
/** The weeks of a year. */
const MAX_WEEKS = 53;
const DEFAULT_WEEKS = 4;
/** Kinds that everybody may count who reads metrics. */
export const PATTERN_KINDS = EVENT_KINDS.filter((kind) => !ADMIN_KINDS.includes(kind));

/** Reads the question. @throws HubError `invalid_input` that names everything that is wrong with it. */
export function parsePatternQuestion(
  given: URLSearchParams,
  machineZone: string,
): { query: PatternQuery; format: HistoryFormat } {
  const params = new Params(given, PATTERN_PARAMS);
  const cameras = params.list("camera", MAX_CAMERAS);
  const named = params.list("kind", EVENT_KINDS.length);
  const kinds = named?.flatMap((each) => params.word<EventKind>("kind", each, PATTERN_KINDS) ?? []);
  const weeks = params.value("weeks", parseWeeks, `a whole number from 1 to ${MAX_WEEKS}`);
  const zone = params.text("tz");
  if (zone && !isTimeZone(zone)) {
    const expected = "a name such as Europe/Vienna";
    params.refuse("tz", `There is no time zone ${quoted(zone)}`, expected, nearest(zone, zoneNames()));
  }
  const format = params.choice<HistoryFormat>("format", HISTORY_FORMATS, "rows");
  params.check();
  return {
    query: {
      cameras,
      kinds: kinds ?? OBSERVATION_KINDS,
      weeks: weeks ?? DEFAULT_WEEKS,
      zone: zone || machineZone,
    },
    format,
  };
}

function parseWeeks(text: string): number | undefined {
  const weeks = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  return weeks >= 1 && weeks <= MAX_WEEKS ? weeks : undefined;
}
