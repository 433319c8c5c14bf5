// Operations on the journal of events.
import { z } from "zod";
import { HubError } from "../base/errors.ts";
import { idSchema } from "../config/schema.ts";
import { isEnough, type Role } from "../auth/roles.ts";
import { ADMIN_KINDS, EVENT_KINDS, type EventKind } from "../events/event.ts";
import type { Journal, JournalQuery } from "../events/journal.ts";
import { read } from "./define.ts";
import { type EventPageView, type EventView, eventView } from "./event_views.ts";
import type { Sight } from "../media/sight.ts";
import type { Hub } from "./hub.ts";
import type { Operation } from "./operation.ts";
import * as schemas from "./schemas.ts";

/** Events of one answer where nothing else is asked. */
export const DEFAULT_EVENTS = 100;

const number = z.int().min(0);
const event = z.object(
  {
    seq: number,
    change: number,
    camera_id: z.string().optional(),
    kind: z.enum(EVENT_KINDS),
    source: z.string(),
    started_at: z.string(),
    ended_at: z.string().optional(),
    device_at: z.string().optional().meta({ description: "By the camera's own clock" }),
    duration_s: z.number().optional(),
    count: number,
    active: z.boolean().meta({ description: "true: it goes on" }),
    details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional().meta({
      description: "score from 0 to 1: how sure the camera is",
    }),
    snapshot: z.string().optional().meta({ description: "Path of its picture, a small JPEG" }),
  } satisfies Record<keyof EventView, z.ZodType>,
);

const listEvents = read({
  name: "list_events",
  title: "List events",
  summary:
    "Lists what happened, such as motion, doorbells, lost connections, recordings and logins, newest first; " +
    "with after, what was written since, oldest first",
  guide: "Times are UTC. An event without ended_at goes on. camera_state tells that a camera came or went, " +
    "config_change that somebody changed settings; that and login are for administrators. Where snapshot is given, read the resource event://SEQ/snapshot " +
    "to see its picture",
  toolset: "events",
  http: { method: "GET", path: "/api/events", names: { camera: "camera_id" } },
  examples: [
    { title: "The last hour's motion", input: { kind: "motion", from: "2026-05-01T07:00:00Z" } },
    { title: "What is new since change 120", input: { after: 120 } },
  ],
  input: z.object({
    camera_id: idSchema.optional().meta({ description: "Only events of this camera, removed ones included" }),
    kind: z.enum(EVENT_KINDS).optional().meta({ description: "Only events of this kind" }),
    from: schemas.time.optional().meta({ description: "Only events that went on at this time or later" }),
    to: schemas.time.optional().meta({ description: "Only events that began before this time" }),
    after: number.optional().meta({
      description: "Only what was written after this change; go on with reached",
    }),
    before: number.optional().meta({
      description: "Only events with a smaller seq; for the next page, the seq of the last event",
    }),
    limit: z.int().min(1).max(1000).default(DEFAULT_EVENTS),
  }),
  output: z.object({
    success: schemas.success,
    events: z.array(event),
    change: number.meta({ description: "Where the journal stands; give it as after to get what comes next" }),
    oldest: number.meta({ description: "Changes up to here may be gone; a smaller after has missed some" }),
    more: z.boolean().meta({ description: "true: there are others beyond the limit" }),
    reached: number.optional().meta({
      description: "With after: all that is wanted up to this change was given; give it as the next after",
    }),
  }),
  run: async ({ hub, principal }, { camera_id, kind, from, to, after, before, limit }) => {
    if (after !== undefined && before !== undefined) {
      throw new HubError("invalid_input", "after and before cannot be given together", {
        hint: "Give before to page back from the newest, or after to follow what is written",
      });
    }
    const query = {
      camera: camera_id,
      kind,
      hidden: hiddenKinds(principal.role, kind),
      fromMs: schemas.epochMs(from),
      toMs: schemas.epochMs(to),
      after,
      before,
      limit,
    };
    return { success: true as const, ...await eventPage(hub.journal, query) };
  },
});

/**
 * The kinds of events that a role may not see; undefined where it may see all.
 * @throws HubError `forbidden` where it asks for one of them.
 */
export function hiddenKinds(role: Role, wanted?: EventKind): readonly EventKind[] | undefined {
  if (isEnough(role, "admin")) return undefined;
  if (wanted === undefined || !ADMIN_KINDS.includes(wanted)) return ADMIN_KINDS;
  throw new HubError("forbidden", `Events of the kind ${wanted} are for administrators`, {
    hint: `It needs the role admin; you have ${role}`,
    details: { needs_role: "admin" },
  });
}

/**
 * The picture of an event, with the privacy zones of now covered unless they may be seen.
 * @throws HubError `not_found` where there is no such event or no picture of it; what covering throws.
 */
export async function eventPicture(
  { journal, eventPictures, media }: Pick<Hub, "journal" | "eventPictures" | "media">,
  seq: number,
  { sight, signal }: { sight: Sight; signal: AbortSignal },
): Promise<Uint8Array<ArrayBuffer>> {
  const { camera, details } = await journal.get(seq);
  const id = details?.snapshot;
  if (typeof id !== "string") {
    throw new HubError("not_found", `Event ${seq} has no picture`, {
      hint: "One is kept when something is noticed at a camera whose stream runs at that moment",
    });
  }
  const bytes = await eventPictures.read(id);
  if (bytes) {
    return sight === "open" || camera === undefined ? bytes : await media.masked(camera, bytes, signal);
  }
  throw new HubError("not_found", `The picture of event ${seq} is no longer kept`, {
    hint: "The oldest go first; raise events.pictures_mb in the configuration to keep more",
  });
}

/** Events as they are shown. @throws HubError when the database cannot be read. */
export async function eventPage(
  journal: Pick<Journal, "list">,
  query: JournalQuery,
): Promise<EventPageView> {
  const { reached, ...page } = await journal.list(query);
  return { ...page, events: page.events.map(eventView), ...(reached === undefined ? {} : { reached }) };
}

export const EVENT_OPERATIONS: readonly Operation[] = [listEvents];
