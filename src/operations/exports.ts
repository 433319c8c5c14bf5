// Operations that make files of recordings to be taken away.
import { z } from "zod";
import { isoTime } from "../base/clock.ts";
import { isAbort } from "../base/errors.ts";
import { type Export, EXPORT_STATES } from "../recordings/export.ts";
import { read, write, writeOfCamera } from "./define.ts";
import type { Operation, OperationContext } from "./operation.ts";
import * as schemas from "./schemas.ts";
import { type ExportView, exportView } from "./timeline_views.ts";

const { count, success, time, verified } = schemas;
const text = z.string();

const view = {
  export_id: text,
  camera_id: text,
  from: text,
  to: text,
  state: z.enum(EXPORT_STATES),
  progress: z.number().meta({ description: "0 to 1" }),
  size_bytes: count,
  asked_at: text,
  expires_at: text.meta({ description: "When its file is removed" }),
  file_name: text,
  covered_s: z.number().optional().meta({ description: "How much of the time was recorded" }),
  gaps: z.array(z.object({ from: text, to: text })).optional().meta({ description: "Missing in the file" }),
  reason: text.optional().meta({ description: "Why it failed" }),
  links: z.object({ video: text, download: text }).optional().meta({ description: "Once it is done" }),
} satisfies Record<keyof ExportView, z.ZodType>;

/** The same, of which only what most ask for is described. */
const brief = z.looseObject({
  export_id: view.export_id,
  camera_id: view.camera_id,
  state: view.state,
  progress: view.progress,
  links: view.links,
});

const exportRecording = writeOfCamera({
  name: "export_recording",
  title: "Export recordings",
  summary: "Puts what was recorded in a stretch of time together as one MP4 to be downloaded",
  guide:
    "Nothing is encoded anew, so it begins at a key frame, up to a few seconds early. Answers at once and goes on " +
    "by itself: list_exports tells how far it is; wait: true answers when it is over. Kept for a day",
  toolset: "media",
  input: z.object({
    from: time,
    to: time,
    wait: z.boolean().default(false).meta({ description: "true: answer when it is over" }),
  }),
  output: z.object({ success, ...view, verified }),
  // Copying a day takes minutes on a slow disk.
  deadlineMs: 3_600_000,
  examples: [
    {
      title: "Ten minutes",
      input: { camera_id: "front-door", from: "2026-05-01T08:00:00Z", to: "2026-05-01T08:10:00Z" },
    },
  ],
  would: async ({ hub }, { camera_id, from, to }) => {
    const wish = wishOf(camera_id, from, to);
    const { coveredMs, sizeBytes, gaps } = await hub.exports.plan(wish);
    const missing = gaps.length === 0 ? "" : `; ${gaps.length} gaps are missing`;
    return `Export ${Math.round(coveredMs / 1000)} s of camera "${camera_id}", about ${
      (sizeBytes / 1e6).toFixed(1)
    } MB${missing}`;
  },
  run: async (context, { camera_id, from, to, wait }) => {
    const begun = await context.hub.exports.start(wishOf(camera_id, from, to));
    const made = wait ? await follow(context, begun) : begun;
    return {
      success: true as const,
      ...exportView(made),
      verified: made.state === "done" ? "readback" as const : "acknowledged" as const,
    };
  },
});

function wishOf(camera: string, from: string | number, to: string | number) {
  return { camera, fromMs: schemas.epochMs(from) ?? 0, toMs: schemas.epochMs(to) ?? 0 };
}

/** Tells how far it is; when the caller goes away meanwhile it is ended. @throws HubError why it failed. */
async function follow({ hub, signal, report }: OperationContext, begun: Export): Promise<Export> {
  let told = -1;
  try {
    const made = await hub.exports.follow(begun.id, ({ progress }) => {
      const percent = Math.floor(progress * 100);
      // Progress only ever grows.
      if (percent <= told) return;
      told = percent;
      report({ progress: percent, total: 100, message: `Put ${percent} % together` });
    }, signal);
    if (made.error) throw made.error;
    return made;
  } catch (error) {
    if (isAbort(error)) await hub.exports.remove(begun.id);
    throw error;
  }
}

const listExports = read({
  name: "list_exports",
  title: "List exports",
  summary: "Lists what was exported from recordings in the last day, and how far each export is",
  toolset: "media",
  input: z.object({}),
  output: z.object({ success, exports: z.array(brief), total: count }),
  http: { method: "GET", path: "/api/exports" },
  examples: [{ title: "All", input: {} }],
  run: async ({ hub }) => {
    const exports = (await hub.exports.list()).map((each) => ({ ...exportView(each) }));
    return { success: true as const, exports, total: exports.length };
  },
});

const deleteExport = write({
  name: "delete_export",
  title: "End or remove an export",
  summary: "Ends an export that is being made, or removes its file; the recordings stay",
  toolset: "media",
  input: z.object({ export_id: z.string().max(40).meta({ description: "An id of list_exports" }) }),
  output: z.object({ success, export_id: text, camera_id: text, state: z.enum(EXPORT_STATES), verified }),
  http: { method: "DELETE", path: "/api/exports/:export_id" },
  examples: [{ title: "Remove it", input: { export_id: "k3m9x2abc7qp" } }],
  would: async ({ hub }, { export_id }) => {
    const { camera, fromMs, state } = await hub.exports.get(export_id);
    return `${state === "done" ? "Remove" : "End"} the export of camera "${camera}" from ${isoTime(fromMs)}`;
  },
  run: async ({ hub }, { export_id }) => {
    const { id, camera, state } = await hub.exports.remove(export_id);
    return { success: true as const, export_id: id, camera_id: camera, state, verified: "readback" as const };
  },
});

export const EXPORT_OPERATIONS: readonly Operation[] = [exportRecording, listExports, deleteExport];
