// Operations on what a camera stores by itself: its card, and what it recorded there.
import { z } from "zod";
import { HubError } from "../base/errors.ts";
import type { DeviceStorage, StorageMedium } from "../devices/capabilities.ts";
import { readOfCamera, writeOfCamera } from "./define.ts";
import type { Operation, OperationContext } from "./operation.ts";
import * as schemas from "./schemas.ts";

const { done } = schemas;

const formatStorage = writeOfCamera({
  name: "format_camera_storage",
  title: "Erase a camera's card",
  summary:
    "Formats a card in the camera: every recording on it is lost. storage_id may be left out where there " +
    "is one card",
  toolset: "system",
  effect: "destructive",
  role: "admin",
  input: z.object({
    storage_id: z.string().optional().meta({ description: "Which card, as get_camera_info lists them" }),
  }),
  output: done.extend({ storage_id: z.string(), state: z.string().optional() }),
  examples: [{ title: "Erase the only card", input: { camera_id: "front-door", confirm: true } }],
  would: async (context, { camera_id, storage_id }) => {
    const { id } = await chooseCard(context, camera_id, storage_id);
    return `Erase card ${id} of camera "${camera_id}": every recording on it would be lost`;
  },
  run: async (context, { camera_id, storage_id }) => {
    const { storage, id } = await chooseCard(context, camera_id, storage_id);
    await storage.format(id, context.signal);
    const state = await stateAfter(storage, id, context.signal);
    const isDone = state === "formatting" || state === "normal";
    return {
      success: true as const,
      camera_id,
      storage_id: id,
      ...(state === undefined ? {} : { state }),
      verified: isDone ? "readback" as const : "acknowledged" as const,
    };
  },
});

async function chooseCard({ hub, signal }: OperationContext, cameraId: string, wanted: string | undefined) {
  const storage = await requireStorage(hub.manager.requireSoon(cameraId, "storage", signal), "format");
  return { storage, id: chooseMedium(await storage.media(signal, { isCommand: true }), wanted, cameraId) };
}

/** @throws HubError `not_found` for one that is not there, `invalid_input` where the one meant is not clear. */
function chooseMedium(media: readonly StorageMedium[], wanted: string | undefined, cameraId: string): string {
  const ids = media.map(({ id }) => id);
  if (wanted !== undefined && ids.includes(wanted)) return wanted;
  const [only, ...more] = ids;
  if (only === undefined) throw new HubError("not_found", `Camera "${cameraId}" tells of no card`);
  if (wanted === undefined && more.length === 0) return only;
  const hint = `storage_id is one of: ${ids.join(", ")}`;
  if (wanted !== undefined) {
    throw new HubError("not_found", `Camera "${cameraId}" has no card "${wanted}"`, { hint });
  }
  throw new HubError("invalid_input", `Camera "${cameraId}" has ${ids.length} cards: say which`, { hint });
}

/** A card that is being erased may not tell of itself: that is no failure of erasing it. */
async function stateAfter(
  storage: DeviceStorage,
  id: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    return (await storage.media(signal, { isCommand: true })).find((each) => each.id === id)?.state;
  } catch (error) {
    if (error instanceof HubError) return undefined;
    throw error;
  }
}

const listCameraRecordings = readOfCamera({
  name: "list_camera_recordings",
  title: "Recordings on a camera's card",
  summary:
    "Lists what the camera itself has recorded on a day (YYYY-MM-DD), or the days of a month (YYYY-MM)",
  guide: "Not the hub's own recordings. Days are those of the camera's time zone; times come as UTC",
  toolset: "media",
  input: z.object({
    day: z.string().regex(/^\d{4}-\d{2}(-\d{2})?$/, "Expected YYYY-MM-DD or YYYY-MM").meta({
      description: "YYYY-MM-DD: recordings of the day; YYYY-MM: days of the month that have some",
    }),
  }),
  output: z.object({
    success: schemas.success,
    camera_id: z.string(),
    days: z.array(z.string()).optional(),
    recordings: z.array(z.object({ start: z.string(), end: z.string(), kind: z.string().optional() }))
      .optional(),
  }),
  examples: [{ title: "A day", input: { camera_id: "front-door", day: "2026-05-01" } }],
  run: async ({ hub, signal }, { camera_id, day }) => {
    const storage = hub.manager.requireSoon(camera_id, "storage", signal);
    if (day.length === 7) {
      const days = await (await requireStorage(storage, "days")).days(day, signal);
      return { success: true as const, camera_id, days };
    }
    const found = await (await requireStorage(storage, "recordings")).recordings(day, signal);
    const recordings = found.map(({ startMs, endMs, kind }) => ({
      start: new Date(startMs).toISOString(),
      end: new Date(endMs).toISOString(),
      ...(kind === undefined ? {} : { kind }),
    }));
    return { success: true as const, camera_id, recordings };
  },
});

/** A camera may tell of its card without being able to do everything with it. */
async function requireStorage<K extends "format" | "days" | "recordings">(
  asked: Promise<DeviceStorage>,
  part: K,
): Promise<DeviceStorage & Required<Pick<DeviceStorage, K>>> {
  const storage = await asked;
  if (storage[part]) return storage as DeviceStorage & Required<Pick<DeviceStorage, K>>;
  throw new HubError("unsupported", `The camera's card has no ${part} that the hub could ask for`);
}

export const CAMERA_STORAGE_OPERATIONS: readonly Operation[] = [formatStorage, listCameraRecordings];
