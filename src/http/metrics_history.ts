// The history and the patterns of events over HTTP, on both ports. Long answers are made while they are sent.
import { type Context, Hono } from "hono";
import type { Clock } from "../base/clock.ts";
import { HubError } from "../base/errors.ts";
import type { EventPatterns, Pattern } from "../events/patterns.ts";
import { csvLine, csvPieces, jsonPieces, listed } from "../metrics/history/answer_text.ts";
import { openAnswer } from "../metrics/history/open_answer.ts";
import type { HistoryReader } from "../metrics/history/query.ts";
import { HISTORY_PARAMS, parseQuestion } from "../metrics/history/question.ts";
import { fromBeginning, lastHoursRow, parseLastHours } from "../metrics/history/last_hours.ts";
import { requireKnown, unknownSubject } from "../metrics/history/subjects.ts";
import { parsePatternQuestion } from "./pattern_params.ts";

/** What is needed to answer. */
export interface HistoryDeps {
  history: HistoryReader;
  patterns: EventPatterns;
  clock: Clock;
  /** Ids of the cameras that there are. */
  cameras(): readonly string[];
  /** The time zone of people here, such as `Europe/Vienna`. */
  zone(): string;
}

/** The routes; the gate stands before them. */
export function historyRoutes(deps: HistoryDeps): Hono {
  const routes = new Hono();
  routes.get("/metrics/history", async (c) => await range(c, deps, paramsOf(c)));
  routes.get("/metrics/history/:id", async (c) => {
    const camera = c.req.param("id");
    const given = paramsOf(c);
    const [other] = HISTORY_PARAMS.filter((name) => given.has(name));
    if (other !== undefined) {
      if (given.has("hours")) throw hoursBeside(other);
      if (given.has("camera")) throw cameraTwice();
      given.set("camera", camera);
      return await range(c, deps, given);
    }
    return await lastHours(c, deps, { camera, given });
  });
  routes.get("/metrics/patterns", async (c) => await patterns(c, deps));
  return routes;
}

async function range(
  c: Context,
  { history, clock, cameras }: HistoryDeps,
  given: URLSearchParams,
): Promise<Response> {
  const { query, format } = parseQuestion(given, { nowMs: clock.now(), cameras: cameras() });
  requireKnown(query.subjects, { history, cameras: cameras() });
  const answer = await openAnswer(history, query);
  if (format === "rows") return send(c, jsonPieces(answer, query), JSON_TYPE);
  c.header("x-truncated", String(answer.head.isTruncated));
  return send(c, csvPieces(answer, query), CSV_TYPE);
}

async function lastHours(
  c: Context,
  { history, clock, cameras }: HistoryDeps,
  { camera, given }: { camera: string; given: URLSearchParams },
): Promise<Response> {
  requireKnown([camera], { history, cameras: cameras() });
  const { rows } = await fromBeginning(history, parseLastHours(given, camera, clock.now()));
  return send(
    c,
    listed([rows], `{"camera_id":${JSON.stringify(camera)},"history":[`, lastHoursRow),
    JSON_TYPE,
  );
}

async function patterns(c: Context, deps: HistoryDeps): Promise<Response> {
  const { query, format } = parsePatternQuestion(paramsOf(c), deps.zone());
  await requireNoted(query.cameras ?? [], deps);
  const pattern = await deps.patterns.read(query);
  return format === "rows"
    ? send(c, [JSON.stringify(pattern, null, 2) + "\n"], JSON_TYPE)
    : send(c, [patternCsv(pattern)], CSV_TYPE);
}

function patternCsv({ cells }: Pattern): string {
  const names = ["weekday", "weekday_name", "hour", "events", "hours_observed", "per_hour"] as const;
  return [csvLine(names), ...cells.map((cell) => csvLine(names.map((name) => cell[name])))].join("");
}

/** A misspelt id must not look like a camera at which nothing happened. */
async function requireNoted(
  asked: readonly string[],
  { patterns, cameras }: Pick<HistoryDeps, "patterns" | "cameras">,
): Promise<void> {
  const there = cameras();
  const gone = asked.filter((id) => !there.includes(id));
  const noted = gone.length === 0 ? undefined : await patterns.known(gone);
  const unknown = gone.find((id) => !noted?.has(id));
  if (unknown !== undefined) throw unknownSubject(unknown, there);
}

function cameraTwice(): HubError {
  return new HubError("invalid_input", "camera: is given in the path already; expected no parameter camera", {
    hint: "GET /metrics/history?camera=a,b asks for several",
  });
}

function hoursBeside(name: string): HubError {
  return new HubError("invalid_input", `hours: stands alone; expected no ${name} beside it`, {
    hint: "With other parameters ask with from in its place, such as from=now-2h",
  });
}

function paramsOf(c: Context): URLSearchParams {
  return new URL(c.req.url).searchParams;
}

const JSON_TYPE = "application/json";
const CSV_TYPE = "text/csv; charset=utf-8";

/** Each piece is made when the one before it was taken: in between the hub does other things. */
function send(c: Context, pieces: Iterable<string> | AsyncIterable<string>, type: string): Response {
  c.header("content-type", type);
  c.header("cache-control", "no-store");
  return c.body(ReadableStream.from(pieces).pipeThrough(new TextEncoderStream()));
}
