// Whom the history knows, and which values each can have.
import { HubError } from "../../base/errors.ts";
import { CAMERA_FIELDS, HISTORY_FIELDS, type HistoryFieldName, HUB_FIELDS, HUB_SUBJECT } from "./fields.ts";
import type { HistoryReader } from "./query.ts";

const CAMERA_NAMES = Object.keys(CAMERA_FIELDS) as HistoryFieldName[];
const HUB_NAMES = Object.keys(HUB_FIELDS) as HistoryFieldName[];
export const FIELD_NAMES = Object.keys(HISTORY_FIELDS) as HistoryFieldName[];

/** All fields that those named can have; of cameras where nobody is named. */
export function fieldsFor(subjects: readonly string[] | undefined): HistoryFieldName[] {
  const hasHub = subjects?.includes(HUB_SUBJECT) ?? false;
  const hasCamera = subjects?.some((each) => each !== HUB_SUBJECT) ?? true;
  return [...(hasCamera ? CAMERA_NAMES : []), ...(hasHub ? HUB_NAMES : [])];
}

/** Whom fields belong to: every camera, the hub, or both. */
export function subjectsFor(fields: readonly HistoryFieldName[], cameras: readonly string[]): string[] {
  return [
    ...(fields.some((each) => CAMERA_NAMES.includes(each)) ? cameras : []),
    ...(fields.some((each) => HUB_NAMES.includes(each)) ? [HUB_SUBJECT] : []),
  ];
}

/**
 * A camera that was removed may be asked for as long as something is kept of it.
 * @param cameras those that there are.
 * @throws HubError `not_found`: a misspelt id must not look like a camera of which nothing is known.
 */
export function requireKnown(
  asked: readonly string[],
  { history, cameras }: { history: Pick<HistoryReader, "subjects">; cameras: readonly string[] },
): void {
  const known = new Set([...cameras, HUB_SUBJECT, ...history.subjects]);
  const unknown = asked.find((id) => !known.has(id));
  if (unknown !== undefined) throw unknownSubject(unknown, cameras);
}

export function unknownSubject(id: string, known: readonly string[]): HubError {
  return new HubError("not_found", `There is no camera "${id}", and nothing is kept of one`, {
    hint: "list_cameras, or GET /metrics/cameras, tells the cameras; @hub is the hub itself",
    details: { camera_id: id, known: [...known] },
  });
}
