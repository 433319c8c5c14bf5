// An event that was found on the timeline, in words.
import { EVENT_TITLES } from "./event_text.ts";
import { formatClock } from "./format.ts";
import type { FoundEvent } from "./timeline_client.ts";

/** "Motion, Front door, 14:02". */
export function eventWords(
  { kind, camera, atMs }: FoundEvent,
  cameras: readonly { id: string; name: string }[],
): string {
  const title = (EVENT_TITLES as Partial<Record<string, string>>)[kind] ?? kind;
  const name = cameras.find(({ id }) => id === camera)?.name ?? camera;
  return `${title}, ${name}, ${formatClock(new Date(atMs).toISOString(), Date.now())}`;
}
