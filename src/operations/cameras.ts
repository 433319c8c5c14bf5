// Operations on the list of cameras: list, add, change, remove, start, stop, look up, find.
import { z } from "zod";
import { CAMERA_STATUSES } from "../devices/status.ts";
import { ADD_CAMERA_OPERATIONS } from "./add_camera.ts";
import { cameraDetailView, cameraView, discoveredView } from "./camera_views.ts";
import { type Operation, operation } from "./operation.ts";
import * as schemas from "./schemas.ts";

const name = z.string().trim().min(1).max(100).meta({ description: "Name shown to people" });
const cameraResult = z.object({
  success: schemas.success,
  camera: schemas.cameraView,
  verified: schemas.verified,
});

const listCameras = operation({
  name: "list_cameras",
  title: "List cameras",
  summary: "Lists every camera with its status, the reason when it is not online, and figures of its stream",
  effect: "read",
  input: z.strictObject({ type: z.string().optional(), status: z.enum(CAMERA_STATUSES).optional() }),
  output: z.object({ success: schemas.success, cameras: z.array(schemas.cameraView), total: z.int() }),
  run: ({ hub }, { type, status }) => {
    const cameras = hub.manager.cameras
      .map((camera) => cameraView(camera, hub))
      .filter((view) =>
        (type === undefined || view.type === type) && (status === undefined || view.status === status)
      );
    return Promise.resolve({ success: true as const, cameras, total: cameras.length });
  },
});

const updateCamera = operation({
  name: "update_camera",
  title: "Change a camera",
  summary: "Changes a camera's name, options, or whether it is in use; null takes an option away",
  effect: "write",
  input: z.strictObject({
    camera_id: schemas.cameraId,
    name: name.optional(),
    enabled: z.boolean().optional(),
    options: z.record(z.string(), z.unknown()).optional(),
  }),
  output: cameraResult,
  run: async ({ hub }, { camera_id, ...change }) => {
    const camera = await hub.catalog.change(camera_id, change);
    return { success: true as const, camera: cameraView(camera, hub), verified: "acknowledged" as const };
  },
});

const removeCamera = operation({
  name: "remove_camera",
  title: "Remove a camera",
  summary: "Removes a camera from the hub; cameras of the configuration file are removed there",
  effect: "destructive",
  input: z.strictObject({ camera_id: schemas.cameraId }),
  output: z.object({ success: schemas.success, camera_id: z.string(), verified: schemas.verified }),
  run: async ({ hub }, { camera_id }) => {
    await hub.catalog.remove(camera_id);
    return { success: true as const, camera_id, verified: "acknowledged" as const };
  },
});

/** Starting and stopping differ in one word. */
function switchCamera(enabled: boolean): Operation {
  return operation({
    name: enabled ? "connect_camera" : "disconnect_camera",
    title: enabled ? "Start a camera" : "Stop a camera",
    summary: enabled
      ? "Takes a stopped camera into use again"
      : "Lets go of a camera until it is started again",
    effect: "write",
    input: z.strictObject({ camera_id: schemas.cameraId }),
    output: cameraResult,
    run: async ({ hub }, { camera_id }) => {
      const camera = await hub.catalog.change(camera_id, { enabled });
      if (enabled) {
        camera.wake(true);
        hub.media.find(camera_id)?.retryNow();
      }
      return { success: true as const, camera: cameraView(camera, hub), verified: "acknowledged" as const };
    },
  });
}

const getCameraInfo = operation({
  name: "get_camera_info",
  title: "Camera details",
  summary: "Tells everything known of one camera: device, picture sizes, settings, options, stream figures",
  effect: "read",
  input: z.strictObject({ camera_id: schemas.cameraId }),
  output: z.object({ success: schemas.success, camera: schemas.cameraDetailView }),
  run: async ({ hub, signal }, { camera_id }) => {
    const camera = await cameraDetailView(hub.manager.get(camera_id), hub, signal);
    return { success: true as const, camera };
  },
});

const getCameraStatus = operation({
  name: "get_camera_status",
  title: "Camera status",
  summary: "Tells the status of one camera or of all, with reason and since when",
  effect: "read",
  input: z.strictObject({ camera_id: schemas.cameraId.optional() }),
  output: z.object({ success: schemas.success, cameras: z.array(schemas.cameraView) }),
  run: ({ hub }, { camera_id }) => {
    const cameras = camera_id === undefined ? hub.manager.cameras : [hub.manager.get(camera_id)];
    return Promise.resolve({
      success: true as const,
      cameras: cameras.map((camera) => cameraView(camera, hub)),
    });
  },
});

const discoverDevices = operation({
  name: "discover_devices",
  title: "Find devices",
  summary: "Looks for cameras that could be added; those in use name the camera that uses them",
  effect: "read",
  input: z.strictObject({ type: z.string().optional() }),
  output: z.object({ success: schemas.success, devices: z.array(schemas.discoveredView) }),
  run: async ({ hub, signal }, { type }) => {
    const devices = await hub.catalog.discover(signal, type);
    return { success: true as const, devices: devices.map(discoveredView) };
  },
});

export const CAMERA_OPERATIONS: readonly Operation[] = [
  listCameras,
  ...ADD_CAMERA_OPERATIONS,
  updateCamera,
  removeCamera,
  switchCamera(true),
  switchCamera(false),
  getCameraInfo,
  getCameraStatus,
  discoverDevices,
];
