// Operations on the list of cameras: list, change, remove, start, stop, look up, find.
import { z } from "zod";
import { idSchema } from "../config/schema.ts";
import { carryOver, checkOptions, fixedByFile } from "../devices/camera_input.ts";
import { CAMERA_STATUSES } from "../devices/status.ts";
import { ADD_CAMERA_OPERATIONS } from "./add_camera.ts";
import { cameraDetailView, cameraView, discoveredView } from "./camera_views.ts";
import { read, readOfCamera, writeOfCamera } from "./define.ts";
import type { Operation } from "./operation.ts";
import { breakOfRecording, endOfRecording } from "./recording_effects.ts";
import * as schemas from "./schemas.ts";

const cameraResult = z.object({
  success: schemas.success,
  camera: schemas.cameraBrief,
  verified: schemas.verified,
});

const listCameras = read({
  name: "list_cameras",
  title: "List cameras",
  summary: "Lists every camera with its status, the reason when it is not online, and figures of its stream",
  guide: "Ask this first: it gives the ids that all else takes as camera_id, and what each camera can do",
  toolset: "cameras",
  input: z.object({
    type: z.string().optional().meta({ description: "Only cameras of this type, such as tapo or webcam" }),
    status: z.enum(CAMERA_STATUSES).optional().meta({ description: "Only cameras with this status" }),
  }),
  output: z.object({ success: schemas.success, cameras: z.array(schemas.cameraView), total: z.int() }),
  http: { method: "GET", path: "/api/cameras" },
  examples: [
    { title: "All cameras", input: {} },
    { title: "Cameras that are away", input: { status: "offline" } },
  ],
  run: ({ hub }, { type, status }) => {
    const cameras = hub.manager.cameras
      .map((camera) => cameraView(camera, hub))
      .filter((view) =>
        (type === undefined || view.type === type) && (status === undefined || view.status === status)
      );
    return Promise.resolve({ success: true as const, cameras, total: cameras.length });
  },
});

const updateCamera = writeOfCamera({
  name: "update_camera",
  title: "Change a camera",
  summary: "Changes a camera's name, options, or whether it is in use; null takes an option away",
  guide:
    "get_camera_info shows the options as they stand. A camera of the configuration file is changed there",
  toolset: "cameras",
  event: { kind: "config_change", what: "camera changed" },
  role: "admin",
  input: z.object({
    name: z.string().trim().min(1).max(100).optional().meta({ description: "Name shown to people" }),
    enabled: z.boolean().optional().meta({ description: "false: the hub lets go of the camera" }),
    options: z.record(z.string(), z.unknown()).optional().meta({
      description: "Only those that change",
    }),
  }),
  output: cameraResult,
  http: { method: "PATCH", path: "/api/cameras/:camera_id" },
  examples: [{ title: "Another name", input: { camera_id: "front-door", name: "Porch" } }],
  would: async ({ hub }, { camera_id, name, options, enabled }) => {
    const { spec, driver } = hub.manager.get(camera_id);
    if (spec.origin === "file" && (name !== undefined || options !== undefined)) {
      throw fixedByFile(camera_id, "changed");
    }
    if (options) checkOptions(driver, carryOver(driver, spec.options, options));
    const changes = Object.entries({ name, enabled, options }).filter(([, value]) => value !== undefined);
    const would = `Change ${changes.map(([key]) => key).join(", ") || "nothing"} of camera "${camera_id}"`;
    if (enabled === false) return would + await endOfRecording(hub, camera_id);
    return options ? would + await breakOfRecording(hub, camera_id) : would;
  },
  run: async ({ hub }, { camera_id, name, enabled, options }) => {
    const camera = await hub.catalog.change(camera_id, { name, enabled, options });
    return {
      success: true as const,
      camera: { ...cameraView(camera, hub) },
      verified: "acknowledged" as const,
    };
  },
});

const removeCamera = writeOfCamera({
  name: "remove_camera",
  title: "Remove a camera",
  summary: "Removes a camera from the hub; cameras of the configuration file are removed there",
  toolset: "cameras",
  event: { kind: "config_change", what: "camera removed" },
  effect: "destructive",
  role: "admin",
  input: z.object({}),
  output: schemas.done,
  http: { method: "DELETE", path: "/api/cameras/:camera_id" },
  examples: [{ title: "Remove it", input: { camera_id: "front-door", confirm: true } }],
  would: async ({ hub }, { camera_id }) => {
    const { spec } = hub.manager.get(camera_id);
    if (spec.origin === "file") throw fixedByFile(camera_id, "removed");
    return `Remove camera "${camera_id}" (${spec.name}) from the hub, with its options and passwords` +
      await endOfRecording(hub, camera_id);
  },
  run: async ({ hub }, { camera_id }) => {
    await hub.catalog.remove(camera_id);
    return { success: true as const, camera_id, verified: "acknowledged" as const };
  },
});

