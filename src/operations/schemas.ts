// Zod schemas that several operations share.
import { z } from "zod";
import { idSchema } from "../config/schema.ts";
import type { CameraDetailView, CameraView, DiscoveredView } from "./views.ts";

export const cameraId = idSchema.meta({ description: "Id of the camera, as list_cameras gives it" });
export const verified = z.enum(["readback", "acknowledged", "unverified"]).meta({
  description: "readback: read from the device after the change; acknowledged: the device said yes",
});

// Views are built by typed code; these schemas name their shape for the outside without checking it twice.
export const cameraView = z.custom<CameraView>((value) => typeof value === "object" && value !== null);
export const cameraDetailView = z.custom<CameraDetailView>((value) =>
  typeof value === "object" && value !== null
);
export const discoveredView = z.custom<DiscoveredView>((value) =>
  typeof value === "object" && value !== null
);

/** What every result begins with. */
export const success = z.literal(true);
