// Setting the parts of a camera's picture that nobody below administrator sees.
import { z } from "zod";
import { privacyRules, zoneSchema } from "../config/camera_rules.ts";
import { HubError } from "../base/errors.ts";
import type { PrivacyRules } from "../media/masked.ts";
import { writeOfCamera } from "./define.ts";
import type { Hub } from "./hub.ts";
import type { Operation } from "./operation.ts";
import { done } from "./schemas.ts";

const { zones, style } = privacyRules.shape;

const setPrivacyZones = writeOfCamera({
  name: "set_privacy_zones",
  title: "Set privacy zones",
  summary:
    "Covers parts of a camera's picture for all but administrators, MCP clients and alerts always included",
  guide:
    "Replaces all zones of the camera; [] uncovers the whole picture. Only when the user asks for it: what is " +
    "uncovered can be seen at once. Corners are shares of the picture from its upper left. Sound is not covered. " +
    "get_camera_info shows the zones as they stand",
  toolset: "system",
  effect: "destructive",
  role: "admin",
  event: { kind: "config_change", what: "privacy zones of the camera changed" },
  input: z.object({
    zones: zones.removeDefault().meta({ description: "All zones, each a polygon; []: none" }),
    style: style.removeDefault().optional().meta({
      description:
        "black hides for certain; blur still tells colours and that something moves. Left out: as it is",
    }),
  }),
  output: done.extend({ zones: z.array(zoneSchema), style: z.enum(["black", "blur"]) }),
  examples: [{
    title: "The neighbour's window, upper right",
    input: {
      camera_id: "front-door",
      zones: [{
        name: "Window",
        points: [{ x: 0.7, y: 0 }, { x: 1, y: 0 }, { x: 1, y: 0.4 }, { x: 0.7, y: 0.4 }],
      }],
      style: "black",
      confirm: true,
    },
  }],
  would: ({ hub }, { camera_id, ...wanted }) => {
    hub.manager.get(camera_id);
    const next = hub.rules.preview(camera_id, "privacy", changeOf(wanted));
    const { length: before } = hub.rules.of(camera_id).privacy.zones;
    const { length: after } = next.zones;
    const what = after === 0
      ? `Uncover the whole picture of camera "${camera_id}" for everybody`
      : `Cover ${countOf(after)} of camera "${camera_id}" (${next.style})`;
    return `${what}; now ${before === 0 ? "nothing is covered" : `${countOf(before)} covered`}`;
  },
  run: async ({ hub }, { camera_id, ...wanted }) => {
    hub.manager.get(camera_id);
    const after = await hub.rules.change(camera_id, "privacy", changeOf(wanted));
    requireInForce(hub, camera_id, after);
    return { success: true as const, camera_id, ...after, verified: "readback" as const };
  },
});

const countOf = (zones: number): string => zones === 1 ? "1 zone" : `${zones} zones`;

function changeOf(
  { zones, style }: Pick<PrivacyRules, "zones"> & { style?: PrivacyRules["style"] | undefined },
) {
  return { zones, ...(style === undefined ? {} : { style }) };
}

/** Looks at what the streams cover now, not at what was written. @throws HubError `internal`. */
function requireInForce({ media, manager }: Hub, cameraId: string, wanted: PrivacyRules): void {
  // Removed meanwhile: then nothing is streamed.
  if (!manager.find(cameraId)) return;
  const now = media.find(cameraId)?.maskFor("masked");
  const isSame = wanted.zones.length === 0
    ? now === undefined
    : JSON.stringify(now) === JSON.stringify(wanted);
  if (isSame) return;
  throw new HubError("internal", `The privacy zones of camera "${cameraId}" were kept, but are not in force`);
}

export const PRIVACY_ZONE_OPERATIONS: readonly Operation[] = [setPrivacyZones];