/** Starting and stopping differ in one word. */
function switchCamera(enabled: boolean): Operation {
  return writeOfCamera({
    name: enabled ? "connect_camera" : "disconnect_camera",
    title: enabled ? "Start a camera" : "Stop a camera",
    summary: enabled
      ? "Takes a stopped camera into use again, or tries at once to reach one that is away"
      : "Lets go of a camera until it is started again",
    toolset: "cameras",
    event: { kind: "config_change", what: enabled ? "camera started" : "camera stopped" },
    input: z.object({}),
    output: cameraResult,
    examples: [{ title: enabled ? "Start it" : "Stop it", input: { camera_id: "front-door" } }],
    would: async ({ hub }, { camera_id }) => {
      const { status } = hub.manager.get(camera_id).status;
      const would = `${enabled ? "Start" : "Stop"} camera "${camera_id}", which is ${status}`;
      return enabled ? would : would + await endOfRecording(hub, camera_id);
    },
    run: async ({ hub }, { camera_id }) => {
      const camera = await hub.catalog.change(camera_id, { enabled });
      if (enabled) {
        camera.wake(true);
        hub.media.find(camera_id)?.retryNow();
      }
      return {
        success: true as const,
        camera: { ...cameraView(camera, hub) },
        verified: "acknowledged" as const,
      };
    },
  });
}

const getCameraInfo = readOfCamera({
  name: "get_camera_info",
  title: "Camera details",
  summary: "Tells everything known of one camera: device, picture sizes, settings, options, stream figures",
  guide:
    "Asks the camera itself, so it may take seconds. settings are what set_camera_setting takes; controls " +
    "tell what its switches stand at; options (addresses, account names) are told to operators and admins; privacy has the zones of the " +
    "picture that are covered",
  toolset: "cameras",
  input: z.object({}),
  output: z.object({ success: schemas.success, camera: schemas.cameraDetailView }),
  http: { method: "GET", path: "/api/cameras/:camera_id", field: "camera" },
  examples: [{ title: "One camera", input: { camera_id: "front-door" } }],
  run: async ({ hub, principal: { role }, sight = "masked", signal }, { camera_id }) => {
    const camera = await cameraDetailView(hub.manager.get(camera_id), hub, { role, sight, signal });
    return { success: true as const, camera };
  },
});

const getCameraStatus = read({
  name: "get_camera_status",
  title: "Camera status",
  summary: "Tells the status of one camera or of all, with reason and since when",
  toolset: "cameras",
  input: z.object({
    camera_id: idSchema.optional().meta({ description: "Only this camera; otherwise all" }),
  }),
  output: z.object({ success: schemas.success, cameras: z.array(schemas.cameraBrief) }),
  examples: [{ title: "All cameras", input: {} }],
  run: ({ hub }, { camera_id }) => {
    const cameras = camera_id === undefined ? hub.manager.cameras : [hub.manager.get(camera_id)];
    return Promise.resolve({
      success: true as const,
      cameras: cameras.map((camera) => ({ ...cameraView(camera, hub) })),
    });
  },
});

const discoverDevices = read({
  name: "discover_devices",
  title: "Find devices",
  summary: "Looks for cameras that could be added; those in use name the camera that uses them",
  guide: "Searches the network and what is plugged in, which takes some seconds. Give a device's type and " +
    "options to add_camera, with what needs names",
  toolset: "cameras",
  role: "operator",
  input: z.object({
    type: z.string().optional().meta({ description: "Only devices of this type of camera" }),
  }),
  output: z.object({ success: schemas.success, devices: z.array(schemas.discoveredView) }),
  examples: [{ title: "Webcams only", input: { type: "webcam" } }],
  run: async ({ hub, signal, report }, { type }) => {
    const devices = await hub.catalog.discover(signal, type, ({ finished, total, title, found }) => {
      report({ progress: finished, total, message: `${title}: ${found} found` });
    });
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
