// Which of three formats a client gets, by what it says that it takes.
import { HubError } from "../base/errors.ts";
import type { TextFormat } from "./text_format.ts";

export type MetricsFormat = "json" | TextFormat;
const FORMATS: readonly MetricsFormat[] = ["json", "prometheus", "openmetrics"];

/**
 * OpenMetrics for its own type, Prometheus's text for `text/plain` with a version, JSON for all else: Grafana's Infinity
 * takes a bare `text/plain` rather than JSON and means JSON. What the hub cannot make, such as protobuf, is passed over.
 */
export function formatFor(accept: string | undefined): MetricsFormat {
  const ranges = (accept ?? "*/*").split(",").map(parseRange).filter(({ q }) => q > 0)
    .sort((a, b) => b.q - a.q);
  for (const { type, version } of ranges) {
    if (type === "application/openmetrics-text") return "openmetrics";
    if (type === "text/plain" && version !== undefined) return "prometheus";
    if (JSON_FOR.has(type)) return "json";
  }
  return "json";
}

const JSON_FOR: ReadonlySet<string> = new Set([
  "*/*",
  "application/*",
  "application/json",
  "text/*",
  "text/plain",
  "text/html",
]);

/** The format that `?format=` names. @throws HubError `invalid_input`. */
export function formatNamed(name: string): MetricsFormat {
  const found = FORMATS.find((each) => each === name);
  if (found) return found;
  throw new HubError("invalid_input", `There is no format "${name}"`, {
    hint: `format is one of ${FORMATS.join(", ")}; left out, the header Accept decides`,
    details: { problems: [{ path: "format", message: "Unknown format", expected: FORMATS.join(", ") }] },
  });
}

interface Range {
  type: string;
  version: string | undefined;
  /** 0…1: how much it is wanted. */
  q: number;
}

function parseRange(text: string): Range {
  const [type = "", ...params] = text.split(";").map((part) => part.trim().toLowerCase());
  const values = new Map(params.map((param): [string, string] => {
    const [key = "", value = ""] = param.split("=");
    return [key.trim(), value.trim()];
  }));
  const q = Number(values.get("q") ?? 1);
  return { type, version: values.get("version"), q: Number.isFinite(q) ? q : 0 };
}
